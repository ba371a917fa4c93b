//! Delays alone, eight of a growing count of failures: exponential, full jitter.

use std::hint::black_box;
use std::num::NonZeroU32;
use std::time::Duration;

use retry_core::{
    Backoff, Exponential, Failure, Full, Law, Policy, Ratio, Schedule, Session, ThreadEntropy, Time, Verdict,
};

use crate::held::held;
use crate::work::{BASE, LONG_CAP};

static DOUBLING: Policy = Policy::exponential(BASE, LONG_CAP).jitter(Law::FULL);

/// No power of two: the schedule multiplies step by step.
const FACTOR: Ratio = match Ratio::new(3, 2) {
    Ok(factor) => factor,
    Err(_) => panic!(),
};
static THREE_HALVES: Policy =
    Policy::new(Schedule::Exponential(Exponential::new(BASE).factor(FACTOR))).capped(LONG_CAP).jitter(Law::FULL);

pub(super) fn doubling(n: u64) {
    by_policy(&DOUBLING, n);
}

pub(super) fn three_halves(n: u64) {
    by_policy(&THREE_HALVES, n);
}

#[inline(always)]
fn by_policy(policy: &'static Policy, n: u64) {
    let failures = failures();
    for _ in 0..n {
        for failure in failures {
            black_box(black_box(policy).delay(failure, &mut ThreadEntropy));
        }
    }
}

/// The same delay from the open traits: what a policy of the user's own has to work with.
pub(super) fn traits(n: u64) {
    let backoff = Exponential::new(BASE).capped(LONG_CAP).jittered(Full);
    let failures = failures();
    for _ in 0..n {
        for failure in failures {
            black_box(black_box(&backoff).delay(failure, &mut ThreadEntropy));
        }
    }
}

/// The whole decision: session, limits, hint rule and delay.
pub(super) fn session(n: u64) {
    let now = Time::from_nanos(1);
    for _ in 0..n {
        let mut session = Session::begin(now);
        for _ in 0..8 {
            let _ = black_box(session.on_failure(now, Verdict::TRANSIENT, black_box(&DOUBLING), &mut ThreadEntropy));
        }
    }
}

/// Made once: a driver has its failure at hand, and the row of the session contains how.
fn failures() -> &'static [Failure] {
    let numbers = (1..=8).filter_map(NonZeroU32::new);
    let failures: Vec<_> = numbers.map(|number| Failure::new(number, Duration::ZERO, Verdict::TRANSIENT)).collect();
    held(failures)
}
