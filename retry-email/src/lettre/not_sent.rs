use crate::{Sent, State};

use super::UnfitAddress;

/// Why lettre's `send`, served by our sender, is no success: not every recipient was delivered.
///
/// lettre's traits know one result for a message, which may have gone to some of its recipients. So success means all, and what
/// is less carries each recipient's end. **Do not send the whole message again after a partial delivery**: those who have it would
/// get it twice. Send it to those who are deferred; those who failed need another address, and with those who are unknown
/// somebody, or [`WhenInDoubt`](crate::WhenInDoubt), has to decide.
///
/// ```
/// use std::time::Duration;
///
/// use retry_core::Policy;
/// use retry_email::lettre::NotSent;
/// use retry_email::lettre::lettre::{AsyncTransport, address::Envelope};
/// use retry_email::{Endpoint, Sender, State, Tls};
/// use testkit::smtp::{Dialogue, Script, SmtpServer, Stage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // A server that knows Bob and not Carol.
/// let script = Dialogue::new().on(Stage::Rcpt.recipient("carol@example.net"), "550 5.1.1 no such user");
/// let server = SmtpServer::start(Script::new().connection(script))?;
/// let endpoint = Endpoint::new(server.host(), server.port()).tls(Tls::Off);
/// let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(3)).host(endpoint);
///
/// let envelope = Envelope::new(None, vec!["bob@example.net".parse()?, "carol@example.net".parse()?])?;
/// let Err(NotSent::Undelivered(sent)) = sender.send_raw(&envelope, b"Subject: hello\r\n\r\n").await else {
///     panic!("Carol has no mailbox");
/// };
/// assert_eq!(sent.recipients[0].state, State::Delivered);
/// assert_eq!(sent.recipients[1].state, State::Failed);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotSent {
    /// An address cannot be sent; nothing was tried.
    #[error(transparent)]
    Unfit(#[from] UnfitAddress),
    /// Not all recipients were delivered; some may have been.
    #[error("{}", summary(.0))]
    Undelivered(Sent),
}

impl NotSent {
    /// Each recipient's end; `None` if nothing was tried.
    ///
    /// ```
    /// use retry_email::{Sent, lettre::NotSent};
    ///
    /// assert_eq!(NotSent::Undelivered(Sent::default()).sent(), Some(&Sent::default()));
    /// ```
    #[must_use]
    pub const fn sent(&self) -> Option<&Sent> {
        match self {
            Self::Undelivered(sent) => Some(sent),
            Self::Unfit(_) => None,
        }
    }

    pub(super) fn unless_delivered(sent: Sent) -> Result<Sent, Self> {
        if sent.is_delivered() { Ok(sent) } else { Err(Self::Undelivered(sent)) }
    }
}

/// The numbers, and the first recipient that was not delivered.
fn summary(sent: &Sent) -> String {
    let mut undelivered = sent.recipients.iter().filter(|one| one.state != State::Delivered);
    let first = undelivered.next().map_or_else(String::new, |one| {
        let why = one.attempts.last().map_or("never tried", |tried| &tried.text);
        format!("; {} is {}: {why}", one.address, one.state.as_str())
    });
    let missing = undelivered.count() + usize::from(!first.is_empty());
    format!("not delivered to {missing} of {} recipients{first}", sent.recipients.len())
}
