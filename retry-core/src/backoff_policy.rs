//! A policy over anybody's schedule.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::time::nanos;
use crate::{Backoff, Because, Bounds, Decision, Entropy, Failure, Needs, RetryPolicy, StopReason, Wait};

/// A backoff plus limits: the open counterpart of [`Policy`](crate::Policy), for schedules of your own.
///
/// A hint counts as a least delay, up to 24 h; use a [`Policy`](crate::Policy) for other rules. Classes other than
/// transient, throttled and unknown stop, unless [`for_class`](RetryPolicy::for_class) gives them a policy.
///
/// ```
/// use retry_core::{Backoff, BackoffPolicy, Exponential, Retry, ThreadSleeper};
/// use std::time::Duration;
///
/// let policy: BackoffPolicy<Exponential> = Exponential::new(Duration::from_nanos(1)).up_to(3);
/// let error = Retry::with_sleeper(policy, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).unwrap_err();
/// assert_eq!(error.attempts, 3);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BackoffPolicy<B> {
    backoff: B,
    attempts: u32,
    within: Duration,
}

/// Nobody is kept waiting longer by a hint.
const DAY: Duration = Duration::from_secs(86_400);

impl<B: Backoff> BackoffPolicy<B> {
    pub(crate) const fn new(backoff: B) -> Self {
        Self { backoff, attempts: u32::MAX, within: Duration::MAX }
    }

    /// At most `attempts` calls, the first included; 0 counts as 1. Replaces the limit.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant};
    /// # use std::time::Duration;
    /// let policy = Constant::new(Duration::ZERO).into_policy();
    /// assert_eq!(policy.up_to(4), Constant::new(Duration::ZERO).up_to(4));
    /// ```
    #[must_use]
    pub const fn up_to(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Starts no attempt later than `limit` after the first began. Replaces the limit.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Failure, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Constant::new(Duration::from_secs(2)).into_policy().within(Duration::from_secs(1));
    /// assert_eq!(policy.decide(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0)).delay(), None);
    /// ```
    #[must_use]
    pub const fn within(mut self, limit: Duration) -> Self {
        self.within = limit;
        self
    }
}

impl<B: Backoff> RetryPolicy for BackoffPolicy<B> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        if let Some(reason) = failure.stops() {
            return Decision::Stop(reason);
        }
        if failure.count() >= self.attempts {
            return Decision::Stop(StopReason::Attempts);
        }
        let Some(delay) = self.backoff.delay(failure, rng) else {
            return Decision::Stop(StopReason::Schedule);
        };
        let (delay, because) = match failure.verdict().hint() {
            Some(hint) if hint.not_before > delay.max(DAY) => return Decision::Stop(StopReason::HintTooFar),
            Some(hint) if hint.not_before > delay => (hint.not_before, Because::Hint(hint.source)),
            _ => (delay, Because::Schedule),
        };
        if self.within < Duration::MAX && failure.elapsed().saturating_add(delay) > self.within {
            return Decision::Stop(StopReason::Deadline);
        }
        Decision::Retry(Wait::new(delay, because))
    }

    /// The schedule's own cap, or the longest hint: longer delays it has not promised to avoid.
    fn bounds(&self) -> Bounds {
        let by_schedule = self.backoff.ends_after().map_or(u32::MAX, |delays| delays.saturating_add(1));
        let attempts = Some(by_schedule.min(self.attempts)).filter(|attempts| *attempts < u32::MAX);
        let limited = |limit: Duration| Some(limit).filter(|limit| *limit < Duration::MAX);
        let (cap, within) = (limited(self.backoff.cap()), limited(self.within));
        let delay = cap.map(|cap| cap.max(DAY)).into_iter().chain(within).min();
        let attempts = attempts.and_then(NonZeroU32::new);
        Bounds::of(attempts, attempts, delay.map(nanos), within.map(nanos))
    }

    #[inline]
    fn needs(&self) -> Needs {
        Needs { time: self.within < Duration::MAX || self.backoff.needs_time(), ..Needs::NOTHING }
    }
}
