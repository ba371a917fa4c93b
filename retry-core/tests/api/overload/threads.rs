//! No token is lost or counted twice, whatever threads do at the same time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use retry_core::{AwsQuota, BudgetRule, Charge, Class, GrpcThrottle, Ratio, RetryBudget, SuccessBudget, Time};

const RETRY: Charge = Charge::new(Class::Transient);
const NOW: Time = Time::from_nanos(1_000_000_000);
const THREADS: u64 = 4;
const ROUNDS: u64 = 50_000;

/// Runs `f` on all threads at once, with the number of each; the sum of what they return.
fn together(f: impl Fn(u64) -> u64 + Sync) -> u64 {
    let sum = AtomicU64::new(0);
    thread::scope(|scope| {
        for n in 0..THREADS {
            let (f, sum) = (&f, &sum);
            scope.spawn(move || sum.fetch_add(f(n), Ordering::Relaxed));
        }
    });
    sum.into_inner()
}

#[test]
fn the_grants_of_all_threads_are_the_tokens_that_there_were() {
    let budget = SuccessBudget::new(BudgetRule::DEFAULT.floor(10_000));
    let granted = together(|_| (0..ROUNDS).filter(|_| budget.withdraw(RETRY, NOW)).count() as u64);
    assert_eq!((granted, budget.balance(NOW)), (10_000, Some(0)));
    let quota = AwsQuota::new(100_000, 5, 5);
    let granted = together(|_| (0..ROUNDS).filter(|_| quota.withdraw(RETRY, NOW)).count() as u64);
    assert_eq!((granted, quota.available()), (20_000, 0));
}

#[test]
fn successes_of_all_threads_are_counted() {
    let budget = SuccessBudget::new(BudgetRule::DEFAULT.floor(0));
    together(|_| (0..5_000).map(|_| budget.succeeded(None, Some(NOW))).count() as u64);
    // 20,000 * 126 / 128 * 0.5
    assert_eq!(budget.balance(NOW), Some(984_375));
}

#[test]
fn withdrawals_and_refunds_of_all_threads_cancel() {
    let budgets: [&(dyn RetryBudget + Sync); 2] =
        [&SuccessBudget::new(BudgetRule::DEFAULT.floor(10)), &AwsQuota::new(50, 5, 5)];
    for budget in budgets {
        let before = budget.balance(NOW);
        together(|_| {
            let mut held = 0;
            for round in 0..ROUNDS {
                if held == 0 || round % 3 == 0 {
                    held += u64::from(budget.withdraw(RETRY, NOW));
                } else {
                    budget.refund(RETRY);
                    held -= 1;
                }
            }
            (0..held).for_each(|_| budget.refund(RETRY));
            0
        });
        assert_eq!(budget.balance(NOW), before);
    }
}

/// All at once: what is granted over all threads keeps the bound.
#[test]
fn the_bound_holds_over_all_threads() {
    let rule = BudgetRule::DEFAULT.trickle(std::time::Duration::from_millis(1));
    let budget = SuccessBudget::new(rule);
    // Threads go through the same ten seconds.
    let at = |round: u64| Time::from_nanos(round * (10_000_000_000 / ROUNDS));
    let granted = together(|n| {
        let mut granted = 0;
        for round in 0..ROUNDS {
            if (round + n) % 5 == 0 {
                budget.succeeded(None, Some(at(round)));
            } else {
                granted += u64::from(budget.withdraw(RETRY, at(round)));
            }
        }
        granted
    });
    let most = rule.max_retries(0, THREADS * ROUNDS / 5, std::time::Duration::from_secs(10));
    assert!(granted <= most, "{granted} {most}");
    // 40,000 successes pay for 20,000, and 10,000 trickle in
    assert!(granted >= most * 95 / 100, "{granted} {most}");
}

#[test]
fn a_throttle_loses_no_failure() {
    let throttle = GrpcThrottle::new(1000, Ratio::new(1, 1000).unwrap()).unwrap();
    together(|_| (0..100).map(|_| throttle.failed(Class::Transient, NOW)).count() as u64);
    // 1000 - 4 * 100
    assert_eq!(throttle.thousandths(), 600_000);
    together(|_| (0..100).map(|_| throttle.succeeded(None, Some(NOW))).count() as u64);
    assert_eq!(throttle.thousandths(), 600_400);
}
