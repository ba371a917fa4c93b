use ::lettre::Transport;
use ::lettre::address::Envelope;
use retry_core::{BlockingSleeper, ErrorClassifier, Extra, GaveUp, ObserveError, Reject, Retry, RetryPolicy};

use super::transport::RetryTransport;

/// Blocks the calling thread between attempts. A running attempt cannot be cut here: lettre's own `.timeout(..)` of a
/// blocking transport limits each read and write.
impl<T, P, S, C, O, X> Transport for RetryTransport<T, Retry<P, S, C, O, X>>
where
    T: Transport,
    P: RetryPolicy,
    S: BlockingSleeper,
    C: ErrorClassifier<T::Error>,
    O: ObserveError<T::Error>,
    X: Extra<Reject: Reject<T::Ok>>,
{
    type Ok = T::Ok;
    type Error = GaveUp<T::Error, <X::Reject as Reject<T::Ok>>::Rejected, X::History>;

    fn send_raw(&self, envelope: &Envelope, email: &[u8]) -> Result<Self::Ok, Self::Error> {
        self.retry.call_blocking(|| self.transport.send_raw(envelope, email))
    }

    fn shutdown(&self) {
        self.transport.shutdown();
    }
}
