//! What no run exceeds.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::time::{duration, nanos};

/// How often a policy can retry at most, and how long it can wait: whatever fails, whatever is drawn, whatever hints come,
/// and whatever other policies it is combined with decide.
///
/// "Unknown" stands for unlimited as well: no number is a promise that nobody made. It is the default of a
/// [`RetryPolicy`](crate::RetryPolicy) of your own.
///
/// | combinator | attempts | one delay | all delays |
/// |---|---|---|---|
/// | `a.and(b)` | the fewer | the longer | the sum, as both wait at least their own |
/// | `a.or_else(b)` | the more; where a class counts apart, the retries of both | the longer | the sum |
/// | `a.for_class(c, b)` | the retries of both | the longer | the sum |
/// | `a.at_most_once()`, pointers | those of `a` | those of `a` | those of `a` |
/// | `a.budgeted(..)`, `paced`, `guarded`, `toward` | those of `a` | those of `a` | those of `a` |
/// | `a.toward(..).adaptive()` | those of `a` | 8 times that of `a` | 8 times those of `a` |
/// | `a.under(n)` | 1 within a retry | 0 within a retry | 0 within a retry |
///
/// and all delays are never longer than the retries times the longest. A table's number is exact where the policies' own are and
/// some run meets both; else it is a bound that no run exceeds.
///
/// ```
/// use retry_core::{Bounds, HintRule, Policy, RetryPolicy};
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let deaf = |attempts| Policy::constant(second).hints(HintRule::Ignore, Duration::ZERO).attempts(attempts);
/// let bounds = RetryPolicy::bounds(&deaf(5).and(deaf(3)));
/// assert_eq!(bounds.max_attempts().unwrap().get(), 3);
/// // 2 retries of 1 s at the most
/// assert_eq!(bounds.max_total_delay(), Some(2 * second));
/// assert_eq!(bounds.max_elapsed(10 * second), Some(32 * second));
/// assert_eq!(Bounds::UNKNOWN.max_attempts(), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bounds {
    attempts: Option<NonZeroU32>,
    /// No attempt with this number or a higher one is followed by another, whoever granted the ones before.
    last: Option<NonZeroU32>,
    delay: Option<u64>,
    total: Option<u64>,
}

impl Bounds {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { attempts: None, last: None, delay: None, total: None };

    /// Of a policy that never retries.
    pub(crate) const NO_RETRY: Self =
        Self { attempts: Some(NonZeroU32::MIN), last: Some(NonZeroU32::MIN), delay: Some(0), total: Some(0) };

    /// At most `attempts` calls, the first included (0 counts as 1), and no wait longer than `delay`; `None` where there is no
    /// limit or none is known. For policies of your own.
    ///
    /// It promises that no attempt numbered `attempts` or higher is followed by another, also where another policy granted
    /// those before.
    ///
    /// ```
    /// # use retry_core::Bounds;
    /// # use std::time::Duration;
    /// let bounds = Bounds::new(Some(4), Some(Duration::from_secs(2)));
    /// // 3 retries after 2 s each
    /// assert_eq!(bounds.max_total_delay(), Some(Duration::from_secs(6)));
    /// ```
    #[must_use]
    pub const fn new(attempts: Option<u32>, delay: Option<Duration>) -> Self {
        let attempts = match attempts {
            Some(attempts) => NonZeroU32::new(if attempts == 0 { 1 } else { attempts }),
            None => None,
        };
        let delay = match delay {
            Some(delay) => Some(nanos(delay)),
            None => None,
        };
        Self { attempts, last: attempts, delay, total: None }.tightened()
    }

    pub(crate) const fn of(
        attempts: Option<NonZeroU32>,
        last: Option<NonZeroU32>,
        delay: Option<u64>,
        total: Option<u64>,
    ) -> Self {
        Self { attempts, last, delay, total }.tightened()
    }

    /// Attempts a run can make at most, the first included; `None`: no limit, or none that is known.
    ///
    /// ```
    /// # use retry_core::Bounds;
    /// assert_eq!(Bounds::new(Some(0), None).max_attempts().unwrap().get(), 1);
    /// ```
    #[must_use]
    pub const fn max_attempts(&self) -> Option<NonZeroU32> {
        self.attempts
    }

    /// The longest single delay; `None`: no limit, or none that is known.
    ///
    /// ```
    /// # use retry_core::{Bounds, Policy};
    /// # use std::time::Duration;
    /// // A hint of 24 h is honoured unless the policy says otherwise.
    /// let policy = Policy::constant(Duration::from_secs(1));
    /// assert_eq!(policy.bounds().max_delay(), Some(Duration::from_secs(86_400)));
    /// ```
    #[must_use]
    pub const fn max_delay(&self) -> Option<Duration> {
        shown(self.delay)
    }

    /// The longest a run can wait in all; `None`: no limit, or none that is known. 584 years stand for more.
    ///
    /// ```
    /// # use retry_core::Bounds;
    /// assert_eq!(Bounds::new(None, None).max_total_delay(), None);
    /// ```
    #[must_use]
    pub const fn max_total_delay(&self) -> Option<Duration> {
        shown(self.total)
    }

    /// The longest a run can take if no attempt takes longer than `timeout`; `None`: no limit, or none that is known.
    ///
    /// ```
    /// # use retry_core::Bounds;
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// // 3 attempts of 5 s, and 2 waits of 1 s
    /// assert_eq!(Bounds::new(Some(3), Some(second)).max_elapsed(5 * second), Some(17 * second));
    /// ```
    #[must_use]
    pub const fn max_elapsed(&self, timeout: Duration) -> Option<Duration> {
        match (self.attempts, self.total) {
            (Some(attempts), Some(total)) => {
                Some(duration(nanos(timeout).saturating_mul(attempts.get() as u64).saturating_add(total)))
            }
            _ => None,
        }
    }

    /// Of a retry that needs both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            attempts: fewer(self.attempts, other.attempts),
            last: fewer(self.last, other.last),
            ..self.either(other)
        }
        .tightened()
    }

    /// Of a second that is asked where the first has ended.
    pub(crate) fn or_else(self, next: Self) -> Self {
        let last = self.last.zip(next.last).map(|(a, b)| a.max(b));
        let both = self.either(next);
        Self { attempts: fewer(both.attempts, last), last, ..both }.tightened()
    }

    /// Of two that each decide about failures of their own, or one after the other.
    pub(crate) fn either(self, other: Self) -> Self {
        Self {
            attempts: self.attempts.zip(other.attempts).map(|(a, b)| a.saturating_add(b.get() - 1)),
            last: None,
            delay: self.delay.zip(other.delay).map(|(a, b)| a.max(b)),
            total: self.total.zip(other.total).map(|(a, b)| a.saturating_add(b)),
        }
        .tightened()
    }

    /// Of delays up to `times` as long.
    pub(crate) const fn stretched(self, times: u32) -> Self {
        const fn stretched(nanos: Option<u64>, times: u32) -> Option<u64> {
            match nanos {
                Some(nanos) => Some(nanos.saturating_mul(times as u64)),
                None => None,
            }
        }
        Self { delay: stretched(self.delay, times), total: stretched(self.total, times), ..self }
    }

    /// No total is longer than all retries after the longest delay each.
    const fn tightened(mut self) -> Self {
        if let (Some(attempts), Some(delay)) = (self.attempts, self.delay) {
            let most = delay.saturating_mul(attempts.get() as u64 - 1);
            self.total = match self.total {
                Some(total) if total < most => Some(total),
                _ => Some(most),
            };
        }
        self
    }
}

fn fewer(a: Option<NonZeroU32>, b: Option<NonZeroU32>) -> Option<NonZeroU32> {
    a.into_iter().chain(b).min()
}

const fn shown(nanos: Option<u64>) -> Option<Duration> {
    match nanos {
        Some(nanos) => Some(duration(nanos)),
        None => None,
    }
}
