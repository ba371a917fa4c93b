use std::time::Duration;

use crate::entropy::up_to;
use crate::time::{duration, nanos};
use crate::{Backoff, Entropy, Failure, Invalid};

/// Uniform in `[base, min(cap, 3 * previous)]`, where the first delay counts `base` as previous.
///
/// Random by itself, so it takes no jitter. From Marc Brooker, "Exponential Backoff And Jitter" (AWS Architecture
/// Blog, 2015).
///
/// ```
/// use retry_core::{Backoff, Decorrelated, Failure, Seeded, Verdict};
/// use std::time::Duration;
///
/// let (base, cap) = (Duration::from_secs(1), Duration::from_secs(10));
/// let schedule = Decorrelated::new(base, cap).unwrap();
/// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(5)).unwrap();
/// assert!(base <= delay && delay <= 3 * base);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Decorrelated {
    base: u64,
    cap: u64,
}

impl Decorrelated {
    /// Between `base` and `cap`.
    ///
    /// # Errors
    /// [`Invalid::Bounds`] if `base` is longer than `cap`.
    ///
    /// ```
    /// # use retry_core::{Decorrelated, Invalid};
    /// # use std::time::Duration;
    /// assert_eq!(Decorrelated::new(Duration::MAX, Duration::ZERO), Err(Invalid::Bounds));
    /// ```
    pub const fn new(base: Duration, cap: Duration) -> Result<Self, Invalid> {
        let (base, cap) = (nanos(base), nanos(cap));
        if base <= cap { Ok(Self { base, cap }) } else { Err(Invalid::Bounds) }
    }

    /// The shortest delay, and the one the first is drawn by.
    ///
    /// ```
    /// # use retry_core::Decorrelated;
    /// # use std::time::Duration;
    /// let schedule = Decorrelated::new(Duration::from_secs(1), Duration::from_secs(10)).unwrap();
    /// assert_eq!(schedule.shortest(), Duration::from_secs(1));
    /// ```
    #[must_use]
    pub const fn shortest(&self) -> Duration {
        duration(self.base)
    }

    /// The longest delay.
    ///
    /// ```
    /// # use retry_core::Decorrelated;
    /// # use std::time::Duration;
    /// let schedule = Decorrelated::new(Duration::from_secs(1), Duration::from_secs(10)).unwrap();
    /// assert_eq!(schedule.longest(), Duration::from_secs(10));
    /// ```
    #[must_use]
    pub const fn longest(&self) -> Duration {
        duration(self.cap)
    }

    #[inline]
    pub(crate) fn nanos(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<u64> {
        self.nanos_below(self.cap, failure, rng)
    }

    /// The delay under a cap that may be lower than its own: drawn below it, not cut to it.
    #[inline]
    #[expect(clippy::unnecessary_wraps, reason = "the form that all schedules share")]
    pub(crate) fn nanos_below(&self, cap: u64, failure: &Failure, rng: &mut dyn Entropy) -> Option<u64> {
        let base = self.base.min(cap);
        let top = self.greatest(failure.previous_nanos().unwrap_or(base)).min(cap);
        Some(base + up_to(top.max(base) - base, rng))
    }

    /// The longest delay where the previous one was at most `previous`.
    pub(crate) const fn greatest(&self, previous: u64) -> u64 {
        let top = if previous < self.base { self.base } else { previous }.saturating_mul(3);
        if top < self.cap { top } else { self.cap }
    }

    pub(crate) const fn is_level(&self) -> bool {
        self.base == 0 && self.cap == 0
    }
}

impl Backoff for Decorrelated {
    #[inline]
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.nanos(failure, rng).map(duration)
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.nanos_below(nanos(cap).min(self.cap), failure, rng).map(duration)
    }
    fn needs_time(&self) -> bool {
        false
    }
}
