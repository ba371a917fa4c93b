//! The orders in which two or three threads can meet in a budget: `RUSTFLAGS="--cfg loom" cargo test -p retry-core
//! --release --test loom`. Empty without that.
#![cfg(loom)]

use std::time::Duration;

use loom::sync::Arc;
use loom::thread;
use retry_core::{BudgetRule, Charge, Class, RetryBudget, SuccessBudget, Time};

const RETRY: Charge = Charge::new(Class::Transient);
const HOUR: Time = Time::from_nanos(3_600_000_000_000);
/// Ticks of 20 bits cannot tell this from an hour: 2^20 / 64 windows of 10 s.
const WRAPPED: Time = Time::from_nanos(3_600_000_000_000 + 163_840_000_000_000);

fn budget(floor: u16) -> Arc<SuccessBudget> {
    Arc::new(SuccessBudget::new(BudgetRule::DEFAULT.floor(floor).trickle(Duration::MAX)))
}

/// What all of `threads` return, once they have met in every order; then `check` is called with the sum.
fn all_orders(
    make: fn() -> Arc<SuccessBudget>,
    threads: &'static [fn(&SuccessBudget) -> u32],
    check: fn(&SuccessBudget, u32),
) {
    let mut model = loom::model::Builder::new();
    // Each thread is interrupted at most so often; more takes hours and has shown nothing else.
    model.preemption_bound = Some(3);
    model.check(move || {
        let budget = make();
        let running: Vec<_> = threads
            .iter()
            .map(|run| {
                let budget = budget.clone();
                thread::spawn(move || run(&budget))
            })
            .collect();
        let sum = running.into_iter().map(|thread| thread.join().unwrap()).sum();
        check(&budget, sum);
    });
}

fn withdraw(budget: &SuccessBudget) -> u32 {
    u32::from(budget.withdraw(RETRY, HOUR))
}

fn succeed(budget: &SuccessBudget) -> u32 {
    budget.succeeded(None, Some(HOUR));
    0
}

#[test]
fn two_tokens_are_two_retries_for_three_threads() {
    all_orders(
        || budget(2),
        &[withdraw, withdraw, withdraw],
        |budget, granted| {
            assert_eq!((granted, budget.balance(HOUR)), (2, Some(0)));
        },
    );
}

#[test]
fn no_success_is_lost_and_none_pays_twice() {
    fn one_of_three() -> Arc<SuccessBudget> {
        let budget = budget(3);
        assert_eq!(withdraw(&budget) + withdraw(&budget), 2);
        budget
    }
    all_orders(one_of_three, &[succeed, succeed, withdraw], |budget, granted| {
        // 1 + 2 * 0.5 - 1, never near the cap
        assert_eq!((granted, budget.balance(HOUR)), (1, Some(100)));
    });
}

#[test]
fn a_refund_meets_a_withdrawal() {
    fn change_of_mind(budget: &SuccessBudget) -> u32 {
        if budget.withdraw(RETRY, HOUR) {
            budget.refund(RETRY);
        }
        0
    }
    all_orders(
        || budget(1),
        &[change_of_mind, withdraw],
        |budget, granted| {
            assert_eq!(budget.balance(HOUR), Some(100 - 100 * u64::from(granted)));
        },
    );
}

/// After a pause in which the ticks of the state have come round, nobody takes the old successes for new ones, whoever
/// is first to notice.
#[test]
fn successes_from_before_a_long_pause_pay_for_nothing() {
    fn saved() -> Arc<SuccessBudget> {
        let budget = budget(1);
        (0..100).for_each(|_| budget.succeeded(None, Some(HOUR)));
        budget
    }
    fn late(budget: &SuccessBudget) -> u32 {
        (0..2).map(|_| u32::from(budget.withdraw(RETRY, WRAPPED))).sum()
    }
    all_orders(saved, &[late, late], |_, granted| assert_eq!(granted, 1));
}
