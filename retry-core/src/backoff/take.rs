use std::time::Duration;

use crate::{Backoff, Entropy, Failure};

/// The first few delays of a schedule. See [`Backoff::take`].
///
/// ```
/// use retry_core::{Backoff, Constant, Failure, Seeded, Take, Verdict};
/// use std::time::Duration;
///
/// let schedule: Take<Constant> = Constant::new(Duration::ZERO).take(0);
/// assert_eq!(schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0)), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Take<B> {
    inner: B,
    delays: u32,
}

impl<B> Take<B> {
    pub(crate) const fn new(inner: B, delays: u32) -> Self {
        Self { inner, delays }
    }
    pub(crate) const fn inner(&self) -> &B {
        &self.inner
    }
    pub(crate) const fn delays(&self) -> u32 {
        self.delays
    }
}

impl<B: Backoff> Backoff for Take<B> {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        if failure.count() <= self.delays { self.inner.delay(failure, rng) } else { None }
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        if failure.count() <= self.delays { self.inner.delay_below(cap, failure, rng) } else { None }
    }
    fn cap(&self) -> Duration {
        self.inner.cap()
    }
    fn needs_time(&self) -> bool {
        self.inner.needs_time()
    }
    fn ends_after(&self) -> Option<u32> {
        Some(self.inner.ends_after().map_or(self.delays, |end| end.min(self.delays)))
    }
}
