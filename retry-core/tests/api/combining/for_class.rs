use retry_core::{
    Admission, Backoff, Class, Constant, Decision, Exponential, Outcome, Policy, RetryPolicy, Seeded, StopReason,
    ThreadSleeper, Verdict,
};

use crate::support::facts::{HOUR, MINUTE, SECOND, Simulation};
use crate::support::gate::Gate;

fn run(policy: &dyn RetryPolicy, classes: &[Class]) -> Vec<Option<u64>> {
    let run = Simulation::run(policy, &mut Seeded::new(0), classes.len(), |n| {
        (std::time::Duration::ZERO, Verdict::new(classes[n]))
    });
    run.decisions.iter().map(|decision| decision.delay().map(|delay| delay.as_secs())).collect()
}

#[test]
fn one_class_has_its_own_policy_and_its_own_count() {
    use Class::{Throttled, Transient};
    let doubling = |seconds: u32| Exponential::new(seconds * SECOND).into_policy();
    let policy = doubling(1).for_class(Throttled, doubling(60));
    assert_eq!(
        run(&policy, &[Transient, Throttled, Transient, Throttled, Throttled]),
        [Some(1), Some(60), Some(4), Some(120), Some(240)]
    );
}

#[test]
fn unknown_goes_with_transient() {
    let policy = Policy::constant(SECOND).for_class(Class::Transient, Policy::constant(HOUR));
    assert_eq!(run(&policy, &[Class::Unknown, Class::Transient, Class::Throttled]), [Some(3600), Some(3600), Some(1)]);
}

#[test]
fn classes_that_stop_are_retried_by_a_policy_of_their_own_and_permanent_is_not() {
    let policy = Policy::constant(SECOND)
        .for_class(Class::Persistent, Constant::new(HOUR).into_policy())
        .for_class(Class::Misconfigured, Policy::constant(MINUTE))
        .for_class(Class::Permanent, Policy::constant(SECOND));
    assert_eq!(run(&policy, &[Class::Persistent, Class::Misconfigured]), [Some(3600), Some(60)]);
    let stopped = Simulation::run(&policy, &mut Seeded::new(0), 1, |_| (SECOND, Verdict::PERMANENT));
    assert_eq!(stopped.last(), Decision::Stop(StopReason::Permanent));
}

#[test]
fn the_last_one_named_for_a_class_is_asked_first() {
    let policy = Policy::constant(SECOND)
        .for_class(Class::Throttled, Policy::constant(MINUTE))
        .for_class(Class::Throttled, Policy::constant(HOUR));
    assert_eq!(run(&policy, &[Class::Throttled]), [Some(3600)]);
}

#[test]
fn the_rest_alone_has_a_say_in_admission_and_both_hear_the_end() {
    let (rest, own) = (Gate::new(SECOND, &[Admission::Wait(MINUTE)]), Gate::new(SECOND, &[]));
    let policy = (&rest).for_class(Class::Throttled, &own);
    assert_eq!(policy.admit(2, &ThreadSleeper), Admission::Wait(MINUTE));
    assert_eq!((rest.asked(), own.asked()), (vec![2], vec![]));
    policy.outcome(Outcome::GaveUp(StopReason::Attempts));
    assert_eq!(rest.heard(), own.heard());
    assert_eq!(own.heard(), [Outcome::GaveUp(StopReason::Attempts)]);
}
