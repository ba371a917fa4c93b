//! The circuit breaker.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Clock, Entropy, Scope, Time, Verdict};

mod guarded;
mod rule;
mod state;
mod window;

pub use guarded::Guarded;
pub use rule::BreakerRule;
use state::State;

/// A circuit breaker: after too many failures it lets nobody through for a while, and then a few probes.
///
/// | state | lets through | until |
/// |---|---|---|
/// | closed | everybody | the rule says that too much fails |
/// | open | nobody | the cool-down is over |
/// | half-open | as many probes as the rule says | all have succeeded: closed; one has failed: open again, for longer |
///
/// Only failures of a scope wider than [`Scope::Request`](crate::Scope::Request) count: a mailbox that does not exist
/// says that the server works, and counts as a success. A probe that nobody reports (its call was dropped) is given
/// up after one more cool-down. Results of attempts that began before it opened are ignored while it is open.
///
/// It is off unless asked for: by [`guarded`](crate::RetryPolicy::guarded), or for a
/// [`Destination`](crate::Destination) by its rule. What it costs: it refuses first attempts, too, so it fails
/// requests that would have succeeded wherever only some fail, and a client with little traffic learns late. A
/// [`RetryBudget`](crate::RetryBudget) keeps retries from harming a server without that. Use a breaker where failing
/// takes long or holds something scarce, or where there is another host to go to. Success and admission take a lock
/// while anything has failed lately, or always where the rule goes by rate; otherwise they read one atomic.
///
/// Source: Michael Nygard, "Release It!" (the pattern); the half-open state as in resilience4j and failsafe-go.
///
/// ```
/// use retry_core::{Breaker, BreakerRule, BreakerState, Policy, Seeded, Time, Verdict};
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let breaker = Breaker::new(BreakerRule::consecutive(2).cool_down(Policy::exponential(10 * second, 60 * second)));
/// let at = |seconds: u64| Time::default().after(Duration::from_secs(seconds));
/// let mut rng = Seeded::new(0);
/// breaker.failed(&Verdict::TRANSIENT, at(0), &mut rng);
/// assert!(breaker.admits(at(1)));
/// breaker.failed(&Verdict::TRANSIENT, at(1), &mut rng);
/// assert_eq!(breaker.state(at(2)), BreakerState::Open { until: at(11) });
/// assert!(!breaker.admits(at(2)));
/// // One probe.
/// assert!(breaker.admits(at(11)) && !breaker.admits(at(11)));
/// breaker.succeeded(at(12));
/// assert_eq!(breaker.state(at(12)), BreakerState::Closed);
/// ```
#[derive(Debug)]
pub struct Breaker {
    rule: BreakerRule,
    /// Closed, and a success would change nothing.
    quiet: AtomicBool,
    state: Mutex<State>,
}

/// What a [`Breaker`] lets through.
///
/// ```
/// use retry_core::{Breaker, BreakerRule, BreakerState, Time};
///
/// assert_eq!(Breaker::new(BreakerRule::consecutive(5)).state(Time::default()), BreakerState::Closed);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum BreakerState {
    /// Everybody.
    Closed,
    /// Nobody before this time.
    Open {
        /// The end of the cool-down.
        until: Time,
    },
    /// Probes.
    HalfOpen,
}

impl Breaker {
    /// A closed breaker.
    ///
    /// ```
    /// # use retry_core::{Breaker, BreakerRule, Time};
    /// assert!(Breaker::new(BreakerRule::consecutive(5)).admits(Time::default()));
    /// ```
    #[must_use]
    pub const fn new(rule: BreakerRule) -> Self {
        let quiet = AtomicBool::new(!rule.goes_by_rate());
        Self { rule, quiet, state: Mutex::new(State::CLOSED) }
    }

    /// Whether an attempt may begin at `now`. In the half-open state each `true` is one of the probes, whose result
    /// must be told, or [`withdrawn`](Self::withdrawn).
    ///
    /// ```
    /// # use retry_core::{Breaker, BreakerRule, Seeded, Time, Verdict};
    /// let breaker = Breaker::new(BreakerRule::consecutive(1));
    /// breaker.failed(&Verdict::TRANSIENT, Time::default(), &mut Seeded::new(0));
    /// assert!(!breaker.admits(Time::default()));
    /// ```
    #[must_use]
    #[inline]
    pub fn admits(&self, now: Time) -> bool {
        self.quiet.load(Ordering::Relaxed) || self.lock().admits(&self.rule, now)
    }

    /// An attempt that was let through will not be made.
    ///
    /// ```
    /// # use retry_core::{Breaker, BreakerRule, Policy, Seeded, Time, Verdict};
    /// # use std::time::Duration;
    /// let breaker = Breaker::new(BreakerRule::consecutive(1).cool_down(Policy::constant(Duration::from_secs(1))));
    /// breaker.failed(&Verdict::TRANSIENT, Time::default(), &mut Seeded::new(0));
    /// let later = Time::default().after(Duration::from_secs(1));
    /// assert!(breaker.admits(later) && !breaker.admits(later));
    /// breaker.withdrawn();
    /// assert!(breaker.admits(later));
    /// ```
    pub fn withdrawn(&self) {
        if !self.quiet.load(Ordering::Relaxed) {
            self.lock().withdrawn();
        }
    }

    /// An attempt succeeded at `now`.
    ///
    /// ```
    /// # use retry_core::{Breaker, BreakerRule, Seeded, Time, Verdict};
    /// let breaker = Breaker::new(BreakerRule::consecutive(2));
    /// for _ in 0..10 {
    ///     breaker.failed(&Verdict::TRANSIENT, Time::default(), &mut Seeded::new(0));
    ///     breaker.succeeded(Time::default());
    /// }
    /// assert!(breaker.admits(Time::default()));
    /// ```
    #[inline]
    pub fn succeeded(&self, now: Time) {
        if !self.quiet.load(Ordering::Relaxed) {
            let mut state = self.lock();
            state.succeeded(&self.rule, now);
            self.quiet.store(state.is_quiet(&self.rule), Ordering::Relaxed);
        }
    }

    /// An attempt failed at `now`. `rng` draws the jitter of the cool-down.
    ///
    /// ```
    /// # use retry_core::{Breaker, BreakerRule, Scope, Seeded, Time, Verdict};
    /// let breaker = Breaker::new(BreakerRule::consecutive(1));
    /// breaker.failed(&Verdict::PERMANENT.scope(Scope::Request), Time::default(), &mut Seeded::new(0));
    /// assert!(breaker.admits(Time::default()));
    /// ```
    pub fn failed(&self, verdict: &Verdict, now: Time, rng: &mut dyn Entropy) {
        if verdict.scope == Scope::Request {
            return self.succeeded(now);
        }
        let mut state = self.lock();
        self.quiet.store(false, Ordering::Relaxed);
        state.failed(&self.rule, verdict, now, rng);
    }

    /// What it lets through at `now`.
    ///
    /// ```
    /// # use retry_core::{Breaker, BreakerRule, BreakerState, Time};
    /// let breaker = Breaker::new(BreakerRule::rate(50, 10, std::time::Duration::from_secs(10)));
    /// assert_eq!(breaker.state(Time::default()), BreakerState::Closed);
    /// ```
    #[must_use]
    pub fn state(&self, now: Time) -> BreakerState {
        self.lock().shown(now)
    }

    /// How often it has opened since it was last closed.
    ///
    /// ```
    /// # use retry_core::{Breaker, BreakerRule};
    /// assert_eq!(Breaker::new(BreakerRule::consecutive(1)).trips(), 0);
    /// ```
    #[must_use]
    pub fn trips(&self) -> u32 {
        self.lock().trips()
    }

    /// Whether an attempt may begin, by whoever has the clock: a quiet breaker does not look at it.
    pub(crate) fn admits_by(&self, clock: &dyn Clock) -> bool {
        self.quiet.load(Ordering::Relaxed) || self.admits(clock.now())
    }

    /// Whether nothing is under way that must be remembered.
    pub(crate) fn is_at_rest(&self, now: Time) -> bool {
        self.lock().is_at_rest(now)
    }

    /// Nothing panics while it is held; if something did, the counts are still counts.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
