//! Retriers within retriers: attempts add up, and each is paid once.

use std::cell::Cell;

use retry_core::test_util::VirtualClock;
use retry_core::{BudgetRule, DrawOnly, Policy, Retry, RetryBudget, RetryPolicy, SuccessBudget, Time};

use crate::support::facts::SECOND;

/// Calls that reach the destination, of `outer` attempts around `inner` ones, which fail `failures` times.
fn calls(outer: u32, inner: u32, told: bool, failures: u32) -> u32 {
    let (clock, calls) = (VirtualClock::new(), Cell::new(0));
    let policy = |attempts| Policy::constant(SECOND).attempts(attempts);
    let around = Retry::with_sleeper(policy(outer), clock.clone());
    let _ = clock.run(around.call_with(async |attempt| {
        let number = if told { attempt.number } else { 1 };
        let within = Retry::with_sleeper(policy(inner).under(number), clock.clone());
        within
            .call(async || {
                calls.set(calls.get() + 1);
                if calls.get() > failures { Ok(()) } else { Err("busy") }
            })
            .await
    }));
    calls.get()
}

#[test]
fn layers_that_know_of_each_other_add_up() {
    // 3 * 3 where nobody says anything; 3 + 3 - 1 where the inner one is told
    assert_eq!((calls(3, 3, false, 99), calls(3, 3, true, 99)), (9, 5));
    assert_eq!((calls(2, 5, true, 99), calls(5, 2, true, 99), calls(1, 4, true, 99)), (6, 6, 4));
    // a success on the way is one all the same
    assert_eq!((calls(3, 3, true, 3), calls(3, 3, true, 0)), (4, 1));
}

/// Both layers draw from one budget: the calls beyond the first are paid, each once, whoever makes them.
#[test]
fn layers_over_one_budget_pay_each_call_once_and_fill_it_once() {
    let rule = BudgetRule::DEFAULT.trickle(std::time::Duration::MAX);
    let (budget, clock, calls) = (SuccessBudget::new(rule), VirtualClock::new(), Cell::new(0));
    let policy = Policy::constant(SECOND).attempts(2);
    let outer = Retry::with_sleeper(policy.clone().budgeted(DrawOnly::new(&budget)), clock.clone());
    let inner = Retry::with_sleeper(policy.budgeted(&budget), clock.clone());
    let call = |failures: u32| {
        calls.set(0);
        clock.run(outer.call(async || {
            let op = async || {
                calls.set(calls.get() + 1);
                if calls.get() > failures { Ok(()) } else { Err("busy") }
            };
            inner.call(op).await.map_err(|_| "gave up")
        }))
    };
    // 4 calls: one by each inner retry, one by the outer
    call(9).unwrap_err();
    assert_eq!((calls.get(), budget.balance(Time::default())), (4, Some(0)));
    // two calls that succeed are two successes: 2 * 0.5
    call(0).unwrap();
    call(0).unwrap();
    assert_eq!(budget.balance(Time::default()), Some(100));
}

/// What the inner layer was granted and may not use goes back.
#[test]
fn a_retry_within_a_retry_is_paid_back() {
    let budget = SuccessBudget::default();
    let policy = Policy::constant(SECOND).budgeted(&budget).under(2);
    let end = Retry::with_sleeper(policy, VirtualClock::new()).call_blocking(|| Err::<(), _>("busy")).unwrap_err();
    assert_eq!((end.attempts, end.reason), (1, retry_core::StopReason::Attempts));
    assert_eq!(budget.balance(Time::default()), Some(300));
}
