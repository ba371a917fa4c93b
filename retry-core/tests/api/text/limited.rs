//! Policies with timeout and budget, and the retriers they make.

use std::future::pending;

use retry_core::test_util::VirtualClock;
use retry_core::{BudgetShare, Invalid, Last, LimitedPolicy, NotHonoured, Policy, Ratio, Retry};

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
    let retry = Retry::limited_with_sleeper(limited, clock.clone()).unwrap();
    let end = clock.run(retry.call(pending::<Result<(), ()>>)).unwrap_err();
    // From the first cut: a second of waiting, and 5 s.
    assert_eq!(end.elapsed(), 6 * SECOND);
    assert_eq!((end.last, end.attempts), (Last::TimedOut, 2));
}

#[test]
fn without_a_timeout_nothing_is_cut() {
    let clock = VirtualClock::new();
    let retry = Retry::limited_with_sleeper("const 1s, budget none".parse().unwrap(), clock).unwrap();
    assert_eq!(retry.begin().attempt().remaining(), Some(ns(u64::MAX)));
}

#[test]
fn a_budget_that_cannot_be_honoured_is_refused_not_ignored() {
    let limited: LimitedPolicy = "const 1s, budget 50%".parse().unwrap();
    assert_eq!(Retry::limited_with_sleeper(limited, VirtualClock::new()).unwrap_err(), NotHonoured::Budget);
}
