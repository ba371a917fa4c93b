//! What to do next.

use std::time::Duration;

use crate::grant::Trail;
use crate::time::{duration, nanos};
use crate::{HintSource, StopReason};

/// What to do after a failure.
///
/// ```
/// use retry_core::{Because, Decision, StopReason};
/// use std::time::Duration;
///
/// let again = Decision::retry(Duration::from_secs(1));
/// assert_eq!(again.delay(), Some(Duration::from_secs(1)));
/// assert_eq!(Decision::Stop(StopReason::Permanent).delay(), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
#[expect(clippy::exhaustive_enums, reason = "a driver must handle every decision")]
pub enum Decision {
    /// Try again after a wait.
    Retry(Wait),
    /// Give up.
    Stop(StopReason),
}

impl Decision {
    /// Try again after `delay`, by schedule.
    ///
    /// ```
    /// # use retry_core::{Because, Decision};
    /// # use std::time::Duration;
    /// let Decision::Retry(wait) = Decision::retry(Duration::ZERO) else { unreachable!() };
    /// assert_eq!(wait.because(), Because::Schedule);
    /// ```
    pub const fn retry(delay: Duration) -> Self {
        Self::Retry(Wait::new(delay, Because::Schedule))
    }

    /// The delay, unless the decision is to stop.
    ///
    /// ```
    /// # use retry_core::Decision;
    /// # use std::time::Duration;
    /// assert_eq!(Decision::retry(Duration::MAX).delay(), Some(Duration::from_nanos(u64::MAX)));
    /// ```
    #[must_use]
    #[inline]
    pub const fn delay(self) -> Option<Duration> {
        match self {
            Self::Retry(wait) => Some(wait.delay()),
            Self::Stop(_) => None,
        }
    }
}

/// A delay, and what set its length. At most 584 years.
///
/// ```
/// use retry_core::{Because, Wait};
/// use std::time::Duration;
///
/// let wait = Wait::new(Duration::from_secs(5), Because::Cap);
/// assert_eq!((wait.delay(), wait.because()), (Duration::from_secs(5), Because::Cap));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    nanos: u64,
    because: Because,
    trail: Trail,
}

/// The same length for the same reason; whichever policy granted it.
impl PartialEq for Wait {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos && self.because == other.because
    }
}

impl Eq for Wait {}

impl Wait {
    /// `delay`, and why.
    ///
    /// ```
    /// # use retry_core::{Because, Wait};
    /// # use std::time::Duration;
    /// assert_eq!(Wait::new(Duration::MAX, Because::Schedule).delay(), Duration::from_nanos(u64::MAX));
    /// ```
    #[must_use]
    pub const fn new(delay: Duration, because: Because) -> Self {
        Self { nanos: nanos(delay), because, trail: Trail::EMPTY }
    }

    #[inline]
    pub(crate) const fn of(nanos: u64, because: Because) -> Self {
        Self { nanos, because, trail: Trail::EMPTY }
    }

    #[inline]
    pub(crate) const fn trail(&self) -> Trail {
        self.trail
    }

    pub(crate) const fn by(mut self, trail: Trail) -> Self {
        self.trail = trail;
        self
    }

    /// How long.
    ///
    /// ```
    /// # use retry_core::{Because, Wait};
    /// # use std::time::Duration;
    /// assert_eq!(Wait::new(Duration::from_millis(3), Because::Cap).delay(), Duration::from_millis(3));
    /// ```
    #[must_use]
    #[inline]
    pub const fn delay(&self) -> Duration {
        duration(self.nanos)
    }

    /// What set the length.
    ///
    /// ```
    /// # use retry_core::{Because, Wait};
    /// # use std::time::Duration;
    /// assert_eq!(Wait::new(Duration::ZERO, Because::Schedule).because(), Because::Schedule);
    /// ```
    #[must_use]
    #[inline]
    pub const fn because(&self) -> Because {
        self.because
    }

    #[inline]
    pub(crate) const fn nanos(&self) -> u64 {
        self.nanos
    }
}

/// What set the length of a delay.
///
/// ```
/// use retry_core::{Because, HintSource};
///
/// assert_eq!(Because::Hint(HintSource::RetryAfter).as_str(), "hint");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Because {
    /// The schedule, jitter included.
    Schedule,
    /// The cap: the schedule alone would have been longer.
    Cap,
    /// The peer's hint.
    Hint(HintSource),
    /// Admission: a breaker, pacing or budget made the attempt wait.
    Admission,
}

impl Because {
    /// The name in lower snake case, without the hint's source.
    ///
    /// ```
    /// assert_eq!(retry_core::Because::Cap.as_str(), "cap");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Cap => "cap",
            Self::Hint(_) => "hint",
            Self::Admission => "admission",
        }
    }
}
