use std::num::NonZeroU32;
use std::time::Duration;

use super::BreakerState;
use super::rule::{BreakerRule, Trip};
use super::window::Window;
use crate::time::nanos;
use crate::{Decision, Entropy, Failure, RetryPolicy, Time, Verdict};

/// What a breaker knows, under its lock.
#[derive(Debug)]
pub(super) struct State {
    phase: Phase,
    /// Failures since the last success.
    consecutive: u32,
    window: Window,
    trips: u32,
    /// The last cool-down in nanoseconds.
    cool_down: u64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    Closed,
    Open {
        until: Time,
    },
    /// Probes since a time: so many let through, so many of them well.
    HalfOpen {
        since: Time,
        out: u32,
        well: u32,
    },
}

impl State {
    pub(super) const CLOSED: Self =
        Self { phase: Phase::Closed, consecutive: 0, window: Window::EMPTY, trips: 0, cool_down: 1_000_000_000 };

    pub(super) fn admits(&mut self, rule: &BreakerRule, now: Time) -> bool {
        match &mut self.phase {
            Phase::Closed => true,
            Phase::Open { until } if now < *until => false,
            Phase::HalfOpen { out, .. } if *out < rule.probes => {
                *out += 1;
                true
            }
            // Probes of which nobody heard again.
            Phase::HalfOpen { since, .. } if now.nanos_since(*since) < self.cool_down => false,
            Phase::Open { .. } | Phase::HalfOpen { .. } => {
                self.phase = Phase::HalfOpen { since: now, out: 1, well: 0 };
                true
            }
        }
    }

    pub(super) fn withdrawn(&mut self) {
        if let Phase::HalfOpen { out, well, .. } = &mut self.phase {
            // One that was let in while it was closed is none of the probes.
            *out = out.saturating_sub(1).max(*well);
        }
    }

    pub(super) fn succeeded(&mut self, rule: &BreakerRule, now: Time) {
        match &mut self.phase {
            Phase::Closed => {
                self.consecutive = 0;
                if let Trip::Rate { window, .. } = rule.trip {
                    self.window.count(false, now.as_nanos(), window);
                }
            }
            Phase::Open { .. } => {}
            Phase::HalfOpen { well, .. } => {
                *well += 1;
                if *well >= rule.probes {
                    *self = Self::CLOSED;
                }
            }
        }
    }

    pub(super) fn failed(&mut self, rule: &BreakerRule, verdict: &Verdict, now: Time, rng: &mut dyn Entropy) {
        let opens = match self.phase {
            Phase::Closed => self.is_too_much(rule, now),
            Phase::Open { .. } => false,
            Phase::HalfOpen { .. } => true,
        };
        if opens {
            self.trips = self.trips.saturating_add(1);
            self.cool_down = self.next_cool_down(rule, verdict, rng);
            self.phase = Phase::Open { until: now.after(Duration::from_nanos(self.cool_down)) };
        }
    }

    fn is_too_much(&mut self, rule: &BreakerRule, now: Time) -> bool {
        self.consecutive = self.consecutive.saturating_add(1);
        match rule.trip {
            Trip::Consecutive(failures) => self.consecutive >= failures,
            Trip::Rate { percent, least, window } => {
                let count = self.window.count(true, now.as_nanos(), window);
                count.all >= u64::from(least) && count.failed * 100 >= count.all * u64::from(percent)
            }
        }
    }

    fn next_cool_down(&self, rule: &BreakerRule, verdict: &Verdict, rng: &mut dyn Entropy) -> u64 {
        let trips = NonZeroU32::new(self.trips).unwrap_or(NonZeroU32::MIN);
        // Whatever it was that failed: it is the breaker that tries again.
        let verdict = verdict.hint().map_or(Verdict::TRANSIENT, |hint| Verdict::TRANSIENT.hinted(hint));
        match rule.cool_down.decide(&Failure::new(trips, Duration::ZERO, verdict), rng) {
            Decision::Retry(wait) => nanos(wait.delay()),
            Decision::Stop(_) => self.cool_down,
        }
    }

    pub(super) fn shown(&self, now: Time) -> BreakerState {
        match self.phase {
            Phase::Closed => BreakerState::Closed,
            Phase::Open { until } if now < until => BreakerState::Open { until },
            Phase::Open { .. } | Phase::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    pub(super) const fn trips(&self) -> u32 {
        self.trips
    }

    /// A success would change nothing.
    pub(super) fn is_quiet(&self, rule: &BreakerRule) -> bool {
        self.phase == Phase::Closed && self.consecutive == 0 && !rule.goes_by_rate()
    }

    /// No cool-down is running, and no probe is out.
    pub(super) fn is_at_rest(&self, now: Time) -> bool {
        match self.phase {
            Phase::Closed => true,
            Phase::Open { until } => until <= now,
            Phase::HalfOpen { since, .. } => now.nanos_since(since) >= self.cool_down,
        }
    }
}
