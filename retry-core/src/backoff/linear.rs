use std::time::Duration;

use crate::time::{duration, nanos};
use crate::{Entropy, Failure};

/// `first + step * (n - 1)`: grows by the same step each time, saturating.
///
/// ```
/// use retry_core::{Backoff, Failure, Linear, Seeded, Verdict};
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let third = Failure::new(NonZeroU32::new(3).unwrap(), Duration::ZERO, Verdict::TRANSIENT);
/// assert_eq!(Linear::new(5 * second).delay(&third, &mut Seeded::new(0)), Some(15 * second));
/// // OpenSMTPD tries again at 400 s times n squared, which makes its delays 400 s, 1,200 s, 2,000 s.
/// let opensmtpd = Linear::new(800 * second).starting_at(400 * second);
/// assert_eq!(opensmtpd.delay(&third, &mut Seeded::new(0)), Some(2000 * second));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Linear {
    first: u64,
    step: u64,
}

impl Linear {
    /// `step`, twice `step`, three times `step`, ...
    ///
    /// ```
    /// # use retry_core::{Backoff, Failure, Linear, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let delay = Linear::new(Duration::MAX).delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_nanos(u64::MAX)));
    /// ```
    #[must_use]
    pub const fn new(step: Duration) -> Self {
        Self { first: nanos(step), step: nanos(step) }
    }

    /// Replaces the first delay.
    ///
    /// ```
    /// # use retry_core::{Backoff, Failure, Linear, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let schedule = Linear::new(Duration::from_secs(2)).starting_at(Duration::from_secs(1));
    /// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_secs(1)));
    /// ```
    #[must_use]
    pub const fn starting_at(mut self, first: Duration) -> Self {
        self.first = nanos(first);
        self
    }

    /// The first delay.
    ///
    /// ```
    /// # use retry_core::Linear;
    /// # use std::time::Duration;
    /// assert_eq!(Linear::new(Duration::from_secs(5)).first(), Duration::from_secs(5));
    /// ```
    #[must_use]
    pub const fn first(&self) -> Duration {
        duration(self.first)
    }

    /// By how much a delay is longer than the one before it.
    ///
    /// ```
    /// # use retry_core::Linear;
    /// # use std::time::Duration;
    /// let linear = Linear::new(Duration::from_secs(5)).starting_at(Duration::ZERO);
    /// assert_eq!(linear.step(), Duration::from_secs(5));
    /// ```
    #[must_use]
    pub const fn step(&self) -> Duration {
        duration(self.step)
    }

    #[inline]
    pub(crate) const fn nanos(&self, failure: &Failure, _: &mut dyn Entropy) -> Option<u64> {
        Some(self.greatest(failure.count()))
    }

    #[inline]
    pub(crate) const fn greatest(&self, count: u32) -> u64 {
        self.first.saturating_add(self.step.saturating_mul(count.saturating_sub(1) as u64))
    }

    pub(crate) const fn is_level(&self) -> bool {
        self.step == 0
    }
}

super::timeless!(Linear);
