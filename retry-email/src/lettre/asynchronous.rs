use std::pin::Pin;

use ::lettre::AsyncTransport;
use ::lettre::address::Envelope;
use async_trait::async_trait;
use retry_core::{Cut, ErrorClassifier, Extra, GaveUp, ObserveError, Reject, Retry, RetryPolicy, Sleeper, StopSignal};

use super::transport::RetryTransport;

/// One attempt, as lettre's trait returns it.
type Attempt<'a, T> =
    Pin<Box<dyn Future<Output = Result<<T as AsyncTransport>::Ok, <T as AsyncTransport>::Error>> + Send + 'a>>;

/// Waits between attempts by the retrier's sleeper. A timeout or deadline on the retrier cuts the running attempt.
///
/// The last bound says that a cut attempt is `Send`, as lettre's trait asks; it holds whenever the sleep is.
#[cfg_attr(docsrs, doc(cfg(feature = "lettre")))]
#[async_trait]
impl<T, P, S, C, O, X> AsyncTransport for RetryTransport<T, Retry<P, S, C, O, X>>
where
    T: AsyncTransport + Sync,
    P: RetryPolicy + Sync,
    S: Sleeper<Sleep: Send> + Sync,
    C: ErrorClassifier<T::Error> + Sync,
    O: ObserveError<T::Error> + Sync,
    X: Extra<Limit: Cut<S>, Reject: Reject<T::Ok>, History: Send, Stop: StopSignal<Stopped: Send>> + Sync,
    for<'a> <X::Limit as Cut<S>>::Running<Attempt<'a, T>>: Send,
{
    type Ok = T::Ok;
    type Error = GaveUp<T::Error, <X::Reject as Reject<T::Ok>>::Rejected, X::History>;

    async fn send_raw(&self, envelope: &Envelope, email: &[u8]) -> Result<Self::Ok, Self::Error> {
        self.retry.call(|| self.transport.send_raw(envelope, email)).await
    }

    async fn shutdown(&self) {
        self.transport.shutdown().await;
    }
}
