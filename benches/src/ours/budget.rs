//! A success told to a budget and a retry drawn from it. Every withdrawal is granted, so that both write.

use std::hint::black_box;

use retry_core::{Charge, Class, RetryBudget, SuccessBudget, Time};

/// What one success pays for.
const HALF: Charge = Charge::new(Class::Transient).costing(50);
/// A success a millisecond.
const STEP: u64 = 1_000_000;

pub(super) fn dated(n: u64) {
    let budget = SuccessBudget::default();
    for step in 0..n {
        let now = Time::from_nanos(step * STEP);
        let budget = black_box(&budget);
        budget.succeeded(None, Some(now));
        assert!(budget.withdraw(HALF, now), "a success pays for half a retry");
    }
}

pub(super) fn undated(n: u64) {
    let budget = SuccessBudget::default();
    for step in 0..n {
        let budget = black_box(&budget);
        budget.succeeded(None, None);
        assert!(budget.withdraw(HALF, Time::from_nanos(step * STEP)), "a success pays for half a retry");
    }
}
