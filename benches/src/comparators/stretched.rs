use std::cell::Cell;
use std::time::Duration;

use retry_core::{Decision, Entropy, Failure, Grant, Outcome, Policy, RetryPolicy};

/// A schedule whose delays are divided by a moving average of the success rate: what "adaptive backoff" alone comes to.
#[derive(Debug)]
pub struct Stretched {
    schedule: Policy,
    weight: f64,
    floor: f64,
    success: Cell<f64>,
}

impl Stretched {
    /// Each attempt counts with `weight`, and delays grow at most to `1 / floor` times.
    #[must_use]
    pub const fn new(schedule: Policy, weight: f64, floor: f64) -> Self {
        Self { schedule, weight, floor, success: Cell::new(1.0) }
    }

    fn heard(&self, success: f64) {
        let before = self.success.get();
        self.success.set(before + self.weight * (success - before));
    }
}

impl RetryPolicy for Stretched {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        self.heard(0.0);
        let decision = self.schedule.decide(failure, rng);
        let Some(delay) = decision.delay() else { return decision };
        let seconds = delay.as_secs_f64() / self.success.get().max(self.floor);
        let cap = self.schedule.cap().unwrap_or(Duration::MAX);
        Decision::retry(nanoseconds(seconds).min(cap))
    }

    fn outcome(&self, outcome: Outcome) {
        if let Outcome::Succeeded { .. } = outcome {
            self.heard(1.0);
        }
    }

    /// Nothing is given back: it counts attempts, not retries.
    fn withdrawn(&self, _: &mut Grant) {}
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn nanoseconds(seconds: f64) -> Duration {
    Duration::from_nanos((seconds * 1e9) as u64)
}
