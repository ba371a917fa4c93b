use std::time::Duration;

use crate::time::{duration, nanos};
use crate::{Backoff, Entropy, Failure, Ratio};

/// Multiplied by a factor, still within the cap. See [`Backoff::scaled`].
///
/// ```
/// use retry_core::{Backoff, Constant, Failure, Ratio, Scaled, Seeded, Verdict};
/// use std::time::Duration;
///
/// let schedule: Scaled<Constant> = Constant::new(Duration::from_secs(60)).scaled(Ratio::new(1, 4).unwrap());
/// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
/// assert_eq!(delay, Some(Duration::from_secs(15)));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Scaled<B> {
    inner: B,
    factor: Ratio,
}

impl<B> Scaled<B> {
    pub(crate) const fn new(inner: B, factor: Ratio) -> Self {
        Self { inner, factor }
    }
    pub(crate) const fn inner(&self) -> &B {
        &self.inner
    }
    pub(crate) const fn factor(&self) -> Ratio {
        self.factor
    }
}

impl<B: Backoff> Backoff for Scaled<B> {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        let delay = self.inner.delay(failure, rng)?;
        Some(duration(self.factor.of(nanos(delay))).min(self.cap()))
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        let delay = self.inner.delay_below(duration(self.factor.reaching(nanos(cap))), failure, rng)?;
        Some(duration(self.factor.of(nanos(delay))).min(cap))
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
