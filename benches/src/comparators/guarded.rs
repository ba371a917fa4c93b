use std::cell::RefCell;
use std::time::Duration;

use retry_core::{Admission, Clock, Decision, Entropy, Failure, Outcome, RetryPolicy, StopReason, Time};

/// Says how many retries may be made. Times count from the beginning of the clock's time.
pub trait Allowance {
    /// A first attempt begins.
    fn began(&mut self, now: Duration) {
        let _ = now;
    }

    /// An attempt succeeded.
    fn succeeded(&mut self, now: Duration) {
        let _ = now;
    }

    /// Whether a retry may be made; takes what it costs.
    fn grants(&mut self, now: Duration) -> bool;
}

/// A policy behind an allowance.
#[derive(Debug)]
pub struct Guarded<P, A, C> {
    policy: P,
    allowance: RefCell<A>,
    clock: C,
}

impl<P: RetryPolicy, A: Allowance, C: Clock> Guarded<P, A, C> {
    /// `policy`, where `allowance` grants it at the time of `clock`.
    pub const fn new(policy: P, allowance: A, clock: C) -> Self {
        Self { policy, allowance: RefCell::new(allowance), clock }
    }

    fn now(&self) -> Duration {
        self.clock.now().since(Time::default())
    }
}

impl<P: RetryPolicy, A: Allowance, C: Clock> RetryPolicy for Guarded<P, A, C> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let decision = self.policy.decide(failure, rng);
        match decision {
            Decision::Retry(_) if !self.allowance.borrow_mut().grants(self.now()) => Decision::Stop(StopReason::Budget),
            _ => decision,
        }
    }

    fn admit(&self, attempt: u32, _: &dyn Clock) -> Admission {
        if attempt == 1 {
            self.allowance.borrow_mut().began(self.now());
        }
        Admission::Go
    }

    fn outcome(&self, outcome: Outcome) {
        if let Outcome::Succeeded { .. } = outcome {
            self.allowance.borrow_mut().succeeded(self.now());
        }
        self.policy.outcome(outcome);
    }
}
