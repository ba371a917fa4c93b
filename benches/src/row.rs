//! One way to retry, with everything that can be measured of it.

use std::fmt::{self, Debug};

use crate::caller::Caller;
use crate::crowd::{self, Crowd};
use crate::guard::Guard;
use crate::loops;
use crate::mode::Mode;
use crate::work::Script;

/// A loop that runs so many iterations.
pub type Loop = Box<dyn Fn(u64) + Sync>;

/// One way to retry. What it cannot do stays `None`.
pub struct Row {
    /// As printed, and as `--row` and `measure` know it.
    pub name: &'static str,
    /// Succeeds at once.
    pub happy: Option<Loop>,
    /// Fails three times, then succeeds; the sleeper is ready at once.
    pub f3: Option<Loop>,
    /// The same with tokio's timer, time paused.
    pub f3_tokio: Option<Loop>,
    /// Computes [`DELAYS_A_RUN`](crate::work::DELAYS_A_RUN) jittered delays an iteration.
    pub delays: Option<Loop>,
    /// Tells a budget of a success and draws a retry from it.
    pub budget: Option<Guard>,
    /// Takes a place from a pacer and tells it of a success.
    pub pacer: Option<Guard>,
    /// Asks a circuit breaker and tells it of a success.
    pub breaker: Option<Guard>,
    /// All three: a call that fails once and then succeeds.
    pub guards: Option<Guard>,
    /// The size of the call's future without a timer.
    pub future_bytes_noop: Option<Box<dyn Fn() -> usize + Sync>>,
    /// The size of the call's future with tokio's timer.
    pub future_bytes_tokio: Option<Box<dyn Fn() -> usize + Sync>>,
    /// Runs many calls at the same time.
    pub crowd: Option<Box<dyn Fn(u32) -> Crowd + Sync>>,
}

impl Row {
    /// Measures nothing yet.
    #[must_use]
    pub fn named(name: &'static str) -> Self {
        Self {
            name,
            happy: None,
            f3: None,
            f3_tokio: None,
            delays: None,
            budget: None,
            pacer: None,
            breaker: None,
            guards: None,
            future_bytes_noop: None,
            future_bytes_tokio: None,
            crowd: None,
        }
    }

    /// Adds the async form whose sleeper is ready at once: cost without any timer.
    #[must_use]
    pub fn at_once<C: Caller>(mut self, make: impl Fn() -> C + Copy + Sync + 'static) -> Self {
        self.happy = Some(Box::new(move |n| loops::polled(make, 0, n)));
        self.f3 = Some(Box::new(move |n| loops::polled(make, 3, n)));
        self.future_bytes_noop = Some(Box::new(move || loops::future_bytes(make)));
        self
    }

    /// Adds the async form with tokio's timer, which also stands for the happy path where there is no other.
    #[must_use]
    pub fn tokio<C>(mut self, make: impl Fn() -> C + Copy + Sync + 'static) -> Self
    where
        C: Caller<Error: 'static, Future: 'static>,
    {
        if self.happy.is_none() {
            self.happy = Some(Box::new(move |n| loops::polled(make, 0, n)));
        }
        self.f3_tokio = Some(Box::new(move |n| loops::awaited(make, 3, n)));
        self.future_bytes_tokio = Some(Box::new(move || loops::future_bytes(make)));
        self.crowd = Some(Box::new(move |tasks| crowd::gather(make, tasks)));
        self
    }

    /// Adds the blocking form, with a sleeper that returns at once.
    #[must_use]
    pub fn blocking<B, E>(mut self, make: impl Fn() -> B + Copy + Sync + 'static) -> Self
    where
        B: FnMut(&'static Script) -> Result<u64, E>,
        E: Debug,
    {
        self.happy = Some(Box::new(move |n| loops::blocking(make, 0, n)));
        self.f3 = Some(Box::new(move |n| loops::blocking(make, 3, n)));
        self
    }

    /// Adds a budget, and the loop over it.
    #[must_use]
    pub fn budget<F: Fn(u64) + Sync>(self, make: impl Fn() -> F + Copy + Sync + 'static) -> Self {
        Self { budget: Some(Guard::new(make)), ..self }
    }

    /// Adds a pacer, and the loop over it.
    #[must_use]
    pub fn pacer<F: Fn(u64) + Sync>(self, make: impl Fn() -> F + Copy + Sync + 'static) -> Self {
        Self { pacer: Some(Guard::new(make)), ..self }
    }

    /// Adds a circuit breaker, and the loop over it.
    #[must_use]
    pub fn breaker<F: Fn(u64) + Sync>(self, make: impl Fn() -> F + Copy + Sync + 'static) -> Self {
        Self { breaker: Some(Guard::new(make)), ..self }
    }

    /// Adds all three of one destination, and the loop over them.
    #[must_use]
    pub fn guards<F: Fn(u64) + Sync>(self, make: impl Fn() -> F + Copy + Sync + 'static) -> Self {
        Self { guards: Some(Guard::new(make)), ..self }
    }

    /// The guard of so named a mode.
    #[must_use]
    pub const fn guard(&self, mode: Mode) -> Option<&Guard> {
        match mode {
            Mode::Budget => self.budget.as_ref(),
            Mode::Pacer => self.pacer.as_ref(),
            Mode::Breaker => self.breaker.as_ref(),
            Mode::Guards => self.guards.as_ref(),
            _ => None,
        }
    }

    /// Adds the loop that only computes delays.
    #[must_use]
    pub fn delays(mut self, run: fn(u64)) -> Self {
        self.delays = Some(Box::new(run));
        self
    }
}

impl Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("name", &self.name).finish_non_exhaustive()
    }
}
