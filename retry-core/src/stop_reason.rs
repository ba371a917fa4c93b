//! Why a run ended.

use std::fmt;

/// Why a run ended without success.
///
/// ```
/// use retry_core::StopReason;
///
/// assert_eq!(StopReason::HintTooFar.as_str(), "hint_too_far");
/// assert_eq!(StopReason::Attempts.to_string(), "no attempts left");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum StopReason {
    /// The attempt limit, in total or of the class, was reached.
    Attempts,
    /// The schedule ended.
    Schedule,
    /// No time is left, or the next attempt could not start in time.
    Deadline,
    /// The retry budget is empty.
    Budget,
    /// The circuit breaker is open.
    Breaker,
    /// The destination throttles, and the wait for a place would be too long.
    Pacing,
    /// The error is permanent.
    Permanent,
    /// The error will not pass soon, and the policy has nothing for its class.
    Persistent,
    /// We are misconfigured, and the policy has nothing for that.
    Misconfigured,
    /// The failed attempt may have taken effect, and the policy does nothing twice.
    UnknownOutcome,
    /// A graceful stop was asked for.
    Cancelled,
    /// The peer asked for more patience than the policy has.
    HintTooFar,
    /// The request cannot be sent a second time (feature `tower`).
    Unrepeatable,
    /// The service takes no further request (feature `tower`).
    Closed,
}

impl StopReason {
    /// The name in lower snake case, as in metrics and stored data.
    ///
    /// ```
    /// assert_eq!(retry_core::StopReason::Deadline.as_str(), "deadline");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attempts => "attempts",
            Self::Schedule => "schedule",
            Self::Deadline => "deadline",
            Self::Budget => "budget",
            Self::Breaker => "breaker",
            Self::Pacing => "pacing",
            Self::Permanent => "permanent",
            Self::Persistent => "persistent",
            Self::Misconfigured => "misconfigured",
            Self::UnknownOutcome => "unknown_outcome",
            Self::Cancelled => "cancelled",
            Self::HintTooFar => "hint_too_far",
            Self::Unrepeatable => "unrepeatable",
            Self::Closed => "closed",
        }
    }

    /// Whether [`or_else`](crate::RetryPolicy::or_else) asks the other policy after this one: only when attempts or
    /// schedule ran out; all other reasons are final.
    ///
    /// ```
    /// use retry_core::StopReason;
    /// assert!(StopReason::Schedule.is_exhaustion());
    /// assert!(!StopReason::Deadline.is_exhaustion());
    /// ```
    #[must_use]
    pub const fn is_exhaustion(self) -> bool {
        matches!(self, Self::Attempts | Self::Schedule)
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Attempts => "no attempts left",
            Self::Schedule => "the schedule has ended",
            Self::Deadline => "no time left",
            Self::Budget => "the retry budget is empty",
            Self::Breaker => "the circuit breaker is open",
            Self::Pacing => "the wait for a place at a destination that throttles would be too long",
            Self::Permanent => "the error is permanent",
            Self::Persistent => "the error will not pass soon",
            Self::Misconfigured => "our configuration is at fault",
            Self::UnknownOutcome => "the outcome is unknown, and a retry could do it twice",
            Self::Cancelled => "stopped on request",
            Self::HintTooFar => "the peer asked for a longer wait than the policy allows",
            Self::Unrepeatable => "the request cannot be sent a second time",
            Self::Closed => "the service takes no further request",
        })
    }
}
