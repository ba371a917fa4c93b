//! The quota of AWS and the throttle of gRPC, by their rules.

use retry_core::{AwsQuota, Charge, Class, GrpcThrottle, Invalid, Ratio, RetryBudget, Time};

const NOW: Time = Time::from_nanos(0);
const RETRY: Charge = Charge::new(Class::Transient);
const THROTTLED: Charge = Charge::new(Class::Throttled);

#[test]
fn costs_of_both_specifications() {
    let costs = |quota: AwsQuota| [RETRY, THROTTLED, RETRY.costing(200)].map(|charge| quota.cost(charge));
    assert_eq!(costs(AwsQuota::v2_0()), [5, 5, 10]);
    assert_eq!(costs(AwsQuota::v2_1()), [14, 5, 28]);
    // parts of a token are charged whole: 14 * 0.5, 5 * 0.5
    let half = |class| AwsQuota::v2_1().cost(Charge::new(class).costing(50));
    assert_eq!((half(Class::Transient), half(Class::Throttled)), (7, 3));
}

#[test]
fn a_full_quota_of_2_0_is_100_retries() {
    let quota = AwsQuota::v2_0();
    assert_eq!((0..).take_while(|_| quota.withdraw(RETRY, NOW)).count(), 100);
    assert_eq!((quota.available(), quota.balance(NOW)), (0, Some(0)));
}

#[test]
fn a_retried_success_returns_the_cost_of_its_last_retry() {
    let quota = AwsQuota::v2_1();
    assert!(quota.withdraw(RETRY, NOW) && quota.withdraw(THROTTLED, NOW));
    // 500 - 14 - 5
    assert_eq!(quota.available(), 481);
    quota.succeeded(Some(THROTTLED), Some(NOW));
    assert_eq!(quota.available(), 486);
    // a call that needed no retry adds one
    quota.succeeded(None, Some(NOW));
    assert_eq!(quota.available(), 487);
    // a free one nothing
    quota.succeeded(Some(RETRY.costing(0)), Some(NOW));
    assert_eq!(quota.available(), 487);
}

#[test]
fn nothing_exceeds_the_capacity_or_goes_below_zero() {
    let quota = AwsQuota::new(10, 6, 6);
    quota.succeeded(None, Some(NOW));
    quota.refund(RETRY);
    assert_eq!(quota.available(), 10);
    assert!(quota.withdraw(RETRY, NOW));
    assert!(!quota.withdraw(RETRY, NOW));
    assert_eq!(quota.available(), 4);
    assert!(!quota.withdraw(RETRY.costing(u16::MAX), NOW));
    let huge = AwsQuota::new(u32::MAX, u32::MAX, u32::MAX);
    assert!(!huge.withdraw(RETRY.costing(u16::MAX), NOW));
    assert!(huge.withdraw(RETRY, NOW));
    huge.release(u32::MAX);
    huge.release(u32::MAX);
    assert_eq!(huge.available(), u32::MAX);
    assert_eq!(AwsQuota::v2_0().starting_with(501).available(), 500);
    // where retries are free nobody can say how many there are
    let free = AwsQuota::new(0, 0, 0);
    assert_eq!((free.withdraw(RETRY, NOW), free.balance(NOW)), (true, None));
}

fn throttle(tokens: u32, times: u32, per: u32) -> GrpcThrottle {
    GrpcThrottle::new(tokens, Ratio::new(times, per).unwrap()).unwrap()
}

#[test]
fn retries_stop_at_half_of_the_tokens() {
    let throttle = throttle(10, 1, 2);
    // 9, 8, 7, 6 are more than 5; the fifth failure leaves 5
    assert_eq!((0..).take_while(|_| throttle.withdraw(RETRY, NOW)).count(), 4);
    assert_eq!(throttle.thousandths(), 5_000);
    // refused, and counted all the same
    assert!(!throttle.withdraw(RETRY, NOW));
    assert_eq!(throttle.thousandths(), 4_000);
    // 4 + 5 * 0.5 = 6.5; the failure leaves 5.5
    (0..5).for_each(|_| throttle.succeeded(None, Some(NOW)));
    assert!(throttle.withdraw(RETRY, NOW));
    assert_eq!(throttle.thousandths(), 5_500);
}

#[test]
fn failures_count_without_a_retry_too_and_nothing_is_given_back() {
    let throttle = throttle(10, 1, 10);
    throttle.failed(Class::Transient, NOW);
    throttle.failed(Class::Throttled, NOW);
    assert_eq!(throttle.thousandths(), 8_000);
    // status codes that nobody retries
    for class in [Class::Permanent, Class::Persistent, Class::Misconfigured] {
        throttle.failed(class, NOW);
    }
    throttle.refund(RETRY);
    assert_eq!(throttle.thousandths(), 8_000);
}

#[test]
fn tokens_stay_between_none_and_all() {
    let throttle = throttle(2, 999, 1);
    (0..10).for_each(|_| throttle.failed(Class::Unknown, NOW));
    assert_eq!((throttle.thousandths(), throttle.balance(NOW)), (0, Some(0)));
    throttle.succeeded(None, Some(NOW));
    assert_eq!(throttle.thousandths(), 2_000);
}

#[test]
fn the_ratio_is_cut_to_three_decimals() {
    let throttle = throttle(10, 12_349, 100_000);
    (0..2).for_each(|_| throttle.failed(Class::Transient, NOW));
    throttle.succeeded(None, Some(NOW));
    // 8 + 0.123
    assert_eq!(throttle.thousandths(), 8_123);
}

#[test]
fn impossible_throttles_are_refused() {
    let new = |tokens, times, per| GrpcThrottle::new(tokens, Ratio::new(times, per).unwrap()).err();
    assert_eq!(new(0, 1, 10), Some(Invalid::Tokens));
    assert_eq!(new(1001, 1, 10), Some(Invalid::Tokens));
    assert_eq!(new(u32::MAX, 1, 10), Some(Invalid::Tokens));
    assert_eq!(new(10, 0, 1), Some(Invalid::TokenRatio));
    // 0.0009 is cut to nothing
    assert_eq!(new(10, 9, 10_000), Some(Invalid::TokenRatio));
    assert_eq!(new(10, 1, 1000), None);
    assert_eq!(new(1000, u32::MAX, 1), None);
}
