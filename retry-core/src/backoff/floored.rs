use std::time::Duration;

use crate::time::{duration, nanos};
use crate::{Backoff, Entropy, Failure};

/// Never shorter than a minimum; a cap below it wins. See [`Backoff::floored`].
///
/// ```
/// use retry_core::{Backoff, Exponential, Failure, Floored, Seeded, Verdict};
/// use std::time::Duration;
///
/// let gap = Duration::from_secs(300);
/// let schedule: Floored<Exponential> = Exponential::new(Duration::from_secs(1)).floored(gap);
/// assert_eq!(schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0)), Some(gap));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Floored<B> {
    inner: B,
    min: Duration,
}

impl<B> Floored<B> {
    pub(crate) const fn new(inner: B, min: Duration) -> Self {
        // 584 years stand for more, so that two which behave the same are equal.
        Self { inner, min: duration(nanos(min)) }
    }
    pub(crate) const fn inner(&self) -> &B {
        &self.inner
    }
    pub(crate) const fn min(&self) -> Duration {
        self.min
    }
}

impl<B: Backoff> Backoff for Floored<B> {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.inner.delay(failure, rng).map(|delay| delay.max(self.min).min(self.cap()))
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.inner.delay_below(cap, failure, rng).map(|delay| delay.max(self.min).min(cap))
    }
    fn cap(&self) -> Duration {
        self.inner.cap()
    }
    fn needs_time(&self) -> bool {
        self.inner.needs_time()
    }
    fn ends_after(&self) -> Option<u32> {
        self.inner.ends_after()
    }
}
