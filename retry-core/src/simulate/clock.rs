use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Clock, Entropy, Seeded, Time};

/// The clock of a simulation: stands still until the simulation moves it. Clones share it.
///
/// A policy that needs the time gets it from its [`Seat`](super::Seat).
///
/// ```
/// use retry_core::simulate::{Fleet, Scenario};
/// use retry_core::{Clock, Decision, Entropy, Failure, RetryPolicy, StopReason, Time};
///
/// /// Retries in the first ten seconds of the world only.
/// struct Early<C>(C);
///
/// impl<C: Clock> RetryPolicy for Early<C> {
///     fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
///         match self.0.now() < Time::from_nanos(10_000_000_000) {
///             true => Decision::retry(std::time::Duration::ZERO),
///             false => Decision::Stop(StopReason::Deadline),
///         }
///     }
/// }
///
/// let report = Scenario::named("errors-20")[0].run(&Fleet::of(|seat| Early(seat.clock())), 1)?;
/// // Ten of sixty seconds with three attempts, then one: (10 * 0.992 + 50 * 0.8) / 60 = 0.832
/// assert!((report.success() - 0.832).abs() < 0.01);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SimClock(Arc<State>);

#[derive(Debug)]
struct State {
    now: AtomicU64,
    /// A counter, as in [`SeededSleeper`](crate::SeededSleeper).
    random: AtomicU64,
}

impl SimClock {
    pub(super) fn new(seed: u64) -> Self {
        Self(Arc::new(State { now: AtomicU64::new(0), random: AtomicU64::new(seed) }))
    }

    pub(super) fn set(&self, now: Time) {
        self.0.now.store(now.as_nanos(), Ordering::Relaxed);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Time {
        Time::from_nanos(self.0.now.load(Ordering::Relaxed))
    }

    fn random(&self) -> u64 {
        Seeded::new(self.0.random.fetch_add(Seeded::STEP, Ordering::Relaxed)).next_u64()
    }
}
