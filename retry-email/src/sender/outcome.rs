use std::fmt;
use std::time::Duration;

use retry_core::{Class, StopReason};

use crate::{Action, Address, Reason, Stage};

/// What is to be done with a mail that may have arrived although no reply to its final dot came (RFC 1047).
///
/// | | the server took it | the server did not | the recipient ends as |
/// |---|---|---|---|
/// | `Hold` (default) | arrived once | lost, unless somebody looks into it | [`State::Unknown`] |
/// | `Resend` | arrived twice | arrived once | [`State::Delivered`] if a later attempt delivers it, else [`State::Unknown`] |
/// | `AssumeSent` | arrived once | lost, and nobody knows | [`State::Delivered`] |
///
/// ```
/// assert_eq!(retry_email::WhenInDoubt::default(), retry_email::WhenInDoubt::Hold);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum WhenInDoubt {
    /// Stops, and says so.
    #[default]
    Hold,
    /// Sends it again, as the policy says. Many receivers drop a second copy with the same Message-ID.
    Resend,
    /// Takes it for delivered.
    AssumeSent,
}

/// How a recipient ended.
///
/// ```
/// assert_eq!(retry_email::State::Deferred.as_str(), "deferred");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum State {
    /// A server took the mail.
    Delivered,
    /// Not yet: the policy ended before a server took it, and a later attempt may succeed.
    Deferred,
    /// No attempt can succeed.
    Failed,
    /// It may have arrived; nobody knows. So ends whatever was once in doubt and not delivered by a later attempt.
    Unknown,
}

impl State {
    /// The name in lower case.
    ///
    /// ```
    /// assert_eq!(retry_email::State::Unknown.as_str(), "unknown");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// What a sending came to: one entry a recipient, in the envelope's order.
///
/// ```
/// assert!(retry_email::Sent::default().recipients.is_empty());
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Sent {
    /// Each recipient's end, with every attempt.
    pub recipients: Vec<SentTo>,
}

impl Sent {
    /// Whether all were delivered.
    ///
    /// ```
    /// assert!(retry_email::Sent::default().is_delivered());
    /// ```
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        self.recipients.iter().all(|recipient| recipient.state == State::Delivered)
    }
}

/// A recipient's end.
///
/// ```
/// fn last_word(recipient: &retry_email::SentTo) -> &str {
///     recipient.attempts.last().map_or("never tried", |attempt| &attempt.text)
/// }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SentTo {
    /// Who.
    pub address: Address,
    /// How it ended.
    pub state: State,
    /// Why nothing more was tried; `None` if it was delivered, and where there is no host.
    pub stopped: Option<StopReason>,
    /// What was tried, oldest first.
    pub attempts: Vec<Tried>,
}

/// One attempt at one host, for one recipient. What an [observer](crate::Sender::observe) is shown as the error; `Display` writes it in
/// a line. No credentials are in it.
///
/// ```
/// fn is_ours_to_fix(tried: &retry_email::Tried) -> bool {
///     tried.class == Some(retry_core::Class::Misconfigured)
/// }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Tried {
    /// For whom.
    pub recipient: Address,
    /// Which attempt, from 1. Several hosts can be tried in one.
    pub attempt: u32,
    /// When, counted from the beginning.
    pub at: Duration,
    /// Host and port.
    pub host: String,
    /// At what the mail was answered, or got lost.
    pub stage: Stage,
    /// What it means; `None`: it was delivered.
    pub class: Option<Class>,
    /// What it calls for.
    pub action: Action,
    /// Why, as far as the answer says.
    pub reason: Reason,
    /// The rule that decided.
    pub rule: String,
    /// The reply, or what happened instead.
    pub text: String,
    /// Somebody should look at it: it is no ordinary failure, or does not pass by itself (blocklisted, login refused, out of turn).
    pub alert: bool,
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { recipient, host, stage, reason, text, alert, .. } = self;
        let alert = if *alert { ", needs attention" } else { "" };
        write!(f, "{recipient}: {text} ({stage} at {host}, {reason}{alert})")
    }
}
