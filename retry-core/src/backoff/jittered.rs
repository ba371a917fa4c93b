use std::time::Duration;

use crate::{Backoff, Capped, Entropy, Failure, Jitter};

/// Randomised within the cap. See [`Backoff::jittered`].
///
/// ```
/// use retry_core::{Backoff, Exponential, Failure, Full, Jittered, Seeded, Verdict};
/// use std::time::Duration;
///
/// let schedule: Jittered<_, Full> = Exponential::new(Duration::from_secs(100)).jittered(Full).capped(Duration::from_secs(1));
/// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0)).unwrap();
/// assert!(delay <= Duration::from_secs(1));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Jittered<B, J> {
    inner: B,
    jitter: J,
}

impl<B, J> Jittered<B, J> {
    pub(super) const fn new(inner: B, jitter: J) -> Self {
        Self { inner, jitter }
    }
}

impl<B: Backoff, J> Jittered<B, J> {
    /// Never waits longer than `max`; the cap goes under the jitter, which then spreads below it instead of being cut
    /// at it.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Full};
    /// # use std::time::Duration;
    /// let schedule = Constant::new(Duration::MAX).jittered(Full).capped(Duration::from_secs(2));
    /// assert_eq!(schedule.cap(), Duration::from_secs(2));
    /// ```
    pub fn capped(self, max: Duration) -> Jittered<Capped<B>, J> {
        Jittered { inner: self.inner.capped(max), jitter: self.jitter }
    }
}

impl<B: Backoff, J: Jitter> Backoff for Jittered<B, J> {
    #[inline]
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        let (delay, cap) = (self.inner.delay(failure, rng)?, self.inner.cap());
        // A jitter of somebody's own may not keep the cap.
        Some(self.jitter.apply(delay, cap, rng).min(cap))
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        let cap = cap.min(self.inner.cap());
        let delay = self.inner.delay_below(cap, failure, rng)?;
        Some(self.jitter.apply(delay, cap, rng).min(cap))
    }
    #[inline]
    fn cap(&self) -> Duration {
        self.inner.cap()
    }
    #[inline]
    fn needs_time(&self) -> bool {
        self.inner.needs_time()
    }
    fn ends_after(&self) -> Option<u32> {
        self.inner.ends_after()
    }
}
