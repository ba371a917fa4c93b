use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{BlockingSleeper, Clock, Sleeper};
use crate::{Entropy, Seeded, Time};

/// Any clock, with its randomness from a seed: the same seed replays the same jitter.
///
/// Runs that share it draw from one sequence, in the order in which they ask.
///
/// ```
/// use retry_core::{Clock, SeededSleeper, ThreadSleeper};
///
/// let (a, b) = (SeededSleeper::new(ThreadSleeper, 42), SeededSleeper::new(ThreadSleeper, 42));
/// assert_eq!([a.random(), a.random()], [b.random(), b.random()]);
/// ```
#[derive(Debug)]
pub struct SeededSleeper<S> {
    inner: S,
    state: AtomicU64,
}

impl<S> SeededSleeper<S> {
    /// `inner` with the sequence of `seed`.
    ///
    /// ```
    /// # use retry_core::{Clock, SeededSleeper, ThreadSleeper};
    /// let clock = SeededSleeper::new(ThreadSleeper, 1);
    /// assert_ne!(clock.random(), clock.random());
    /// ```
    #[must_use]
    pub const fn new(inner: S, seed: u64) -> Self {
        Self { inner, state: AtomicU64::new(seed) }
    }
}

impl<S: Clock> Clock for SeededSleeper<S> {
    fn now(&self) -> Time {
        self.inner.now()
    }

    /// The state is a counter, so that a draw is one atomic addition.
    fn random(&self) -> u64 {
        Seeded::new(self.state.fetch_add(Seeded::STEP, Ordering::Relaxed)).next_u64()
    }
}

impl<S: Sleeper> Sleeper for SeededSleeper<S> {
    type Sleep = S::Sleep;
    fn sleep(&self, delay: Duration) -> S::Sleep {
        self.inner.sleep(delay)
    }
}

impl<S: BlockingSleeper> BlockingSleeper for SeededSleeper<S> {
    fn sleep_blocking(&self, delay: Duration) {
        self.inner.sleep_blocking(delay);
    }
}
