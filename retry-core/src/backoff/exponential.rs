use std::time::Duration;

use crate::ratio::Power;
use crate::time::{duration, nanos};
use crate::{Entropy, Failure, Ratio};

/// `base * factor^(n - 1)`, to the nearest nanosecond, saturating.
///
/// The factor is 2 unless replaced. One below 1 shrinks the delays.
///
/// ```
/// use retry_core::{Backoff, Exponential, Failure, Ratio, Seeded, Verdict};
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// let fourth = Failure::new(NonZeroU32::new(4).unwrap(), Duration::ZERO, Verdict::TRANSIENT);
/// let doubling = Exponential::new(Duration::from_millis(100));
/// assert_eq!(doubling.delay(&fourth, &mut Seeded::new(0)), Some(Duration::from_millis(800)));
/// let slower = doubling.factor(Ratio::new(3, 2).unwrap());
/// assert_eq!(slower.delay(&fourth, &mut Seeded::new(0)), Some(Duration::from_micros(337_500)));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Exponential {
    base: u64,
    factor: Ratio,
    power: Power,
    /// Below which exponent the growth is a mere shift: 0 unless it doubles.
    shifts: u32,
}

impl Exponential {
    /// `base`, doubling.
    ///
    /// ```
    /// # use retry_core::{Backoff, Exponential, Failure, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let delay = Exponential::new(Duration::MAX).delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_nanos(u64::MAX)));
    /// ```
    #[must_use]
    pub const fn new(base: Duration) -> Self {
        Self::with(nanos(base), Ratio::TWO)
    }

    /// Replaces the factor.
    ///
    /// ```
    /// # use retry_core::{Exponential, Ratio};
    /// # use std::time::Duration;
    /// let doubling = Exponential::new(Duration::from_secs(1));
    /// assert_eq!(doubling.factor(Ratio::TWO), doubling);
    /// ```
    #[must_use]
    pub const fn factor(self, factor: Ratio) -> Self {
        Self::with(self.base, factor)
    }

    /// The first delay.
    ///
    /// ```
    /// # use retry_core::Exponential;
    /// # use std::time::Duration;
    /// assert_eq!(Exponential::new(Duration::from_secs(1)).base(), Duration::from_secs(1));
    /// ```
    #[must_use]
    pub const fn base(&self) -> Duration {
        duration(self.base)
    }

    /// The factor from one delay to the next. Set by [`factor`](Self::factor).
    ///
    /// ```
    /// # use retry_core::{Exponential, Ratio};
    /// # use std::time::Duration;
    /// assert_eq!(Exponential::new(Duration::from_secs(1)).growth(), Ratio::TWO);
    /// ```
    #[must_use]
    pub const fn growth(&self) -> Ratio {
        self.factor
    }

    const fn with(base: u64, factor: Ratio) -> Self {
        let doubles = factor.times() == 2 && factor.per() == 1;
        Self { base, factor, power: Power::new(factor), shifts: if doubles { base.leading_zeros() + 1 } else { 0 } }
    }

    #[inline]
    pub(crate) const fn nanos(&self, failure: &Failure, _: &mut dyn Entropy) -> Option<u64> {
        Some(self.greatest(failure.count()))
    }

    #[inline]
    pub(crate) const fn greatest(&self, count: u32) -> u64 {
        let n = count.saturating_sub(1);
        if n < self.shifts { self.base << (n & 63) } else { self.raised(n) }
    }

    #[cold]
    const fn raised(&self, n: u32) -> u64 {
        self.power.raised(n, self.base)
    }

    pub(crate) const fn shrinks(&self) -> bool {
        self.factor.times() < self.factor.per()
    }

    pub(crate) const fn is_level(&self) -> bool {
        self.base == 0 || self.factor.times() == self.factor.per()
    }
}

super::timeless!(Exponential);
