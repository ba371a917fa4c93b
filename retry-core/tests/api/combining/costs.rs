//! What a retry costs a budget goes by the class, through every combinator.

use std::time::Duration;

use retry_core::{Class, Policy, RetryPolicy, Retryable};

fn costing(percent: u16) -> Policy {
    Policy::constant(Duration::ZERO).budget_cost(percent)
}

#[test]
fn a_class_has_its_own_policys_cost_and_the_others_the_default_ones() {
    let policy = costing(70).on_class_owned(Retryable::Throttled, costing(25));
    assert_eq!(policy.retry_cost(Class::Throttled), 25);
    assert_eq!(policy.retry_cost(Class::Transient), 70);
    assert_eq!(policy.retry_cost(Class::Unknown), 70);
    assert_eq!(policy.class_policy(Retryable::Throttled).map(Policy::cost_percent), Some(25));
}

#[test]
fn both_sides_of_a_pair_are_paid_by_the_dearer() {
    assert_eq!(costing(70).and(costing(200)).retry_cost(Class::Transient), 200);
    assert_eq!(costing(200).and(costing(70)).retry_cost(Class::Transient), 200);
    assert_eq!(costing(70).or_else(costing(200)).retry_cost(Class::Transient), 200);
}

#[test]
fn the_cost_passes_through_wrappers_and_pointers() {
    let by_class = costing(70).for_class(Class::Throttled, costing(5));
    assert_eq!((by_class.retry_cost(Class::Throttled), by_class.retry_cost(Class::Transient)), (5, 70));
    assert_eq!(by_class.at_most_once().boxed().retry_cost(Class::Throttled), 5);
}
