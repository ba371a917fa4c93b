use std::time::Duration;

use retry_core::{
    Admission, Backoff, Class, Exponential, Law, Outcome, Policy, Preview, RetryPolicy, Retryable, Staggered,
    StopReason,
};

use crate::support::facts::{MINUTE, SECOND};
use crate::support::gate::Gate;

#[test]
fn as_many_attempts_are_listed_as_are_few_or_asked_for() {
    let listed = |policy: Policy, preview: Preview| policy.plan_with(&preview).attempts().len();
    let policy = || Policy::constant(SECOND);
    assert_eq!(listed(policy(), Preview::new()), 20);
    assert_eq!(listed(policy().attempts(100), Preview::new()), 100);
    assert_eq!(listed(policy().attempts(101), Preview::new()), 20);
    assert_eq!(listed(policy().attempts(u32::MAX - 1), Preview::new().attempts(7)), 7);
    assert_eq!(listed(policy().attempts(5), Preview::new().attempts(7)), 5);
    assert_eq!(listed(policy(), Preview::new().attempts(0)), 1);
    assert_eq!(listed(policy(), Preview::new().attempts(u32::MAX)), 1_000);
    let list = Staggered::new(vec![SECOND; 30]).unwrap();
    assert_eq!(listed(Policy::new(list.into()), Preview::new()), 31);
}

#[test]
fn work_and_memory_are_bounded_whatever_is_asked_for() {
    let policy = Policy::constant(SECOND).jitter(Law::FULL);
    let samples = |preview: Preview| policy.plan_with(&preview).samples();
    assert_eq!(samples(Preview::new()), 2_000);
    assert_eq!(samples(Preview::new().attempts(1)), 2_000);
    // 4 million decisions for 1,000 attempts
    assert_eq!(samples(Preview::new().samples(u32::MAX).attempts(u32::MAX)), 4_000);
    assert_eq!(samples(Preview::new().samples(u32::MAX).attempts(2)), 100_000);
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_another() {
    let policy = Policy::exponential(SECOND, MINUTE).jitter(Law::FULL).attempts(9);
    let plan = |seed| policy.plan_with(&Preview::new().seed(seed));
    assert_eq!(plan(5), plan(5));
    assert_ne!(plan(5).attempts()[8].at().p95(), plan(6).attempts()[8].at().p95());
    assert_eq!(policy.plan(), plan(0));
}

#[test]
fn the_default_policy_is_previewed_whatever_classes_have_policies() {
    let plain = Policy::exponential(SECOND, MINUTE).jitter(Law::FULL).attempts(5);
    let mapped = plain
        .clone()
        .on_class_owned(Retryable::Transient, Policy::constant(MINUTE))
        .on_class_owned(Retryable::Throttled, Policy::constant(MINUTE));
    assert_eq!(mapped.plan(), plain.plan());
    let plan = mapped.plan_with(&Preview::new().class(Retryable::Throttled));
    // the limit in total holds as well
    assert_eq!((plan.attempts().len(), plan.max_total_delay()), (5, Some(4 * MINUTE)));
}

#[test]
fn a_class_that_stops_has_one_attempt() {
    let plan = Policy::constant(SECOND).plan_with(&Preview::new().class(Retryable::Misconfigured));
    assert_eq!((plan.attempts().len(), plan.ends()), (1, Some(StopReason::Misconfigured)));
    assert_eq!((plan.max_attempts().map(u32::from), plan.max_total_delay()), (Some(1), Some(Duration::ZERO)));
}

#[test]
fn totals_tell_of_attempts_that_are_not_listed() {
    let plan = Policy::constant(SECOND).attempts(5_000).plan();
    assert_eq!(plan.max_attempts().map(u32::from), Some(5_000));
    assert_eq!(plan.max_total_delay(), Some(4_999 * SECOND));
    assert_eq!((plan.ends(), plan.mean_total_delay().value), (None, 19 * SECOND));
    let endless = Policy::constant(SECOND).plan();
    assert_eq!((endless.max_attempts(), endless.max_total_delay()), (None, None));
}

#[test]
fn any_policy_can_be_sampled() {
    let open =
        Exponential::new(SECOND).jittered(Law::FULL).up_to(4).for_class(Class::Throttled, Policy::constant(MINUTE));
    let plan = Preview::new().sample(&open);
    assert_eq!((plan.attempts().len(), plan.ends()), (4, Some(StopReason::Attempts)));
    // 1, 2, 4 s at the most
    let last = plan.attempts()[3].at();
    assert!(last.max().value <= 7 * SECOND && !last.max().is_exact);
    // half of it on the average, with a standard error of sqrt(21 / 12) s over sqrt(2000)
    assert!((last.mean().value.as_secs_f64() - 3.5).abs() < 0.15, "{:?}", last.mean());
    let throttled = Preview::new().class(Retryable::Throttled).attempts(3).sample(&open);
    assert_eq!(throttled.attempts()[2].at().p50().value, 2 * MINUTE);
}

#[test]
fn a_sampled_policy_agrees_with_the_plan_of_the_same_as_data() {
    let data = Policy::exponential(SECOND, MINUTE).jitter(Law::EQUAL).attempts(6);
    let (sampled, planned) = (Preview::new().sample(&data), data.plan());
    // the percentiles of one delay are exact in the plan, and of the sum of several the same seed gives the same
    for (sampled, planned) in sampled.attempts().iter().zip(planned.attempts()).skip(2) {
        assert_eq!(sampled.at().p95().value, planned.at().p95().value);
        assert!(sampled.delay().max().value <= planned.delay().max().value);
    }
    assert_eq!(sampled.max_attempts(), planned.max_attempts());
}

#[test]
fn waits_for_admission_are_part_of_the_plan_and_what_is_granted_comes_back() {
    let gate = Gate::new(SECOND, &[Admission::Go, Admission::Wait(MINUTE), Admission::Refuse(StopReason::Breaker)]);
    let plan = Preview::new().samples(1).attempts(5).sample(&gate);
    assert_eq!((plan.attempts().len(), plan.ends()), (2, Some(StopReason::Breaker)));
    assert_eq!(plan.attempts()[1].delay().max().value, MINUTE + SECOND);
    assert_eq!(gate.heard(), [Outcome::Withdrawn, Outcome::GaveUp(StopReason::Breaker)]);
}
