use std::time::Duration;

use crate::time::{duration, nanos};
use crate::{Entropy, Failure};

/// `base` times the n-th Fibonacci number, saturating: grows by about 1.618, more gently than doubling.
///
/// ```
/// use retry_core::{Backoff, Failure, Fibonacci, Seeded, Verdict};
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// let schedule = Fibonacci::new(Duration::from_secs(1));
/// let delays = (1..=6).map(|n| {
///     let failure = Failure::new(NonZeroU32::new(n).unwrap(), Duration::ZERO, Verdict::TRANSIENT);
///     schedule.delay(&failure, &mut Seeded::new(0)).unwrap().as_secs()
/// });
/// assert_eq!(delays.collect::<Vec<_>>(), [1, 1, 2, 3, 5, 8]);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fibonacci {
    base: u64,
}

impl Fibonacci {
    /// `base`, `base`, twice `base`, three times `base`, five times `base`, ...
    ///
    /// ```
    /// # use retry_core::{Backoff, Fibonacci};
    /// # use std::time::Duration;
    /// assert_eq!(Fibonacci::new(Duration::from_secs(1)).ends_after(), None);
    /// ```
    #[must_use]
    pub const fn new(base: Duration) -> Self {
        Self { base: nanos(base) }
    }

    /// The first delay.
    ///
    /// ```
    /// # use retry_core::Fibonacci;
    /// # use std::time::Duration;
    /// assert_eq!(Fibonacci::new(Duration::from_secs(1)).base(), Duration::from_secs(1));
    /// ```
    #[must_use]
    pub const fn base(&self) -> Duration {
        duration(self.base)
    }

    #[inline]
    pub(crate) const fn nanos(&self, failure: &Failure, _: &mut dyn Entropy) -> Option<u64> {
        Some(self.greatest(failure.count()))
    }

    pub(crate) const fn greatest(&self, count: u32) -> u64 {
        // F(93) is the last that fits 64 bits, so the loop is short.
        let (mut current, mut next) = (1_u64, 1_u64);
        let mut n = 1;
        while n < count && current < u64::MAX {
            (current, next) = (next, current.saturating_add(next));
            n += 1;
        }
        self.base.saturating_mul(current)
    }

    pub(crate) const fn is_level(&self) -> bool {
        self.base == 0
    }
}

super::timeless!(Fibonacci);
