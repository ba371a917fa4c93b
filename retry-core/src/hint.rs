//! Server-directed delays.

use std::time::Duration;

/// Where a hint came from.
///
/// ```
/// assert_eq!(retry_core::HintSource::RetryAfter.as_str(), "retry_after");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum HintSource {
    /// A Retry-After header (RFC 9110 section 10.2.3) or the like.
    RetryAfter,
    /// A rate-limit header.
    RateLimit,
    /// Push-back by the callee, such as gRPC's `grpc-retry-pushback-ms`.
    PushBack,
    /// The text of a reply, such as a greylisting server's "try again in 300 seconds".
    Text,
}

impl HintSource {
    /// The name in lower snake case.
    ///
    /// ```
    /// assert_eq!(retry_core::HintSource::Text.as_str(), "text");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RetryAfter => "retry_after",
            Self::RateLimit => "rate_limit",
            Self::PushBack => "push_back",
            Self::Text => "text",
        }
    }

    /// Whether the peer asks for it, and does not only tell what its limits are.
    const fn is_request(self) -> bool {
        !matches!(self, Self::RateLimit)
    }
}

/// "Not before": what the peer asked for, counted from the failure.
///
/// ```
/// use retry_core::{Hint, HintSource};
/// use std::time::Duration;
///
/// let hint = Hint::new(Duration::from_secs(120), HintSource::RetryAfter);
/// assert_eq!(hint.not_before, Duration::from_secs(120));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Hint {
    /// No attempt sooner than this after the failure.
    pub not_before: Duration,
    /// Where it came from.
    pub source: HintSource,
}

impl Hint {
    /// No attempt sooner than `not_before` from now.
    ///
    /// ```
    /// # use retry_core::{Hint, HintSource};
    /// # use std::time::Duration;
    /// assert_eq!(Hint::new(Duration::ZERO, HintSource::PushBack).source, HintSource::PushBack);
    /// ```
    #[must_use]
    #[inline]
    pub const fn new(not_before: Duration, source: HintSource) -> Self {
        Self { not_before, source }
    }

    /// Of two hints about the same failure the one to follow, in whatever order they are named.
    ///
    /// What the peer asks for (Retry-After, push-back, text) comes before a rate limit, which tells when a window ends and
    /// no more: "Retry-After MUST take precedence" (draft-ietf-httpapi-ratelimit-headers). Of two of the same kind the later
    /// one counts, since an attempt that is too soon for either is refused. Any number of hints: `reduce(Hint::join)`.
    ///
    /// ```
    /// use retry_core::{Hint, HintSource};
    /// use std::time::Duration;
    ///
    /// let window = Hint::new(Duration::from_secs(50), HintSource::RateLimit);
    /// let asked = Hint::new(Duration::from_secs(5), HintSource::RetryAfter);
    /// let later = Hint::new(Duration::from_secs(9), HintSource::Text);
    /// assert_eq!(window.join(asked), asked);
    /// assert_eq!([window, later, asked].into_iter().reduce(Hint::join), Some(later));
    /// ```
    #[must_use]
    pub const fn join(self, other: Self) -> Self {
        let (ours, theirs) = (self.source.is_request(), other.source.is_request());
        if ours != theirs {
            return if ours { self } else { other };
        }
        let (a, b) = (self.not_before.as_nanos(), other.not_before.as_nanos());
        // Between equals the source decides, so that the order does not.
        if a > b || a == b && self.source as u8 <= other.source as u8 { self } else { other }
    }
}

/// What a [`Policy`](crate::Policy) makes of a hint `h`, with `d` the delay by schedule and `m` the policy's
/// greatest hint.
///
/// | rule | delay | beyond `m` |
/// |---|---|---|
/// | `AtLeast` (default) | max(d, h) | stops with [`HintTooFar`](crate::StopReason::HintTooFar) |
/// | `Clamp(slack)` | h within d ..= d + slack | waits the most it may |
/// | `Exactly` | h | waits `m` |
/// | `Ignore` | d | waits d |
///
/// Where the hint sets the delay and the policy has jitter, some more is added on top, never taken off: up to an
/// eighth of the hint for full and equal jitter, the proportion of it for proportional jitter, the spread for additive
/// jitter. A herd that was told the same second does not come back in the same millisecond, and nobody comes early. Under
/// `Clamp` that stays within the slack.
///
/// A hint that leads past a limit in time ([`Policy::within`](crate::Policy::within),
/// [`Retry::deadline`](crate::Retry::deadline)) ends the run at once, with [`Deadline`](crate::StopReason::Deadline), and
/// nobody waits in vain. What was asked for is in the verdict that the observer ([`Failed`](crate::Failed)) and the
/// [`History`](crate::History) got. Of several hints of one failure see [`Hint::join`].
///
/// ```
/// use retry_core::{Decision, Failure, HintRule, Policy, RetryPolicy, Seeded, StopReason, Verdict};
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let policy = Policy::constant(10 * second).hints(HintRule::AtLeast, 60 * second);
/// let decide = |after| policy.decide(&Failure::first(Verdict::THROTTLED.after(after)), &mut Seeded::new(1));
///
/// assert_eq!(decide(20 * second).delay(), Some(20 * second));
/// assert_eq!(decide(5 * second).delay(), Some(10 * second));
/// assert_eq!(decide(61 * second), Decision::Stop(StopReason::HintTooFar));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum HintRule {
    /// The longer of schedule and hint.
    #[default]
    AtLeast,
    /// The hint, but not sooner than the schedule nor later than the schedule plus this slack.
    Clamp(Duration),
    /// The hint alone.
    Exactly,
    /// The schedule alone.
    Ignore,
}
