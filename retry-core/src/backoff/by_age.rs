use std::time::Duration;

use crate::time::{duration, nanos};
use crate::{Backoff, Entropy, Failure, Invalid};

/// As long as the job is old, between two bounds: Postfix's schedule.
///
/// The age is the time since the first attempt (in a queue: since it was enqueued). With Postfix's defaults of
/// 300 s and 4,000 s a message is tried after 5, 10, 20, 40 and 80 minutes and then every 66 min 40 s.
///
/// ```
/// use retry_core::{Backoff, ByAge, Failure, Seeded, Verdict};
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// let postfix = ByAge::new(Duration::from_secs(300), Duration::from_secs(4000)).unwrap();
/// let delay = |age| {
///     let failure = Failure::new(NonZeroU32::new(2).unwrap(), Duration::from_secs(age), Verdict::TRANSIENT);
///     postfix.delay(&failure, &mut Seeded::new(0)).unwrap().as_secs()
/// };
/// assert_eq!([delay(0), delay(600), delay(86_400)], [300, 600, 4000]);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ByAge {
    min: u64,
    max: u64,
}

impl ByAge {
    /// The age, but at least `min` and at most `max`.
    ///
    /// # Errors
    /// [`Invalid::Bounds`] if `min` is longer than `max`.
    ///
    /// ```
    /// # use retry_core::{ByAge, Invalid};
    /// # use std::time::Duration;
    /// assert_eq!(ByAge::new(Duration::MAX, Duration::ZERO), Err(Invalid::Bounds));
    /// ```
    pub const fn new(min: Duration, max: Duration) -> Result<Self, Invalid> {
        let (min, max) = (nanos(min), nanos(max));
        if min <= max { Ok(Self { min, max }) } else { Err(Invalid::Bounds) }
    }

    /// The shortest delay.
    ///
    /// ```
    /// # use retry_core::ByAge;
    /// # use std::time::Duration;
    /// let postfix = ByAge::new(Duration::from_secs(300), Duration::from_secs(4000)).unwrap();
    /// assert_eq!(postfix.shortest(), Duration::from_secs(300));
    /// ```
    #[must_use]
    pub const fn shortest(&self) -> Duration {
        duration(self.min)
    }

    /// The longest delay.
    ///
    /// ```
    /// # use retry_core::ByAge;
    /// # use std::time::Duration;
    /// let postfix = ByAge::new(Duration::from_secs(300), Duration::from_secs(4000)).unwrap();
    /// assert_eq!(postfix.longest(), Duration::from_secs(4000));
    /// ```
    #[must_use]
    pub const fn longest(&self) -> Duration {
        duration(self.max)
    }

    #[expect(clippy::unnecessary_wraps, reason = "the form that all schedules share")]
    pub(crate) fn nanos(&self, failure: &Failure, _: &mut dyn Entropy) -> Option<u64> {
        Some(self.at_age(failure.elapsed_nanos()))
    }

    pub(crate) const fn at_age(&self, age: u64) -> u64 {
        if age < self.min {
            self.min
        } else if age > self.max {
            self.max
        } else {
            age
        }
    }

    pub(crate) const fn least(&self) -> u64 {
        self.min
    }

    /// Attempts may take as long as they like, so any delay may be the longest.
    pub(crate) const fn greatest(&self, _: u32) -> u64 {
        self.max
    }
}

impl Backoff for ByAge {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.nanos(failure, rng).map(duration)
    }
}
