//! The end without an answer.

use std::error::Error;
use std::fmt;

use retry_core::StopReason;

use crate::Exhausted;
use crate::http::StatusCode;

/// A request got no answer that could be handed on.
///
/// ```
/// use retry_core::StopReason;
/// use retry_http::{Ended, RetryError};
///
/// fn describe(error: &RetryError<std::io::Error>) -> &'static str {
///     match error.ended {
///         Ended::Policy(StopReason::UnknownOutcome) => "look it up before you send it again",
///         Ended::BodyUsedUp => "give a body that can be sent again",
///         _ => "down",
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct RetryError<E> {
    /// The service's last error; `None` where an attempt was cut by a timeout, or where there was an answer after all whose
    /// request cannot be repeated.
    pub last: Option<E>,
    /// The last answer's status, where the end is not the answer's own fault.
    pub status: Option<StatusCode>,
    /// Why there was no further attempt.
    pub ended: Ended,
    /// Attempts made.
    pub attempts: u32,
}

/// Why a request was not repeated, or not again.
///
/// ```
/// use retry_core::StopReason;
/// use retry_http::Ended;
///
/// assert_eq!(Ended::Policy(StopReason::Attempts).to_string(), "no attempts left");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Ended {
    /// The policy's reason.
    Policy(StopReason),
    /// A limit by category.
    Category(Exhausted),
    /// The body can be sent once only.
    BodyUsedUp,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(reason) => reason.fmt(f),
            Self::Category(exhausted) => exhausted.fmt(f),
            Self::BodyUsedUp => {
                f.write_str("the body can be sent once only; give one that can be cloned, or a way to make it anew")
            }
        }
    }
}

impl<E> RetryError<E> {
    /// The service was not ready, and no request is concerned.
    pub(crate) const fn unready(error: E) -> Self {
        Self { last: Some(error), status: None, ended: Ended::Policy(StopReason::Permanent), attempts: 0 }
    }
}

impl<E> fmt::Display for RetryError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.attempts == 1 { "" } else { "s" };
        write!(f, "gave up after {} attempt{plural}: {}", self.attempts, self.ended)?;
        match self.status {
            Some(status) => write!(f, " (the last answer was {})", status.as_u16()),
            None => Ok(()),
        }
    }
}

impl<E: Error + 'static> Error for RetryError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.last.as_ref().map(|error| error as _)
    }
}
