//! The laws of Finagle's jitters and cockatiel's generators, over many seeds, bases and caps.

use std::time::Duration;

use retry_core::{
    Backoff, Constant, DecorrelatedV2, Entropy, Exponential, Failure, Full, Jitter, Law, Policy, RetryPolicy, Schedule,
};

use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::law;
use crate::conformance::quantity::ratio;
use crate::conformance::runs::{self, Delays};

/// Bases and caps, some contrary, some as great as can be.
const SETTINGS: [(Duration, Duration); 7] = [
    (Duration::from_millis(128), Duration::from_secs(30)),
    (Duration::from_millis(1), Duration::from_millis(100)),
    (Duration::from_secs(5), Duration::from_secs(5)),
    (Duration::from_secs(4), Duration::from_secs(10)),
    (Duration::from_secs(10), Duration::from_secs(1)),
    (Duration::from_nanos(1), Duration::MAX),
    (Duration::from_nanos(u64::MAX / 2), Duration::from_nanos(u64::MAX)),
];
const LENGTH: usize = 20;

const DECORRELATED: &str = "next = start + U(0, min(max, #*start) - start); first delay == start; \
                            start >= max/# -> upper=max (no overflow)";
const EQUAL: &str =
    "half = min(max, start*2^(n-1)); next = max if half==max or half >= max - U(0,half) else half + U(0,half)";
const FULL: &str = "m = min(max, start*2^n); next = max if m==max else U(0,m)  (max is NOT jittered)";
const GENERATORS: &str = "for all generators: 0 <= delay_k <= min(max, initial*#^k), k=#..#";

pub(super) fn run(case: &Case) -> Outcome {
    if let Some(numbers) = law::numbers(case, DECORRELATED)? {
        return decorrelated(numbers[0]);
    }
    if law::numbers(case, EQUAL)?.is_some() {
        return ends_at_the_cap(Law::EQUAL);
    }
    if law::numbers(case, FULL)?.is_some() {
        return ends_at_the_cap(Law::FULL);
    }
    if let Some(numbers) = law::numbers(case, GENERATORS)? {
        return generators(numbers[0], numbers[1], numbers[2]);
    }
    Err(Fault::unreadable("the runner knows no such law"))
}

/// Finagle's decorrelated jitter: from the last delay up to a multiple of it, so that it never shrinks. The engine's own draws from
/// the base, as AWS's does; this is what a user writes for Finagle's.
struct Climbing {
    start: Duration,
    max: Duration,
    factor: retry_core::Ratio,
}

impl Backoff for Climbing {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        let Some(previous) = failure.previous_delay() else { return Some(self.start) };
        let top = Constant::new(previous).scaled(self.factor).delay(failure, rng)?.min(self.max);
        Some(previous + Full.apply(top.saturating_sub(previous), Duration::MAX, rng))
    }
    fn needs_time(&self) -> bool {
        false
    }
}

fn decorrelated(factor: f64) -> Outcome {
    let factor = ratio(factor)?;
    for (start, max) in SETTINGS {
        let policy = Climbing { start, max, factor }.into_policy();
        for draw in draws::many() {
            let mut previous = None;
            for delay in Delays::new(&policy, draw).take(LENGTH) {
                let Some(last) = previous.replace(delay) else {
                    hold(delay == start, "the first delay is the start", delay)?;
                    continue;
                };
                let most = last.as_nanos() * u128::from(factor.times()) / u128::from(factor.per());
                let top = most.min(max.as_nanos()).max(last.as_nanos());
                hold(delay >= last && delay.as_nanos() <= top, format!("{last:?} to {top} ns"), delay)?;
            }
        }
        // Both ends are reached.
        let second = |u| Delays::new(&policy, draws::always(u)).nth(1);
        hold(second(0.0) == Some(start), "the least second delay is the start", start)?;
        let most = start.saturating_mul(3).min(max).max(start).min(crate::conformance::unit::GREATEST);
        if factor == retry_core::Ratio::integer(3) {
            let got = second(1.0).unwrap_or_default();
            hold(most.saturating_sub(got) <= Duration::from_nanos(1), format!("{most:?}"), got)?;
        }
    }
    Ok(())
}

/// Finagle waits exactly the cap once a schedule has reached it. Our laws draw below it all the same.
fn ends_at_the_cap(law: Law) -> Outcome {
    let (start, max) = (Duration::from_secs(1), Duration::from_secs(8));
    let policy = Policy::exponential(start, max).jitter(law);
    for draw in draws::many() {
        for delay in Delays::new(&policy, draw).skip(5).take(LENGTH) {
            hold(delay == max, format!("{max:?} once the schedule has reached it"), delay)?;
        }
    }
    Ok(())
}

/// cockatiel's generators are none, full, half and decorrelated.
fn generators(factor: f64, first: f64, last: f64) -> Outcome {
    let factor = ratio(factor)?;
    let steps = |n: f64| -> Result<u64, Fault> {
        (1.0..=1e6)
            .contains(&n)
            .then_some(n)
            .and_then(|n| format!("{n:.0}").parse().ok())
            .ok_or_else(|| Fault::unreadable(format!("k = {n}")))
    };
    let (first, last) = (steps(first)?, steps(last)?);
    for (initial, max) in SETTINGS {
        let exponential = Policy::exponential(initial, max);
        let v2 = Policy::new(Schedule::DecorrelatedV2(DecorrelatedV2::new(initial, max))).capped(max);
        let bound = Exponential::new(initial).factor(factor).capped(max);
        let policies = [exponential.clone(), exponential.clone().jitter(Law::FULL), exponential.jitter(Law::EQUAL), v2];
        for policy in policies {
            for (draw, mut other) in draws::many().zip(draws::many()).take(64) {
                for (k, delay) in (first..=last).zip(Delays::new(&policy as &dyn RetryPolicy, draw)) {
                    // initial * factor^k is the delay after the next failure.
                    let most = bound.delay(&runs::failure(k + 1), &mut other).unwrap_or_default();
                    hold(delay <= most, format!("at most {most:?} at k = {k}"), delay)?;
                }
            }
        }
    }
    Ok(())
}

fn hold(holds: bool, law: impl ToString, got: Duration) -> Outcome {
    if holds { Ok(()) } else { Err(Fault::differs(law, format!("{got:?}"))) }
}
