//! Behind every door a budget is drawn from, filled and paid back.

#[cfg(feature = "stream")]
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "stream")]
use futures::{TryStreamExt, stream};
use retry_core::test_util::VirtualClock;
use retry_core::{
    AwsQuota, BudgetRule, Class, GrpcThrottle, Policy, Ratio, Retry, RetryBudget, RetryPolicy, Retryable, StopReason,
    SuccessBudget, Time, Verdict, classify_fn,
};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, SECOND};

fn policy() -> Policy {
    Policy::constant(SECOND).attempts(6)
}

/// Where nothing trickles in while a run waits, so that a balance is a whole number.
fn still() -> SuccessBudget {
    SuccessBudget::new(BudgetRule::DEFAULT.trickle(Duration::MAX))
}

#[test]
fn an_empty_budget_ends_the_run_and_keeps_the_error() {
    for door in Door::ALL {
        let budget = still();
        let retry = Retry::with_sleeper(policy().budgeted(&budget), VirtualClock::new());
        let end = door.run(&retry, failing(9)).unwrap_err();
        // 3 retries are 4 attempts
        assert_eq!((end.reason, end.attempts), (StopReason::Budget, 4), "{door:?}");
        assert_eq!(end.into_error(), Some("busy"));
        let next = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((next.reason, next.attempts), (StopReason::Budget, 1), "{door:?}");
    }
}

#[test]
fn dated_successes_fill_the_budget_at_the_time_of_their_success() {
    for door in Door::ALL {
        let (budget, clock) = (still(), VirtualClock::new());
        let retry = Retry::with_sleeper(policy().budgeted(&budget).dated(), clock.clone());
        for _ in 0..100 {
            door.run(&retry, failing(0)).unwrap();
        }
        // 100 * 126 / 128 * 0.5, cut to hundredths
        assert_eq!(budget.balance(clock.now_for_test()), Some(4921), "{door:?}");
        clock.advance(HOUR);
        // slow successes count from their end: a retry's worth of two
        let slow = || {
            clock.advance(HOUR);
            Ok::<_, &str>(0)
        };
        (0..10).for_each(|_| {
            door.run(&retry, slow).unwrap();
        });
        assert_eq!(budget.balance(clock.now_for_test()), Some(300), "{door:?}");
    }
}

/// A budget costs the path of success no reading of the clock, and a failure one.
#[test]
fn only_failures_read_the_clock_unless_successes_are_dated() {
    for door in Door::ALL {
        let readings = |dated: bool, failures: u32| {
            let (budget, clock) = (still(), VirtualClock::new());
            let policy = policy().budgeted(&budget);
            let policy = if dated { policy.dated() } else { policy };
            door.run(&Retry::with_sleeper(policy, clock.clone()), failing(failures)).unwrap();
            clock.readings()
        };
        assert_eq!((readings(false, 0), readings(false, 3)), (0, 3), "{door:?}");
        // the beginning and the end, and each failure
        assert_eq!((readings(true, 0), readings(true, 3)), (2, 5), "{door:?}");
    }
}

/// The retries of one run are withdrawn at the time of their failures, not all at that of the first.
#[test]
fn a_run_that_waits_long_finds_what_trickles_in_meanwhile() {
    for door in Door::ALL {
        let budget = SuccessBudget::default();
        let policy = Policy::constant(crate::support::facts::MINUTE * 2).attempts(20).budgeted(&budget);
        assert_eq!(door.run(&Retry::with_sleeper(policy, VirtualClock::new()), failing(19)).unwrap(), 20, "{door:?}");
    }
}

/// The time of a virtual clock without counting as a reading of the run.
trait Now {
    fn now_for_test(&self) -> Time;
}

impl Now for VirtualClock {
    fn now_for_test(&self) -> Time {
        retry_core::Clock::now(self)
    }
}

#[test]
fn retries_are_paid_at_the_cost_of_their_class() {
    for door in Door::ALL {
        let quota = AwsQuota::v2_1();
        let policy = policy().on_class_owned(Retryable::Throttled, Policy::constant(SECOND).budget_cost(200));
        let retry = Retry::with_sleeper(policy.budgeted(&quota), VirtualClock::new())
            .classify(classify_fn(|error: &u32| if *error == 1 { Verdict::TRANSIENT } else { Verdict::THROTTLED }));
        let mut calls = 0;
        let mut op = || {
            calls += 1;
            if calls > 2 { Ok(()) } else { Err(calls) }
        };
        // 14 after the transient failure, 2 * 5 after the throttled one, which come back
        door.run(&retry, &mut op).unwrap();
        assert_eq!(quota.available(), 486, "{door:?}");
        // at once: one token
        door.run(&retry, &mut op).unwrap();
        assert_eq!(quota.available(), 487, "{door:?}");
    }
}

#[test]
fn what_another_limit_refuses_is_paid_back() {
    for door in Door::ALL {
        let budget = still();
        let retry = Retry::with_sleeper(policy().budgeted(&budget), VirtualClock::new()).deadline(SECOND / 2);
        let end = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((end.reason, end.attempts), (StopReason::Deadline, 1), "{door:?}");
        assert_eq!(budget.balance(Time::default()), Some(300), "{door:?}");
    }
}

#[test]
fn what_the_policy_refuses_is_not_paid() {
    for door in Door::ALL {
        let budget = still();
        let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(2).budgeted(&budget), VirtualClock::new());
        assert_eq!(door.run(&retry, failing(9)).unwrap_err().reason, StopReason::Attempts);
        assert_eq!(budget.balance(Time::default()), Some(200), "{door:?}");
        // the budget asks its policy first, and takes nothing where it says no
        let never = Retry::with_sleeper(retry_core::Never.budgeted(&budget), VirtualClock::new());
        door.run(&never, failing(9)).unwrap_err();
        assert_eq!(budget.balance(Time::default()), Some(200), "{door:?}");
    }
}

#[test]
fn the_budget_on_the_left_of_a_pair_is_paid_back_where_the_right_refuses() {
    for door in Door::ALL {
        let (left, right) = (still(), AwsQuota::new(5, 5, 5));
        let both = policy().budgeted(&left).and(policy().budgeted(&right));
        let end = door.run(&Retry::with_sleeper(both, VirtualClock::new()), failing(9)).unwrap_err();
        assert_eq!((end.reason, end.attempts), (StopReason::Budget, 2), "{door:?}");
        // 3, one for the retry that was made
        assert_eq!(left.balance(Time::default()), Some(200), "{door:?}");
    }
}

/// The attempts that reach the destination beyond the first are paid, and no others.
#[test]
fn an_attempt_that_was_refused_at_connect_costs_nothing() {
    let paid = |door: Door, outcomes: &'static [&'static str]| {
        let budget = still();
        let retry = Retry::with_sleeper(policy().budgeted(&budget), VirtualClock::new()).classify(classify_fn(
            |error: &&str| if *error == "refused" { Verdict::TRANSIENT.unreached() } else { Verdict::TRANSIENT },
        ));
        let mut outcomes = outcomes.iter();
        let _ = door.run(&retry, || outcomes.next().map_or(Ok(()), |error| Err(*error)));
        300 - budget.balance(Time::default()).unwrap()
    };
    for door in Door::ALL {
        // six attempts, none of which got there
        assert_eq!(paid(door, &["refused"; 6]), 0, "{door:?}");
        // the first got there; the second was refused, so the third is paid by what the second had paid
        assert_eq!(paid(door, &["busy", "refused", "busy", "refused", "refused", "busy"]), 200, "{door:?}");
        // the first that got there is free; the fifth succeeds, and pays for a half
        assert_eq!(paid(door, &["refused", "busy", "busy", "busy"]), 250, "{door:?}");
    }
}

/// A retry that cost nothing and is not made must not mint a token.
#[test]
fn a_free_retry_that_is_not_made_pays_nothing_back() {
    for door in Door::ALL {
        let budget = AwsQuota::new(500, 5, 5).starting_with(100);
        let retry = Retry::with_sleeper(policy().budgeted(&budget), VirtualClock::new())
            .classify(classify_fn(|_: &&str| Verdict::TRANSIENT.unreached()))
            .deadline(SECOND / 2);
        assert_eq!(door.run(&retry, failing(9)).unwrap_err().reason, StopReason::Deadline);
        assert_eq!(budget.available(), 100, "{door:?}");
    }
}

/// grpc-go's rule: a failure takes a token whether or not it is retried.
#[test]
fn a_throttle_hears_of_failures_that_end_a_run() {
    for door in Door::ALL {
        let throttle = GrpcThrottle::new(10, Ratio::new(1, 2).unwrap()).unwrap();
        let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(2).budgeted(&throttle), VirtualClock::new());
        assert_eq!(door.run(&retry, failing(9)).unwrap_err().reason, StopReason::Attempts);
        assert_eq!(throttle.thousandths(), 8_000, "{door:?}");
        door.run(&retry, failing(1)).unwrap();
        assert_eq!(throttle.thousandths(), 7_500, "{door:?}");
    }
}

#[cfg(feature = "stream")]
#[test]
fn a_stream_draws_for_each_reopening_and_fills_with_progress() {
    let (budget, clock) = (Arc::new(still()), VirtualClock::new());
    let retry = Retry::with_sleeper(policy().budgeted(budget.clone()), clock.clone());
    let mut opened = 0;
    let numbers = retry.stream(|| {
        opened += 1;
        let item = if opened % 2 == 0 { Some(Ok(opened)) } else { None };
        stream::iter(item.into_iter().chain([Err("broken")]))
    });
    let end = clock.run(numbers.try_collect::<Vec<u32>>()).unwrap_err();
    // Two retries for each success, which pays for a half: 3 + 0.5 n >= 2 n + 1 holds for one success; the second
    // finds 3 - 2 + 0.5 = 1.5, and the next opening 0.5 + 0.5.
    assert_eq!((end.reason, opened), (StopReason::Budget, 5));
}

#[test]
fn a_failover_is_paid_by_the_host_it_goes_to() {
    use retry_core::Charge;

    let hosts = [still(), still()];
    let policy = Policy::constant(Duration::ZERO).attempts(3);
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(policy, clock.clone());
    let failover = Charge::new(Class::Transient);
    let end = clock.run(retry.call_with(async |attempt| {
        // The first attempt is nobody's retry.
        let host = &hosts[attempt.number as usize % 2];
        let may = attempt.number == 1 || host.withdraw(failover, retry_core::Clock::now(&clock));
        if may { Err("busy") } else { Ok("no host can bear more") }
    }));
    assert_eq!(end.unwrap_err().attempts, 3);
    let left = hosts.map(|host| host.balance(Time::default()));
    // the second attempt went to the first host, the third to the second
    assert_eq!(left, [Some(200), Some(200)]);
}
