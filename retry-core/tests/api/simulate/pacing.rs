//! A sender that paces itself by additive increase and multiplicative decrease, against providers that limit it.

use std::cell::Cell;
use std::time::Duration;

use retry_core::simulate::{Fleet, Summary};
use retry_core::{Admission, Class, Clock, Decision, Entropy, Failure, Law, Outcome, Policy, RetryPolicy, Time};

use super::support::{near, runs, scenario};
use crate::support::facts::SECOND;

/// Twenty workers share it: `rate += 2 / rate` with each success, `rate *= 0.7` at most twice a second with a throttle.
#[derive(Debug)]
struct Aimd {
    schedule: Policy,
    rate: Cell<f64>,
    tokens: Cell<f64>,
    filled: Cell<Time>,
    slowed: Cell<Option<Time>>,
}

impl Aimd {
    fn new(schedule: Policy) -> Self {
        let [rate, tokens] = [Cell::new(10.0), Cell::new(1.0)];
        let filled = Cell::new(Time::default());
        Self { schedule, rate, tokens, filled, slowed: Cell::new(None) }
    }
}

impl RetryPolicy for Aimd {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let now = failure.now();
        let lately = self.slowed.get().is_some_and(|at| now.since(at) <= SECOND / 2);
        if failure.verdict().class == Class::Throttled && !lately {
            self.rate.set((self.rate.get() * 0.7).max(0.5));
            self.slowed.set(Some(now));
        }
        self.schedule.decide(failure, rng)
    }

    fn admit(&self, _: u32, clock: &dyn Clock) -> Admission {
        let (now, rate) = (clock.now(), self.rate.get());
        let passed = now.since(self.filled.replace(now)).as_secs_f64();
        let tokens = (self.tokens.get() + passed * rate).min((rate / 10.0).max(1.0)) - 1.0;
        // Whoever has to wait has its place.
        self.tokens.set(tokens);
        if tokens >= 0.0 { Admission::Go } else { Admission::Wait(Duration::from_micros(micros(-tokens / rate))) }
    }

    fn outcome(&self, outcome: Outcome) {
        if let Outcome::Succeeded { .. } = outcome {
            self.rate.set(self.rate.get() + 2.0 / self.rate.get().max(1.0));
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn micros(seconds: f64) -> u64 {
    (seconds * 1e6).ceil() as u64
}

/// A second doubling to a minute, full jitter, for as long as it takes.
const PATIENT: Policy = Policy::exponential(SECOND, Duration::from_secs(60)).jitter(Law::FULL);

fn paced(name: &str) -> (f64, Summary) {
    let scenario = scenario(name);
    let summary = runs(&scenario, &Fleet::of(|_| Aimd::new(PATIENT)).shared(), 5);
    let drained = summary.drained().iter().map(|drained| drained.unwrap().as_secs_f64());
    (drained.fold(0.0, f64::max) / scenario.ideal_drain().unwrap().as_secs_f64(), summary)
}

#[test]
fn pacing_keeps_refusals_rare_at_a_plain_limit() {
    let (ratio, summary) = paced("rate-limit");
    assert!(ratio <= 1.15, "{ratio}");
    assert!(summary.throttled() <= 0.015, "{}", summary.throttled());
    near(summary.success(), 1.0, 1e-9);
}

#[test]
fn pacing_halves_the_time_at_a_provider_that_bans() {
    let (ratio, _) = paced("rate-ban");
    let plain = runs(&scenario("rate-ban"), &Fleet::of(|_| PATIENT), 5);
    let plain = plain.drained().iter().map(|drained| drained.unwrap().as_secs_f64()).fold(f64::INFINITY, f64::min);
    assert!(ratio * 199.0 < plain / 1.5, "{ratio} {plain}");
}
