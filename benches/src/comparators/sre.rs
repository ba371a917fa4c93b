use std::cell::Cell;
use std::time::Duration;

use retry_core::{Admission, Clock, Decision, Entropy, Failure, Outcome, Policy, RetryPolicy, StopReason, Time};

/// Client-side throttling of Google's SRE book (chapter 21): an attempt is refused locally with the probability
/// `max(0, (requests - k accepts) / (requests + 1))`, over an exponentially decayed window.
#[derive(Debug)]
pub struct Sre<C> {
    schedule: Policy,
    k: f64,
    window: f64,
    only_retries: bool,
    clock: C,
    requests: Cell<f64>,
    accepts: Cell<f64>,
    at: Cell<Time>,
}

impl<C: Clock> Sre<C> {
    /// With this `k` and window; `only_retries` lets all first attempts through.
    pub fn new(schedule: Policy, k: f64, window: Duration, only_retries: bool, clock: C) -> Self {
        let [requests, accepts] = [Cell::new(0.0), Cell::new(0.0)];
        let at = Cell::new(clock.now());
        Self { schedule, k, window: window.as_secs_f64(), only_retries, clock, requests, accepts, at }
    }

    fn decay(&self) {
        let now = self.clock.now();
        let part = (-now.since(self.at.replace(now)).as_secs_f64() / self.window).exp();
        self.requests.set(self.requests.get() * part);
        self.accepts.set(self.accepts.get() * part);
    }

    /// Whether an attempt is let through, by a draw of 64 bits.
    fn lets(&self, bits: u64) -> bool {
        self.decay();
        let (requests, accepts) = (self.requests.get(), self.accepts.get());
        let refused = ((requests - self.k * accepts) / (requests + 1.0)).max(0.0);
        unit(bits) >= refused
    }

    fn ask(&self) {
        self.requests.set(self.requests.get() + 1.0);
    }
}

impl<C: Clock> RetryPolicy for Sre<C> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let decision = self.schedule.decide(failure, rng);
        if decision.delay().is_none() {
            return decision;
        }
        if !self.lets(rng.next_u64()) {
            return Decision::Stop(StopReason::Budget);
        }
        self.ask();
        decision
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        if attempt > 1 {
            return Admission::Go;
        }
        let lets = self.lets(clock.random()) || self.only_retries;
        self.ask();
        if lets { Admission::Go } else { Admission::Refuse(StopReason::Budget) }
    }

    fn outcome(&self, outcome: Outcome) {
        if let Outcome::Succeeded { .. } = outcome {
            self.decay();
            self.accepts.set(self.accepts.get() + 1.0);
        }
    }
}

/// 53 bits as a number in 0 .. 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits are what an f64 holds")]
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}
