//! The budget earned by success, at given times.

use std::time::Duration;

use retry_core::{BudgetRule, Charge, Class, RetryBudget, SuccessBudget, Time};

use crate::support::facts::{DAY, HOUR, MINUTE, MS, SECOND};

const RETRY: Charge = Charge::new(Class::Transient);

fn at(since: Duration) -> Time {
    Time::default().after(since)
}

/// How many retries it grants at once.
fn granted(budget: &SuccessBudget, now: Time) -> u32 {
    (0..1_000_000_u32).find(|_| !budget.withdraw(RETRY, now)).unwrap()
}

fn succeed(budget: &SuccessBudget, times: u32, now: Time) {
    (0..times).for_each(|_| budget.succeeded(None, Some(now)));
}

#[test]
fn there_are_three_retries_to_start_with() {
    for start in [Duration::ZERO, SECOND, HOUR, 1000 * DAY] {
        assert_eq!(granted(&SuccessBudget::default(), at(start)), 3, "{start:?}");
    }
}

#[test]
fn a_success_pays_for_half_a_retry() {
    let budget = SuccessBudget::default();
    assert_eq!(granted(&budget, at(SECOND)), 3);
    for _ in 0..10 {
        succeed(&budget, 2, at(SECOND));
        assert_eq!(granted(&budget, at(SECOND)), 1);
    }
}

#[test]
fn what_is_saved_up_follows_the_successes_of_the_last_seconds() {
    let budget = SuccessBudget::default();
    succeed(&budget, 1000, at(SECOND));
    // 1000 * 126/128 * 0.5 = 492; after a window (10 s) 492 / e = 181
    assert_eq!(budget.balance(at(SECOND)), Some(49_218));
    let later = budget.balance(at(11 * SECOND)).unwrap();
    assert!((18_000..=18_107).contains(&later), "{later}");
    // after 51 s (e^-5.1 = 0.6 %) the floor
    assert_eq!(granted(&budget, at(52 * SECOND)), 3);
}

/// A service of 1,000 requests a second that stops at once: ratio * window * rate = 5,000 retries, less 1.6 % for
/// rounding.
#[test]
fn an_outage_gets_half_of_a_window_of_traffic_and_then_a_trickle() {
    let budget = SuccessBudget::default();
    for ms in 0..60_000 {
        budget.succeeded(None, Some(at(MS * ms)));
    }
    let saved = granted(&budget, at(MINUTE));
    assert!((4_800..=5_000).contains(&saved), "{saved}");
    // nothing succeeds: one a minute
    let dead: u32 = (1..=600).map(|second| granted(&budget, at(MINUTE + second * SECOND))).sum();
    assert!((9..=10).contains(&dead), "{dead}");
}

/// A success that nobody dates counts as old as the last withdrawal: after a quiet hour all of it has decayed.
#[test]
fn a_burst_of_failures_after_a_long_quiet_time_finds_what_was_saved_up_by_dated_successes() {
    let (dated, undated) = (SuccessBudget::default(), SuccessBudget::default());
    for second in 0..3600 {
        succeed(&dated, 20, at(SECOND * second));
        (0..20).for_each(|_| undated.succeeded(None, None));
    }
    // 20/s * 10 s * 0.5 = 100
    let burst = granted(&dated, at(HOUR));
    assert!((90..=100).contains(&burst), "{burst}");
    assert_eq!(granted(&undated, at(HOUR)), 3);
}

/// 20 calls a second of which one in twenty fails: the withdrawals tell the time often enough.
#[test]
fn undated_successes_pay_for_every_retry_where_calls_fail_now_and_then() {
    let budget = SuccessBudget::default();
    let refused = (0..3600_u32).filter(|second| {
        (0..19).for_each(|_| budget.succeeded(None, None));
        !budget.withdraw(RETRY, at(SECOND * *second))
    });
    assert_eq!(refused.count(), 0);
    // a burst: 19 * 10 * 0.5 less what the retries have cost, and a second's decay
    let burst = granted(&budget, at(HOUR));
    assert!((60..=95).contains(&burst), "{burst}");
}

/// However often somebody looks, the trickle of a destination where nothing succeeds is not lost to rounding.
#[test]
fn refusals_do_not_hold_up_the_trickle() {
    let (busy, idle) = (SuccessBudget::default(), SuccessBudget::default());
    assert_eq!((granted(&busy, at(SECOND)), granted(&idle, at(SECOND))), (3, 3));
    let retries = (0..3_600_000_u32).filter(|ms| busy.withdraw(RETRY, at(SECOND + MS * *ms))).count();
    // 60 minutes
    assert!((59..=60).contains(&retries), "{retries}");
    // and the floor is all that an idle one saves up
    assert_eq!(granted(&idle, at(HOUR)), 3);
}

#[test]
fn every_setting_of_the_trickle_grants_what_it_says() {
    for (every, within) in [(SECOND, HOUR), (HOUR, 30 * DAY), (11 * HOUR, 300 * DAY)] {
        let rule = BudgetRule::DEFAULT.trickle(every);
        let budget = SuccessBudget::new(rule);
        let steps = 50_000;
        let step = within / steps;
        let retries: u32 = (0..steps).map(|n| granted(&budget, at(SECOND + step * n))).sum();
        let most = rule.max_retries(0, 0, within);
        assert!(u64::from(retries) <= most && u64::from(retries) * 100 >= most * 95, "{every:?}: {retries} of {most}");
    }
    // the fastest: 16 in a window of 10 s
    let rule = BudgetRule::DEFAULT.floor(0);
    assert_eq!(rule.trickle(Duration::ZERO).max_retries(0, 0, 10 * SECOND), 16);
    for never in [12 * HOUR, Duration::MAX] {
        let never = SuccessBudget::new(BudgetRule::DEFAULT.trickle(never));
        assert_eq!(granted(&never, at(SECOND)), 3);
        assert_eq!(granted(&never, at(100_000 * DAY)), 0);
    }
}

#[test]
fn costs_are_exact_in_percent() {
    let budget = SuccessBudget::default();
    let cheap = RETRY.costing(7);
    // 300 / 7 = 42.9
    assert_eq!((0..1000).take_while(|_| budget.withdraw(cheap, at(SECOND))).count(), 42);
    assert_eq!(budget.balance(at(SECOND)), Some(6));
    assert!(budget.withdraw(RETRY.costing(0), at(SECOND)));
    assert!(!SuccessBudget::default().withdraw(RETRY.costing(301), at(SECOND)));
}

#[test]
fn what_is_refunded_can_be_granted_again_and_no_more() {
    let budget = SuccessBudget::default();
    for _ in 0..100 {
        assert!(budget.withdraw(RETRY, at(SECOND)));
        budget.refund(RETRY);
    }
    assert_eq!(granted(&budget, at(SECOND)), 3);
    for _ in 0..100 {
        budget.refund(RETRY);
    }
    assert_eq!(granted(&budget, at(SECOND)), 3);
}

#[test]
fn undated_successes_before_any_other_event_pay_for_retries() {
    for start in [Duration::ZERO, SECOND, HOUR, 1000 * DAY] {
        let budget = SuccessBudget::default();
        assert_eq!(granted(&budget, at(start)), 3);
        (0..10).for_each(|_| budget.succeeded(None, None));
        // 10 * 0.5, cut to the floor or to what their weight allows: 10 * 126 / 128 * 0.5 = 4.92
        assert_eq!(granted(&budget, at(start)), 4, "{start:?}");
    }
}

#[test]
fn a_time_that_runs_backwards_counts_as_the_latest() {
    let budget = SuccessBudget::default();
    succeed(&budget, 100, at(HOUR));
    let balance = budget.balance(at(HOUR));
    for earlier in [HOUR - MS, MINUTE, Duration::ZERO] {
        assert_eq!(budget.balance(at(earlier)), balance, "{earlier:?}");
        assert!(budget.withdraw(RETRY, at(earlier)));
        budget.refund(RETRY);
    }
    assert_eq!(budget.balance(at(HOUR)), balance);
}

/// The state keeps 20 bits of the time: 2^20 ticks of 1/64 of 10 s are 45.5 hours.
#[test]
fn no_pause_makes_old_successes_young_again() {
    let wrap = Duration::from_nanos((1 << 20) * (10_000_000_000 / 64));
    for pause in [wrap / 2, wrap - SECOND, wrap, wrap + SECOND, wrap * 3 / 2, 2 * wrap, 1000 * wrap] {
        for start in [Duration::ZERO, HOUR, 5 * wrap / 7] {
            let budget = SuccessBudget::default();
            succeed(&budget, 1000, at(start));
            assert_eq!(granted(&budget, at(start + pause)), 3, "{start:?} {pause:?}");
            succeed(&budget, 2, at(start + pause));
            assert_eq!(granted(&budget, at(start + pause)), 1, "{start:?} {pause:?}");
        }
    }
}

#[test]
fn an_explicit_number_of_attempts_raises_the_floor() {
    let budget = SuccessBudget::new(BudgetRule::DEFAULT.for_attempts(8));
    assert_eq!(granted(&budget, at(SECOND)), 8);
    assert_eq!(
        SuccessBudget::new(BudgetRule::DEFAULT.for_attempts(u32::MAX)).rule(),
        &BudgetRule::DEFAULT.floor(10_000)
    );
}

#[test]
fn the_extremes_of_every_setting_grant_within_their_bound() {
    for ratio in [0, 1, 1000, u16::MAX] {
        for floor in [0, 1, u16::MAX] {
            for span in [Duration::ZERO, Duration::from_nanos(1), SECOND, DAY, Duration::MAX] {
                let rule = BudgetRule::DEFAULT.ratio_percent(ratio).floor(floor).window(span).trickle(span);
                let budget = SuccessBudget::new(rule);
                let start = u64::from(granted(&budget, at(Duration::ZERO)));
                assert!(start <= rule.max_retries(0, 0, Duration::ZERO), "{rule:?}");
                succeed(&budget, 100, at(SECOND));
                let more = u64::from(granted(&budget, at(SECOND)));
                assert!(start + more <= rule.max_retries(0, 100, SECOND), "{rule:?}");
                // the end of time
                succeed(&budget, 1, Time::from_nanos(u64::MAX));
                budget.withdraw(RETRY, Time::from_nanos(u64::MAX));
            }
        }
    }
}

#[test]
fn very_much_traffic_saturates_and_does_not_overflow() {
    let budget = SuccessBudget::new(BudgetRule::DEFAULT.ratio_percent(1000));
    succeed(&budget, 3_000_000, at(SECOND));
    // 2^21 - 1 hundredths
    assert_eq!(budget.balance(at(SECOND)), Some(2_097_151));
    budget.refund(RETRY.costing(u16::MAX));
    assert_eq!(granted(&budget, at(SECOND)), 20_971);
}
