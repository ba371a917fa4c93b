use std::time::Duration;

use crate::time::{duration, nanos};
use crate::{Entropy, Failure};

/// The same delay every time.
///
/// ```
/// use retry_core::{Backoff, Constant, Failure, Seeded, Verdict};
/// use std::time::Duration;
///
/// let schedule = Constant::new(Duration::from_secs(300));
/// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
/// assert_eq!(delay, Some(Duration::from_secs(300)));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Constant {
    delay: u64,
}

impl Constant {
    /// Always `delay`.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant};
    /// # use std::time::Duration;
    /// assert_eq!(Constant::new(Duration::ZERO).ends_after(), None);
    /// ```
    #[must_use]
    pub const fn new(delay: Duration) -> Self {
        Self { delay: nanos(delay) }
    }

    /// Every delay.
    ///
    /// ```
    /// # use retry_core::Constant;
    /// # use std::time::Duration;
    /// assert_eq!(Constant::new(Duration::MAX).interval(), Duration::from_nanos(u64::MAX));
    /// ```
    #[must_use]
    pub const fn interval(&self) -> Duration {
        duration(self.delay)
    }

    #[inline]
    #[expect(clippy::unnecessary_wraps, reason = "the form that all schedules share")]
    pub(crate) const fn nanos(&self, _: &Failure, _: &mut dyn Entropy) -> Option<u64> {
        Some(self.delay)
    }

    pub(crate) const fn greatest(&self, _: u32) -> u64 {
        self.delay
    }
}

super::timeless!(Constant);
