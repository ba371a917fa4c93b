//! What stands before the attempts of a destination, part by part and all of it together.

use std::hint::black_box;
use std::time::Duration;

use retry_core::{
    Aimd, Breaker, BreakerRule, BudgetRule, Charge, Class, Cubic, Destination, DestinationRule, Pacer, Retry,
    RetryBudget, RetryPolicy, Seeded, SuccessBudget, Time, Verdict,
};

use super::noop::AtOnce;
use super::retriers::POLICY;
use crate::row::Row;
use crate::work::Refused;

/// The row that the gate on all parts together is about.
pub const ALL: &str = "retry-core budget + pacer + breaker";

/// What one success pays for.
const HALF: Charge = Charge::new(Class::Transient).costing(50);
const MS: u64 = 1_000_000;

pub(super) fn rows() -> [Row; 9] {
    [
        Row::named("retry-core budget").budget(dated),
        Row::named("retry-core budget, undated").budget(undated),
        Row::named("retry-core aimd").pacer(|| unthrottled(Aimd::new(Time::default()))),
        Row::named("retry-core cubic").pacer(|| unthrottled(Cubic::new(Time::default()))),
        Row::named("retry-core aimd, throttled").pacer(|| throttled(Aimd::new(Time::default()))),
        Row::named("retry-core cubic, throttled").pacer(|| throttled(Cubic::new(Time::default()))),
        Row::named("retry-core breaker").breaker(quiet),
        Row::named("retry-core breaker, failures lately").breaker(alert),
        Row::named(ALL).guards(all),
    ]
}

/// A success a millisecond is told, and half a retry drawn. Each withdrawal is granted, so that both write.
fn dated() -> impl Fn(u64) + Sync {
    let budget = SuccessBudget::default();
    move |n| {
        for step in 0..n {
            let now = Time::from_nanos(step * MS);
            let budget = black_box(&budget);
            budget.succeeded(None, Some(now));
            assert!(budget.withdraw(HALF, now), "a success pays for half a retry");
        }
    }
}

fn undated() -> impl Fn(u64) + Sync {
    let budget = SuccessBudget::default();
    move |n| {
        for step in 0..n {
            let budget = black_box(&budget);
            budget.succeeded(None, None);
            assert!(budget.withdraw(HALF, Time::from_nanos(step * MS)), "a success pays for half a retry");
        }
    }
}

/// A place for an attempt, and its success told; nobody has throttled yet.
fn unthrottled<P: Pacer + Sync>(pacer: P) -> impl Fn(u64) + Sync {
    places(pacer, MS)
}

/// The same after throttling: every place is counted. Ten seconds apart, so that the slowest pace has one.
fn throttled<P: Pacer + Sync>(pacer: P) -> impl Fn(u64) + Sync {
    pacer.failed(Class::Throttled, Time::default());
    places(pacer, 10_000 * MS)
}

fn places<P: Pacer + Sync>(pacer: P, apart: u64) -> impl Fn(u64) + Sync {
    move |n| {
        for step in 1..=n {
            let now = Time::from_nanos(step * apart);
            let pacer = black_box(&pacer);
            // Two threads at once take each other's places: then it is the wait that is worked out.
            let _ = black_box(pacer.acquire(now));
            pacer.succeeded(now);
        }
    }
}

/// An attempt let through, and its success told.
fn quiet() -> impl Fn(u64) + Sync {
    let breaker = Breaker::new(BreakerRule::consecutive(5));
    move |n| permits(&breaker, n)
}

/// The same while a rate is watched, because something failed lately.
fn alert() -> impl Fn(u64) + Sync {
    let breaker = Breaker::new(BreakerRule::rate(50, 100, Duration::from_secs(60)));
    breaker.failed(&Verdict::TRANSIENT, Time::default(), &mut Seeded::new(0));
    move |n| permits(&breaker, n)
}

fn permits(breaker: &Breaker, n: u64) {
    for _ in 0..n {
        let breaker = black_box(breaker);
        assert!(breaker.admits(Time::default()), "it has no reason to open");
        breaker.succeeded(Time::default());
    }
}

/// A call by the blocking door that fails once and then succeeds, all parts of its destination asked and told: two
/// admissions, a decision, a draw, a delay, an outcome.
fn all() -> impl Fn(u64) + Sync {
    let rule = DestinationRule::DEFAULT
        // a success pays for the one retry
        .budget(BudgetRule::DEFAULT.ratio_percent(100))
        .paced_by_cubic()
        .breaker(BreakerRule::consecutive(5));
    let host = Destination::new(&rule, Time::default());
    move |n| {
        let retry = Retry::with_sleeper(POLICY.toward(black_box(&host)), AtOnce);
        for _ in 0..n {
            let mut failed = black_box(false);
            let done = black_box(&retry)
                .call_blocking(|| if std::mem::replace(&mut failed, true) { Ok(1_u64) } else { Err(Refused(0)) });
            assert!(black_box(done).is_ok(), "its success pays for its retry");
        }
    }
}
