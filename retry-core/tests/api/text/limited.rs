//! Policies with timeout and budget, and the retriers they make.

use std::future::pending;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{
    BudgetRule, BudgetShare, Invalid, Last, LimitedPolicy, Needs, Policy, Ratio, Retry, RetryBudget, RetryPolicy,
    StopReason,
};

use crate::support::doors::{Door, failing};
use crate::support::facts::{SECOND, ns};

fn share(times: u32, per: u32) -> BudgetShare {
    BudgetShare::new(Ratio::new(times, per).unwrap()).unwrap()
}

#[test]
fn timeout_and_budget_are_read_and_written() {
    let bare = || LimitedPolicy::new(Policy::constant(SECOND));
    let texts = [
        ("const 1s", bare(), "const 1s"),
        ("const 1s, timeout 30s", bare().timeout(30 * SECOND), "const 1s, timeout 30s"),
        ("const 1s, timeout forever", bare(), "const 1s"),
        ("const 1s, budget 50%", bare().budget(share(1, 2)), "const 1s, budget 50%"),
        ("const 1s, budget 100%", bare().budget(share(1, 1)), "const 1s, budget 100%"),
        ("const 1s, budget 12.5%", bare().budget(share(1, 8)), "const 1s, budget 12.5%"),
        ("const 1s, budget 100/3%", bare().budget(share(1, 3)), "const 1s, budget 100/3%"),
        // 1 / 4294967295 = 20 / 858993459 percent
        ("const 1s, budget 20/858993459%", bare().budget(share(1, u32::MAX)), "const 1s, budget 20/858993459%"),
        ("const 1s, budget none", bare().budget(BudgetShare::NONE), "const 1s, budget none"),
        (
            "const 1s, budget 50%, timeout 1s, 3 attempts; throttled: const 9s",
            LimitedPolicy::new("const 1s, 3 attempts; throttled: const 9s".parse().unwrap())
                .timeout(SECOND)
                .budget(share(1, 2)),
            "const 1s, 3 attempts, timeout 1s, budget 50%; throttled: const 9s",
        ),
    ];
    for (text, built, canonical) in texts {
        assert_eq!(text.parse(), Ok(built.clone()), "{text}");
        assert_eq!(built.to_string(), canonical);
        assert_eq!(canonical.parse(), Ok(built), "{canonical}");
    }
}

#[test]
fn a_timeout_of_zero_is_a_contradiction() {
    let zero = LimitedPolicy::new(Policy::constant(SECOND)).timeout(ns(0));
    assert_eq!(zero.check(), Err(Invalid::Timeout));
    assert!(zero.to_string().parse::<LimitedPolicy>().is_err());
}

#[test]
fn a_limited_policy_makes_a_retrier_that_cuts() {
    let clock = VirtualClock::new();
    let limited = "const 1s, 2 attempts, timeout 5s".parse().unwrap();
    let retry = Retry::limited_with_sleeper(limited, clock.clone());
    let end = clock.run(retry.call(pending::<Result<(), ()>>)).unwrap_err();
    // From the first cut: a second of waiting, and 5 s.
    assert_eq!(end.elapsed(), 6 * SECOND);
    assert_eq!((end.last, end.attempts), (Last::TimedOut, 2));
}

#[test]
fn without_a_timeout_nothing_is_cut() {
    let clock = VirtualClock::new();
    let retry = Retry::limited_with_sleeper("const 1s, budget none".parse().unwrap(), clock);
    assert_eq!(retry.begin().attempt().remaining(), Some(ns(u64::MAX)));
}

fn limited(text: &str) -> LimitedPolicy {
    text.parse().unwrap()
}

#[test]
fn a_share_is_the_ratio_of_a_budget_and_the_attempts_are_its_floor() {
    let rules = [
        ("const 1s", None),
        ("const 1s, budget none", None),
        ("const 1s, budget 50%", Some(BudgetRule::DEFAULT)),
        // fewer than the default
        ("const 1s, 2 attempts, budget 20%", Some(BudgetRule::DEFAULT.ratio_percent(20))),
        ("const 1s, 7 retries, budget 100%", Some(BudgetRule::DEFAULT.ratio_percent(100).floor(8))),
        // the attempts of a class are not those of a call
        ("const 1s, budget 50%; throttled: const 1s, 9 attempts", Some(BudgetRule::DEFAULT)),
        // a schedule that ends is no number that somebody asked for
        ("[1s*20], budget 50%", Some(BudgetRule::DEFAULT)),
        // to the nearest percent: 12.5, 33.3, 0.1
        ("const 1s, budget 12.5%", Some(BudgetRule::DEFAULT.ratio_percent(13))),
        ("const 1s, budget 100/3%", Some(BudgetRule::DEFAULT.ratio_percent(33))),
        ("const 1s, budget 0.1%", Some(BudgetRule::DEFAULT.ratio_percent(1))),
    ];
    for (text, rule) in rules {
        assert_eq!(limited(text).budget_rule(), rule, "{text}");
    }
}

#[test]
fn behind_every_door_a_budget_in_the_text_is_honoured() {
    for door in Door::ALL {
        let clock = VirtualClock::new();
        let text = "exp 50ms..20s x2 full, 5 attempts, budget 50%";
        let retry = Retry::limited_with_sleeper(limited(text), clock);
        // all that was asked for, and then the one retry of 5 that is left
        assert_eq!(door.run(&retry, failing(9)).unwrap_err().reason, StopReason::Attempts, "{door:?}");
        let end = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((end.reason, end.attempts), (StopReason::Budget, 2), "{door:?}");
        // two successes pay for a retry
        for _ in 0..2 {
            door.run(&retry, failing(0)).unwrap();
        }
        assert_eq!(door.run(&retry, failing(1)).unwrap(), 2, "{door:?}");
        assert_eq!(door.run(&retry, failing(1)).unwrap_err().reason, StopReason::Budget, "{door:?}");
    }
}

#[test]
fn clones_share_a_budget_and_others_can_join_it() {
    let clock = VirtualClock::new();
    let make = |text| Retry::limited_with_sleeper(limited(text), clock.clone());
    let first = make("const 0s, budget 50%");
    let (same, other) = (first.clone(), make("const 0s, budget 50%"));
    let joined = make("const 0s, 9 attempts").with_budget(first.policy().budget().clone().unwrap());
    assert_eq!(first.call_blocking(|| Err::<(), _>("down")).unwrap_err().attempts, 4);
    for empty in [same, joined] {
        assert_eq!(empty.call_blocking(|| Err::<(), _>("down")).unwrap_err().attempts, 1);
    }
    assert_eq!(other.call_blocking(|| Err::<(), _>("down")).unwrap_err().attempts, 4);
}

#[test]
fn without_a_budget_nothing_is_done_for_one() {
    for text in ["const 0s, 30 attempts", "const 0s, 30 attempts, budget none"] {
        let clock = VirtualClock::new();
        let retry = Retry::limited_with_sleeper(limited(text), clock.clone());
        assert_eq!(retry.policy().needs(), Needs::NOTHING, "{text}");
        assert_eq!(retry.call_blocking(failing(29)).unwrap(), 30, "{text}");
        // at the first failure
        assert_eq!(clock.readings(), 1, "{text}");
    }
    assert!(limited("const 0s, budget 1%").budget_rule().is_some());
    let none: Option<retry_core::SuccessBudget> = None;
    assert_eq!((none.limits(), none.balance(retry_core::Time::default())), (false, None));
}

/// What was granted for a retry that a deadline refuses comes back.
#[test]
fn a_retry_that_is_not_made_is_paid_back() {
    let clock = VirtualClock::new();
    let retry = Retry::limited_with_sleeper(limited("const 10s, budget 50%"), clock.clone()).deadline(5 * SECOND);
    let end = retry.call_blocking(|| Err::<(), _>("down")).unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::Deadline, 1));
    assert_eq!(retry.policy().budget().balance(retry_core::Time::default()), Some(300));
    assert_eq!(end.elapsed(), Duration::ZERO);
}
