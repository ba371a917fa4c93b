//! Our own sender behind lettre's traits.

#[cfg(feature = "lettre")]
use ::lettre::AsyncTransport;
use ::lettre::Transport;
use ::lettre::address::Envelope as LettreEnvelope;
#[cfg(feature = "lettre")]
use async_trait::async_trait;
use retry_core::{RetryPolicy, Sleeper};

use super::NotSent;
use crate::{BlockingSender, Envelope, Sent};

/// Ok if every recipient was delivered; else the error carries each one's end ([`NotSent`]).
///
/// `Sender` has a `send` of its own, which comes first: lettre's is `AsyncTransport::send(&sender, message)`.
/// `shutdown` says `QUIT` on the idle connections; the sender can be used after it.
#[cfg(feature = "lettre")]
#[cfg_attr(docsrs, doc(cfg(all(feature = "lettre", feature = "smtp"))))]
#[async_trait]
impl<P, S> AsyncTransport for crate::Sender<P, S>
where
    P: RetryPolicy + Send + Sync,
    S: Sleeper<Sleep: Send> + Clone + Send + Sync,
{
    type Ok = Sent;
    type Error = NotSent;

    async fn send_raw(&self, envelope: &LettreEnvelope, email: &[u8]) -> Result<Sent, NotSent> {
        let envelope = Envelope::try_from(envelope)?;
        NotSent::unless_delivered(Self::send(self, &envelope, email).await)
    }

    async fn shutdown(&self) {
        self.close().await;
    }
}

/// Ok if every recipient was delivered; else the error carries each one's end ([`NotSent`]).
///
/// `BlockingSender` has a `send` of its own, which comes first: lettre's is `Transport::send(&sender, &message)`.
#[cfg_attr(docsrs, doc(cfg(all(feature = "lettre-blocking", feature = "smtp"))))]
impl<P, S> Transport for BlockingSender<P, S>
where
    P: RetryPolicy + Send + Sync,
    S: Sleeper + Clone + Send + Sync,
{
    type Ok = Sent;
    type Error = NotSent;

    fn send_raw(&self, envelope: &LettreEnvelope, email: &[u8]) -> Result<Sent, NotSent> {
        let envelope = Envelope::try_from(envelope)?;
        NotSent::unless_delivered(Self::send(self, &envelope, email))
    }

    fn shutdown(&self) {
        self.close();
    }
}
