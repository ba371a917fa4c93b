//! Wall time: the one place here that reads the clock.

use std::time::{Duration, Instant};

use crate::allocations;

/// Runs from its start on.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark is about real time; the engine's clocks are measured, not used"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "as above")]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The time that one repetition must reach.
const LONG_ENOUGH: Duration = Duration::from_millis(15);
const REPETITIONS: u32 = 9;

/// Nanoseconds of one iteration of `run`: the least of several repetitions, since whatever disturbs a run only adds.
#[must_use]
pub fn nanoseconds(run: &dyn Fn(u64)) -> f64 {
    let mut n: u32 = 16;
    // Long enough each time: once may be the scheduler's doing.
    while n < u32::MAX / 2 && (0..3).any(|_| time(run, u64::from(n)) < LONG_ENOUGH) {
        n *= 2;
    }
    let least = (0..REPETITIONS).map(|_| time(run, u64::from(n))).min().unwrap_or_default();
    least.as_secs_f64() * 1e9 / f64::from(n)
}

/// The time of `n` iterations of `run`.
pub fn time(run: &dyn Fn(u64), n: u64) -> Duration {
    let watch = Stopwatch::start();
    allocations::uncounted(|| run(n));
    watch.elapsed()
}
