use std::time::Duration;

use crate::time::{duration, nanos};
use crate::{Entropy, Failure};

/// `base + unit * (n - 1)^exponent`, saturating.
///
/// Sidekiq's schedule is this with 15 s, 1 s and 4.
///
/// ```
/// use retry_core::{Backoff, Failure, Polynomial, Seeded, Verdict};
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// let sidekiq = Polynomial::new(Duration::from_secs(15), Duration::from_secs(1), 4);
/// let delays = (1..=4).map(|n| {
///     let failure = Failure::new(NonZeroU32::new(n).unwrap(), Duration::ZERO, Verdict::TRANSIENT);
///     sidekiq.delay(&failure, &mut Seeded::new(0)).unwrap().as_secs()
/// });
/// assert_eq!(delays.collect::<Vec<_>>(), [15, 16, 31, 96]);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Polynomial {
    base: u64,
    unit: u64,
    exponent: u32,
}

impl Polynomial {
    /// `base` first, then growing by powers. An exponent of 0 adds `unit` to every delay.
    ///
    /// ```
    /// # use retry_core::{Backoff, Failure, Polynomial, Seeded, Verdict};
    /// # use std::{num::NonZeroU32, time::Duration};
    /// let last = Failure::new(NonZeroU32::MAX, Duration::ZERO, Verdict::TRANSIENT);
    /// let steep = Polynomial::new(Duration::ZERO, Duration::from_secs(1), u32::MAX);
    /// assert_eq!(steep.delay(&last, &mut Seeded::new(0)), Some(Duration::from_nanos(u64::MAX)));
    /// ```
    #[must_use]
    pub const fn new(base: Duration, unit: Duration, exponent: u32) -> Self {
        Self { base: nanos(base), unit: nanos(unit), exponent }
    }

    /// The first delay.
    ///
    /// ```
    /// # use retry_core::Polynomial;
    /// # use std::time::Duration;
    /// let sidekiq = Polynomial::new(Duration::from_secs(15), Duration::from_secs(1), 4);
    /// assert_eq!(sidekiq.base(), Duration::from_secs(15));
    /// ```
    #[must_use]
    pub const fn base(&self) -> Duration {
        duration(self.base)
    }

    /// What the powers are multiplied by.
    ///
    /// ```
    /// # use retry_core::Polynomial;
    /// # use std::time::Duration;
    /// let sidekiq = Polynomial::new(Duration::from_secs(15), Duration::from_secs(1), 4);
    /// assert_eq!(sidekiq.unit(), Duration::from_secs(1));
    /// ```
    #[must_use]
    pub const fn unit(&self) -> Duration {
        duration(self.unit)
    }

    /// The exponent.
    ///
    /// ```
    /// # use retry_core::Polynomial;
    /// # use std::time::Duration;
    /// let sidekiq = Polynomial::new(Duration::from_secs(15), Duration::from_secs(1), 4);
    /// assert_eq!(sidekiq.exponent(), 4);
    /// ```
    #[must_use]
    pub const fn exponent(&self) -> u32 {
        self.exponent
    }

    #[inline]
    pub(crate) const fn nanos(&self, failure: &Failure, _: &mut dyn Entropy) -> Option<u64> {
        Some(self.greatest(failure.count()))
    }

    pub(crate) const fn greatest(&self, count: u32) -> u64 {
        let n = count.saturating_sub(1) as u64;
        self.base.saturating_add(self.unit.saturating_mul(n.saturating_pow(self.exponent)))
    }

    pub(crate) const fn is_level(&self) -> bool {
        self.unit == 0 || self.exponent == 0
    }
}

super::timeless!(Polynomial);
