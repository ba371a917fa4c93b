use retry_core::Class::{Misconfigured, Permanent, Persistent, Throttled, Transient, Unknown};
use retry_core::{
    Class, Decision, Policy, RetryPolicy, Retryable, Seeded, Session, Staggered, StopReason, Time, Verdict,
};

use crate::support::facts::{HOUR, MINUTE, SECOND};

/// By failure the delay in seconds, or why the run ended.
fn run(policy: &dyn RetryPolicy, classes: &[Class]) -> Vec<Result<u64, StopReason>> {
    let mut session = Session::begin(Time::default());
    let mut decide = |class| session.on_failure(Time::default(), Verdict::new(class), policy, &mut Seeded::new(0));
    let outcome = |decision| match decision {
        Decision::Retry(wait) => Ok(wait.delay().as_secs()),
        Decision::Stop(reason) => Err(reason),
    };
    classes.iter().map(|class| outcome(decide(*class))).collect()
}

#[test]
fn without_a_policy_of_their_own_three_classes_stop() {
    let policy = Policy::constant(SECOND);
    assert_eq!(run(&policy, &[Persistent]), [Err(StopReason::Persistent)]);
    assert_eq!(run(&policy, &[Misconfigured]), [Err(StopReason::Misconfigured)]);
    assert_eq!(run(&policy, &[Permanent]), [Err(StopReason::Permanent)]);
    assert_eq!(run(&policy, &[Transient, Throttled, Unknown]), [Ok(1); 3]);
}

#[test]
fn a_policy_of_their_own_retries_persistent_and_misconfigured() {
    let policy = Policy::constant(SECOND)
        .on_class_owned(Retryable::Persistent, Policy::constant(HOUR))
        .on_class_owned(Retryable::Misconfigured, Policy::constant(MINUTE));
    assert_eq!(run(&policy, &[Persistent, Misconfigured, Transient]), [Ok(3600), Ok(60), Ok(1)]);
}

#[test]
fn the_default_counts_every_failure_and_a_classs_policy_its_own() {
    let throttled = Policy::exponential(10 * SECOND, 99 * SECOND).attempts(3);
    let policy = Policy::exponential(SECOND, 99 * SECOND).on_class_owned(Retryable::Throttled, throttled);
    // the 1st of all, the 1st throttled, the 3rd of all, the 2nd throttled, the 5th of all; the 3rd throttled is one too many
    assert_eq!(
        run(&policy, &[Transient, Throttled, Unknown, Throttled, Transient, Throttled]),
        [Ok(1), Ok(10), Ok(4), Ok(20), Ok(16), Err(StopReason::Attempts)]
    );
}

#[test]
fn unknown_takes_the_policy_of_transient() {
    let policy = Policy::constant(HOUR).on_class_owned(Retryable::Transient, Policy::exponential(SECOND, HOUR));
    assert_eq!(run(&policy, &[Unknown, Throttled, Transient, Unknown]), [Ok(1), Ok(3600), Ok(2), Ok(4)]);
}

#[test]
fn the_limit_in_total_holds_as_well() {
    let policy = Policy::constant(SECOND).attempts(3).on_class_owned(Retryable::Throttled, Policy::constant(MINUTE));
    assert_eq!(run(&policy, &[Throttled, Throttled, Throttled]), [Ok(60), Ok(60), Err(StopReason::Attempts)]);
    let in_time = Policy::constant(SECOND)
        .within(MINUTE)
        .on_class_owned(Retryable::Persistent, Policy::constant(MINUTE + SECOND));
    assert_eq!(run(&in_time, &[Persistent]), [Err(StopReason::Deadline)]);
}

#[test]
fn the_limits_of_a_classs_policy_hold_for_the_class_alone() {
    let policy = Policy::constant(SECOND)
        .on_class_owned(Retryable::Throttled, Policy::new(Staggered::new(vec![MINUTE]).unwrap().into()))
        .on_class_owned(Retryable::Persistent, Policy::constant(HOUR).within(MINUTE));
    assert_eq!(run(&policy, &[Throttled, Transient, Throttled]), [Ok(60), Ok(1), Err(StopReason::Schedule)]);
    assert_eq!(run(&policy, &[Transient, Persistent]), [Ok(1), Err(StopReason::Deadline)]);
}

#[test]
fn the_classes_of_a_classs_policy_play_no_part() {
    let inner = Policy::constant(MINUTE).on_class_owned(Retryable::Throttled, Policy::constant(HOUR));
    let policy = Policy::constant(SECOND).on_class_owned(Retryable::Throttled, inner);
    assert_eq!(run(&policy, &[Throttled]), [Ok(60)]);
}

#[test]
fn a_classs_policy_is_replaced_by_the_next() {
    static MINUTELY: Policy = Policy::constant(MINUTE);
    let policy = Policy::constant(SECOND)
        .on_class_owned(Retryable::Throttled, Policy::constant(HOUR))
        .on_class(Retryable::Throttled, &MINUTELY);
    assert_eq!(run(&policy, &[Throttled]), [Ok(60)]);
    assert_eq!(policy, Policy::constant(SECOND).on_class_owned(Retryable::Throttled, MINUTELY.clone()));
    let back = policy.on_class_owned(Retryable::Throttled, Policy::constant(HOUR));
    assert_eq!(run(&back, &[Throttled]), [Ok(3600)]);
}

#[test]
fn never_stops_with_the_reason_of_the_class() {
    assert_eq!(run(&retry_core::Never, &[Transient]), [Err(StopReason::Attempts)]);
    assert_eq!(run(&retry_core::Never, &[Permanent]), [Err(StopReason::Permanent)]);
    assert_eq!(run(&retry_core::Never, &[Persistent]), [Err(StopReason::Persistent)]);
}
