//! The retry budget as its formulas say it, in floating point: what the simulations were made with that chose its numbers.

use std::cell::Cell;

use retry_core::{Clock, Decision, Entropy, Failure, Needs, Outcome, Policy, RetryPolicy, StopReason, Time};

/// Each success deposits `ratio`, a retry costs 1, and the balance is at most the greater of `floor` and `ratio` times the
/// successes of the last ten seconds, decayed; `trickle` a second comes in anyway.
#[derive(Debug)]
pub(super) struct Formulas<C> {
    policy: Policy,
    clock: C,
    ratio: f64,
    floor: f64,
    trickle: f64,
    balance: Cell<f64>,
    successes: Cell<f64>,
    at: Cell<Time>,
}

/// Over which successes are forgotten, in seconds.
const WINDOW: f64 = 10.0;

impl<C: Clock> Formulas<C> {
    pub(super) fn new(policy: Policy, clock: C) -> Self {
        let (ratio, floor, trickle) = (0.5, 3.0, 1.0 / 60.0);
        let (balance, successes, at) = (Cell::new(floor), Cell::new(0.0), Cell::new(clock.now()));
        Self { policy, clock, ratio, floor, trickle, balance, successes, at }
    }

    fn deposit(&self, tokens: f64) {
        let most = self.floor.max(self.ratio * self.successes.get());
        self.balance.set((self.balance.get() + tokens).min(most));
    }

    fn decay(&self) {
        let now = self.clock.now();
        let passed = now.since(self.at.replace(now)).as_secs_f64();
        self.successes.set(self.successes.get() * (-passed / WINDOW).exp());
        self.deposit(self.trickle * passed);
    }
}

impl<C: Clock> RetryPolicy for Formulas<C> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let decision = self.policy.decide(failure, rng);
        if decision.delay().is_none() {
            return decision;
        }
        self.decay();
        if self.balance.get() < 1.0 {
            return Decision::Stop(StopReason::Budget);
        }
        self.balance.set(self.balance.get() - 1.0);
        decision
    }

    fn outcome(&self, outcome: Outcome) {
        self.decay();
        match outcome {
            Outcome::Succeeded { .. } => {
                self.successes.set(self.successes.get() + 1.0);
                self.deposit(self.ratio);
            }
            Outcome::Withdrawn => self.deposit(1.0),
            _ => {}
        }
    }

    fn needs(&self) -> Needs {
        Needs { outcomes: true, ..Needs::NOTHING }
    }
}
