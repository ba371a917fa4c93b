//! lettre's addresses and messages, as our sender takes them.

use ::lettre::address::Envelope as LettreEnvelope;
use ::lettre::{Address as LettreAddress, Message};
use retry_core::{RetryPolicy, Sleeper};

use crate::{Address, BlockingSender, Envelope, InvalidAddress, Sender, Sent};

/// An address that lettre takes and an SMTP command cannot carry. Nothing was tried.
///
/// lettre takes tabs in a quoted name, and angle brackets in a domain in brackets, which would break out of the command.
///
/// ```
/// use retry_email::Envelope;
/// use retry_email::lettre::lettre::address::{Address, Envelope as LettreEnvelope};
///
/// let odd = Address::new("bob", "[a>b]")?;
/// let error = Envelope::try_from(&LettreEnvelope::new(None, vec![odd])?).unwrap_err();
/// assert_eq!(error.to_string(), r#"the address "bob@[a>b]" cannot be sent"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[error("the address {address:?} cannot be sent")]
pub struct UnfitAddress {
    /// The address as lettre has it.
    pub address: String,
    /// Why.
    pub source: InvalidAddress,
}

/// From the same sender to the same recipients in the same order, without parameters.
impl TryFrom<&LettreEnvelope> for Envelope {
    type Error = UnfitAddress;

    fn try_from(envelope: &LettreEnvelope) -> Result<Self, UnfitAddress> {
        let from = envelope.from().map(address).transpose()?;
        let begun = from.map_or_else(Self::from_nobody, Self::new);
        envelope.to().iter().try_fold(begun, |begun, to| Ok(begun.to(address(to)?)))
    }
}

fn address(address: &LettreAddress) -> Result<Address, UnfitAddress> {
    let text: &str = address.as_ref();
    text.parse().map_err(|source| UnfitAddress { address: text.to_owned(), source })
}

impl<P: RetryPolicy, S: Sleeper + Clone> Sender<P, S> {
    /// [`send`](Self::send) of a message that lettre has built, to the recipients that it names.
    ///
    /// The message goes as lettre writes it: without `Bcc`, unless it was told to keep that field, with `Date`, and with a
    /// Message-ID if the builder was asked for one. Ask for one (`message_id(None)`): receivers tell copies by it.
    ///
    /// # Errors
    /// [`UnfitAddress`]; nothing was tried then. Whatever comes later is in the [`Sent`].
    ///
    /// # Cancel safety
    /// That of [`send`](Self::send).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use retry_core::Policy;
    /// use retry_email::lettre::lettre::Message;
    /// use retry_email::{Endpoint, Sender, Tls};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
    /// let policy = Policy::constant(Duration::from_secs(5)).attempts(3);
    /// let sender = Sender::new(policy).host(Endpoint::new(server.host(), server.port()).tls(Tls::Off));
    /// let message = Message::builder()
    ///     .message_id(None)
    ///     .from("alice@example.org".parse()?)
    ///     .to("bob@example.net".parse()?)
    ///     .body(String::from("Hello, Bob"))?;
    /// assert!(sender.send_message(&message).await?.is_delivered());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send_message(&self, message: &Message) -> Result<Sent, UnfitAddress> {
        let envelope = Envelope::try_from(message.envelope())?;
        Ok(self.send(&envelope, &message.formatted()).await)
    }
}

impl<P: RetryPolicy + Send + Sync, S: Sleeper + Clone + Send + Sync> BlockingSender<P, S> {
    /// [`Sender::send_message`], blocking.
    ///
    /// # Errors
    /// [`UnfitAddress`]; nothing was tried then.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use retry_core::Policy;
    /// use retry_email::lettre::lettre::Message;
    /// use retry_email::{BlockingSender, Sender, State};
    ///
    /// // It has no host.
    /// let sender = BlockingSender::new(Sender::new(Policy::constant(Duration::ZERO)))?;
    /// let message = Message::builder()
    ///     .from("alice@example.org".parse()?)
    ///     .to("bob@example.net".parse()?)
    ///     .body(String::from("Hello, Bob"))?;
    /// assert_eq!(sender.send_message(&message)?.recipients[0].state, State::Deferred);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn send_message(&self, message: &Message) -> Result<Sent, UnfitAddress> {
        let envelope = Envelope::try_from(message.envelope())?;
        Ok(self.send(&envelope, &message.formatted()))
    }
}
