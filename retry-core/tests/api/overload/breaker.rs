//! The circuit breaker, by hand and behind every door.

use std::cell::Cell;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{
    Admission, Breaker, BreakerRule, BreakerState, Last, Law, Never, Policy, Retry, RetryPolicy, Scope, Seeded,
    StopReason, SuccessBudget, Time, Verdict, classify_fn,
};
use retry_core::{BudgetRule, RetryBudget};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, MINUTE, SECOND, ns};
use crate::support::gate::Gate;

fn at(seconds: u64) -> Time {
    Time::default().after(Duration::from_secs(seconds))
}

/// Cool-downs of 10 s, 20 s, 40 s, then 60 s.
fn breaker(rule: BreakerRule) -> Breaker {
    Breaker::new(rule.cool_down(Policy::exponential(10 * SECOND, MINUTE)))
}

fn fail(breaker: &Breaker, seconds: u64) {
    breaker.failed(&Verdict::TRANSIENT, at(seconds), &mut Seeded::new(0));
}

#[test]
fn it_opens_after_so_many_failures_with_no_success_between() {
    let breaker = breaker(BreakerRule::consecutive(3));
    for _ in 0..2 {
        fail(&breaker, 0);
        fail(&breaker, 0);
        breaker.succeeded(at(0));
    }
    (0..2).for_each(|_| fail(&breaker, 1));
    assert!(breaker.admits(at(1)));
    fail(&breaker, 1);
    assert!(!breaker.admits(at(1)));
    assert_eq!((breaker.state(at(10)), breaker.trips()), (BreakerState::Open { until: at(11) }, 1));
}

#[test]
fn it_opens_at_the_rate_once_there_is_enough_to_tell() {
    let breaker = breaker(BreakerRule::rate(50, 10, 10 * SECOND));
    // 4 of 9
    (0..4).for_each(|_| fail(&breaker, 0));
    (0..5).for_each(|_| breaker.succeeded(at(0)));
    assert_eq!(breaker.state(at(0)), BreakerState::Closed);
    // 5 of 10
    fail(&breaker, 1);
    assert_eq!(breaker.state(at(1)), BreakerState::Open { until: at(11) });
}

#[test]
fn what_has_left_the_window_counts_no_more() {
    let breaker = breaker(BreakerRule::rate(50, 4, 10 * SECOND));
    (0..3).for_each(|_| fail(&breaker, 0));
    // the fourth comes when the others are over
    fail(&breaker, 10);
    assert_eq!(breaker.state(at(10)), BreakerState::Closed);
    (0..3).for_each(|_| fail(&breaker, 11));
    assert!(matches!(breaker.state(at(11)), BreakerState::Open { .. }));
}

#[test]
fn cool_downs_follow_the_schedule_and_begin_anew_once_it_was_closed() {
    let breaker = breaker(BreakerRule::consecutive(1));
    let mut now = 0;
    for cool_down in [10, 20, 40, 60, 60] {
        fail(&breaker, now);
        assert_eq!(breaker.state(at(now)), BreakerState::Open { until: at(now + cool_down) });
        now += cool_down;
        assert!(!breaker.admits(at(now - 1)) && breaker.admits(at(now)));
    }
    assert_eq!(breaker.trips(), 5);
    breaker.succeeded(at(now));
    assert_eq!((breaker.state(at(now)), breaker.trips()), (BreakerState::Closed, 0));
    fail(&breaker, now);
    assert_eq!(breaker.state(at(now)), BreakerState::Open { until: at(now + 10) });
}

#[test]
fn a_schedule_that_ends_repeats_its_last_cool_down() {
    let ending = |policy| Breaker::new(BreakerRule::consecutive(1).cool_down(policy));
    let three = ending(Policy::exponential(10 * SECOND, HOUR).attempts(3));
    let mut now = 0;
    for cool_down in [10, 20, 20, 20] {
        fail(&three, now);
        assert_eq!(three.state(at(now)), BreakerState::Open { until: at(now + cool_down) });
        now += cool_down;
        assert!(three.admits(at(now)));
    }
    let none = ending(Policy::constant(HOUR).attempts(1));
    fail(&none, 0);
    assert_eq!(none.state(at(0)), BreakerState::Open { until: at(1) });
}

#[test]
fn the_peers_hint_lengthens_a_cool_down() {
    let breaker = breaker(BreakerRule::consecutive(1));
    // whatever the class
    breaker.failed(&Verdict::PERMANENT.after(HOUR), at(0), &mut Seeded::new(0));
    assert_eq!(breaker.state(at(0)), BreakerState::Open { until: at(3600) });
}

#[test]
fn the_default_cool_down_is_spread_over_its_upper_half() {
    let mut ends = Vec::new();
    for seed in 0..50 {
        let breaker = Breaker::new(BreakerRule::consecutive(1));
        breaker.failed(&Verdict::TRANSIENT, at(0), &mut Seeded::new(seed));
        let BreakerState::Open { until } = breaker.state(at(0)) else { panic!("closed") };
        assert!(until >= at(0).after(SECOND * 5 / 2) && until <= at(5), "{until:?}");
        ends.push(until);
    }
    ends.dedup();
    assert!(ends.len() > 40);
}

#[test]
fn all_probes_must_succeed_and_one_failure_opens_it_again() {
    let breaker = breaker(BreakerRule::consecutive(1).probes(3));
    fail(&breaker, 0);
    assert_eq!((0..9).filter(|_| breaker.admits(at(10))).count(), 3);
    breaker.succeeded(at(10));
    breaker.succeeded(at(10));
    assert_eq!(breaker.state(at(10)), BreakerState::HalfOpen);
    fail(&breaker, 11);
    assert_eq!(breaker.state(at(11)), BreakerState::Open { until: at(31) });
    assert_eq!((0..9).filter(|_| breaker.admits(at(31))).count(), 3);
    (0..3).for_each(|_| breaker.succeeded(at(31)));
    assert_eq!(breaker.state(at(31)), BreakerState::Closed);
}

#[test]
fn probes_that_nobody_reports_are_given_up() {
    let breaker = breaker(BreakerRule::consecutive(1));
    fail(&breaker, 0);
    assert!(breaker.admits(at(10)));
    // the cool-down was 10 s
    assert!(!breaker.admits(at(19)));
    assert!(breaker.admits(at(20)) && !breaker.admits(at(20)));
}

#[test]
fn a_probe_that_is_withdrawn_leaves_room_for_another() {
    let breaker = breaker(BreakerRule::consecutive(1).probes(2));
    fail(&breaker, 0);
    assert!(breaker.admits(at(10)));
    breaker.withdrawn();
    assert_eq!((0..9).filter(|_| breaker.admits(at(10))).count(), 2);
    breaker.succeeded(at(10));
    // never more than those that are still out
    (0..9).for_each(|_| breaker.withdrawn());
    assert_eq!((0..9).filter(|_| breaker.admits(at(10))).count(), 1);
}

/// The server answered: it works.
#[test]
fn failures_of_one_request_trip_nothing_and_count_as_answers() {
    let breaker = breaker(BreakerRule::consecutive(2));
    let unknown_mailbox = Verdict::PERMANENT.scope(Scope::Request);
    let mut rng = Seeded::new(0);
    (0..100).for_each(|_| breaker.failed(&unknown_mailbox, at(0), &mut rng));
    fail(&breaker, 0);
    breaker.failed(&unknown_mailbox, at(0), &mut rng);
    fail(&breaker, 0);
    assert_eq!(breaker.state(at(0)), BreakerState::Closed);
    breaker.failed(&Verdict::MISCONFIGURED.scope(Scope::Account), at(0), &mut rng);
    assert!(matches!(breaker.state(at(0)), BreakerState::Open { .. }));
    // and as probes
    assert!(breaker.admits(at(10)));
    breaker.failed(&unknown_mailbox, at(10), &mut rng);
    assert_eq!(breaker.state(at(10)), BreakerState::Closed);
}

#[test]
fn late_results_change_nothing_while_it_is_open() {
    let breaker = breaker(BreakerRule::consecutive(1));
    fail(&breaker, 0);
    fail(&breaker, 5);
    breaker.succeeded(at(5));
    assert_eq!((breaker.state(at(5)), breaker.trips()), (BreakerState::Open { until: at(10) }, 1));
}

#[test]
fn no_time_and_no_setting_panics() {
    for rule in [BreakerRule::consecutive(u32::MAX), BreakerRule::rate(255, u32::MAX, Duration::MAX)] {
        let breaker = Breaker::new(rule.probes(u32::MAX).cool_down(Policy::constant(Duration::MAX)));
        for now in [0, u64::MAX, 5] {
            breaker.failed(&Verdict::TRANSIENT, Time::from_nanos(now), &mut Seeded::new(0));
            breaker.succeeded(Time::from_nanos(now));
            breaker.withdrawn();
            assert!(breaker.admits(Time::from_nanos(now)));
        }
    }
    let narrow = Breaker::new(BreakerRule::rate(0, 0, Duration::ZERO).cool_down(Policy::constant(Duration::MAX)));
    fail(&narrow, 1);
    assert!(!narrow.admits(Time::from_nanos(u64::MAX - 1)) && narrow.admits(Time::from_nanos(u64::MAX)));
}

/// 2 failures open it, for a minute.
fn minute() -> Breaker {
    Breaker::new(BreakerRule::consecutive(2).cool_down(Policy::constant(MINUTE)))
}

#[test]
fn behind_every_door_it_ends_the_run_at_once_and_the_error_is_kept() {
    for door in Door::ALL {
        let (breaker, clock) = (minute(), VirtualClock::new());
        let retry = Retry::with_sleeper(Policy::constant(SECOND).guarded(&breaker), clock.clone());
        let end = door.run(&retry, failing(9)).unwrap_err();
        // the second failure opens it: no wait of a second only to be refused
        assert_eq!((end.reason, end.attempts, end.slept()), (StopReason::Breaker, 2, SECOND), "{door:?}");
        assert_eq!(end.into_error(), Some("busy"));
        // nobody is let through
        let end = door.run(&retry, || -> Result<(), &str> { panic!("started") }).unwrap_err();
        assert_eq!((end.reason, end.attempts, end.last), (StopReason::Breaker, 0, Last::NotStarted), "{door:?}");
        clock.advance(MINUTE);
        assert_eq!(door.run(&retry, failing(0)).unwrap(), 1, "{door:?}");
        assert_eq!(breaker.trips(), 0, "{door:?}");
    }
}

#[test]
fn a_retry_that_comes_after_the_cool_down_is_the_probe() {
    for door in Door::ALL {
        let (breaker, clock) = (minute(), VirtualClock::new());
        let retry = Retry::with_sleeper(Policy::constant(HOUR).guarded(&breaker), clock);
        assert_eq!(door.run(&retry, failing(2)).unwrap(), 3, "{door:?}");
        assert_eq!(breaker.trips(), 0, "{door:?}");
    }
}

#[test]
fn others_are_refused_while_the_probe_is_out() {
    let (breaker, clock) = (minute(), VirtualClock::new());
    let retry = Retry::with_sleeper(Never.guarded(&breaker), clock.clone());
    (0..2).for_each(|_| {
        retry.call_blocking(|| Err::<(), _>("down")).unwrap_err();
    });
    clock.advance(MINUTE);
    let inside = Cell::new(None);
    retry
        .call_blocking(|| {
            inside.set(Some(retry.call_blocking(|| Ok::<_, ()>(())).unwrap_err().reason));
            Ok::<_, ()>(())
        })
        .unwrap();
    assert_eq!(inside.get(), Some(StopReason::Breaker));
    assert!(retry.call_blocking(|| Ok::<_, ()>(())).is_ok());
}

/// What the policies within granted or reserved goes back when the breaker refuses, and the other way round.
#[test]
fn refusals_leave_nothing_taken() {
    for door in Door::ALL {
        let (breaker, clock) = (minute(), VirtualClock::new());
        let budget = SuccessBudget::new(BudgetRule::DEFAULT.trickle(Duration::MAX));
        let policy = Policy::constant(SECOND).budgeted(&budget).guarded(&breaker);
        door.run(&Retry::with_sleeper(policy, clock.clone()), failing(9)).unwrap_err();
        // one retry was made; the second was granted and then refused
        assert_eq!(budget.balance(Time::default()), Some(200), "{door:?}");
        clock.advance(MINUTE);
        // the policy within refuses: the probe is free again
        let gate = Gate::new(SECOND, &[Admission::Refuse(StopReason::Budget)]);
        let refused = Retry::with_sleeper((&gate).guarded(&breaker), clock.clone());
        assert_eq!(door.run(&refused, failing(0)).unwrap_err().reason, StopReason::Budget, "{door:?}");
        // its wait is too long for the deadline: free as well
        let gate = Gate::new(SECOND, &[Admission::Wait(HOUR)]);
        let late = Retry::with_sleeper((&gate).guarded(&breaker), clock.clone()).deadline(MINUTE);
        assert_eq!(door.run(&late, failing(0)).unwrap_err().reason, StopReason::Deadline, "{door:?}");
        let probe = Retry::with_sleeper(Never.guarded(&breaker), clock.clone());
        assert_eq!(door.run(&probe, failing(0)).unwrap(), 1, "{door:?}");
    }
}

#[cfg(feature = "stream")]
#[test]
fn streams_are_guarded_too() {
    use futures::{TryStreamExt, stream};

    let (breaker, clock) = (minute(), VirtualClock::new());
    let retry = Retry::with_sleeper(Policy::constant(SECOND).guarded(&breaker), clock.clone());
    let broken = || stream::iter([Err::<u8, _>("broken")]);
    let end = clock.run(retry.stream(broken).try_collect::<Vec<_>>()).unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::Breaker, 2));
    clock.advance(MINUTE);
    let items = clock.run(retry.stream(|| stream::iter([Ok::<_, &str>(1)])).try_collect::<Vec<_>>());
    assert_eq!((items.unwrap(), breaker.trips()), (vec![1], 0));
}

#[test]
fn a_breaker_hears_what_the_policy_within_refuses() {
    for door in Door::ALL {
        let (breaker, clock) = (minute(), VirtualClock::new());
        let retry = Retry::with_sleeper(Policy::constant(SECOND).guarded(&breaker), clock)
            .classify(classify_fn(|_: &&str| Verdict::PERMANENT));
        (0..2).for_each(|_| {
            assert_eq!(door.run(&retry, failing(9)).unwrap_err().reason, StopReason::Permanent);
        });
        assert_eq!(breaker.trips(), 1, "{door:?}");
    }
}

#[test]
fn its_cool_down_can_have_any_jitter() {
    let policy = Policy::constant(MINUTE).jitter(Law::FULL);
    let breaker = Breaker::new(BreakerRule::consecutive(1).cool_down(policy));
    breaker.failed(&Verdict::TRANSIENT, at(0), &mut retry_core::test_util::Scripted::bits(&[1 << 63]));
    // half of a minute, and a nanosecond's rounding
    let BreakerState::Open { until } = breaker.state(at(0)) else { panic!("closed") };
    assert!(until.since(at(30)) <= ns(1) && at(30).since(until) <= ns(1), "{until:?}");
}
