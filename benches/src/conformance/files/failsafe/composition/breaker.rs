//! A circuit breaker of a composition.

use std::time::Duration;

use retry_core::{Breaker, BreakerRule, BreakerState, Policy, Seeded, Time, Verdict};

use super::layer::{Arguments, Handles, time};
use super::step::Output;

/// A circuit breaker, and what it was told.
pub(super) struct Guard {
    breaker: Breaker,
    handles: Handles,
    pub(super) failures: usize,
    pub(super) successes: usize,
    /// Executions that it refused.
    pub(super) refused: usize,
    rng: Seeded,
}

impl Guard {
    /// Opens at the first failure and stays open for a minute, unless it says otherwise. `open` is one that was opened before.
    pub(super) fn parse(arguments: &Arguments<'_>) -> Option<Self> {
        let (mut failures, mut probes, mut delay) = (1, 1, Duration::from_secs(60));
        let (mut open, mut handles) = (false, Handles::default());
        for (key, value) in arguments.iter() {
            match (key, value) {
                ("", "default") | ("state", "closed") | ("", "closed") => {}
                ("", "open") | ("state", "open") | ("open", "true") => open = true,
                ("" | "failure_threshold" | "failures" | "threshold", number) => failures = number.parse().ok()?,
                ("success_threshold" | "successes", number) => probes = number.parse().ok()?,
                ("delay" | "cool_down", text) => delay = time(text)?,
                _ => handles.take(key, value)?,
            }
        }
        let rule = BreakerRule::consecutive(failures).probes(probes).cool_down(Policy::constant(delay));
        let (breaker, mut rng) = (Breaker::new(rule), Seeded::new(0));
        if open {
            (0..failures.max(1)).for_each(|_| breaker.failed(&Verdict::TRANSIENT, Time::default(), &mut rng));
        }
        Some(Self { breaker, handles, failures: 0, successes: 0, refused: 0, rng })
    }

    pub(super) fn admits(&mut self, now: Time) -> bool {
        let admits = self.breaker.admits(now);
        self.refused += usize::from(!admits);
        admits
    }

    pub(super) fn told(&mut self, output: &Output, now: Time) {
        match output {
            // Who cut it tells nobody within.
            Output::Cut => self.breaker.withdrawn(),
            output if self.handles.handles(output) => {
                self.failures += 1;
                self.breaker.failed(&Verdict::TRANSIENT, now, &mut self.rng);
            }
            _ => {
                self.successes += 1;
                self.breaker.succeeded(now);
            }
        }
    }

    pub(super) fn state(&self, now: Time) -> &'static str {
        match self.breaker.state(now) {
            BreakerState::Closed => "closed",
            BreakerState::Open { .. } => "open",
            _ => "half_open",
        }
    }
}
