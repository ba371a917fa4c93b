use std::time::Duration;

use crate::{Backoff, Entropy, Failure};

/// Never longer than a maximum. See [`Backoff::capped`].
///
/// ```
/// use retry_core::{Backoff, Capped, Exponential};
/// use std::time::Duration;
///
/// let schedule: Capped<Exponential> = Exponential::new(Duration::from_secs(1)).capped(Duration::from_secs(30));
/// assert_eq!(schedule.cap(), Duration::from_secs(30));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Capped<B> {
    inner: B,
    max: Duration,
}

impl<B> Capped<B> {
    pub(super) const fn new(inner: B, max: Duration) -> Self {
        Self { inner, max }
    }
}

impl<B: Backoff> Backoff for Capped<B> {
    #[inline]
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.inner.delay_below(self.max, failure, rng)
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.inner.delay_below(cap.min(self.max), failure, rng)
    }
    #[inline]
    fn cap(&self) -> Duration {
        self.max.min(self.inner.cap())
    }
    #[inline]
    fn needs_time(&self) -> bool {
        self.inner.needs_time()
    }
    fn ends_after(&self) -> Option<u32> {
        self.inner.ends_after()
    }
}
