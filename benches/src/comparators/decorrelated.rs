use std::time::Duration;

use retry_core::{Backoff, Decorrelated, Entropy, Failure, Invalid};

/// Decorrelated jitter as the AWS article has it: drawn up to three times the last delay and then cut, so that delays pile
/// up at the cap. [`Decorrelated`] draws below the cap instead.
#[derive(Clone, Copy, Debug)]
pub struct CutDecorrelated {
    drawn: Decorrelated,
    cap: Duration,
}

impl CutDecorrelated {
    /// From `base`, cut at `cap`.
    ///
    /// # Errors
    /// None: every pair of spans has a meaning. The type is that of [`Decorrelated::new`].
    pub fn new(base: Duration, cap: Duration) -> Result<Self, Invalid> {
        Ok(Self { drawn: Decorrelated::new(base, Duration::MAX)?, cap })
    }
}

impl Backoff for CutDecorrelated {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.drawn.delay(failure, rng).map(|delay| delay.min(self.cap))
    }

    fn cap(&self) -> Duration {
        self.cap
    }

    fn needs_time(&self) -> bool {
        false
    }
}
