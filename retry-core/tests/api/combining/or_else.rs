use retry_core::{
    Admission, Decision, Entropy, Failure, Needs, Outcome, Policy, RetryPolicy, Retryable, Seeded, Staggered,
    StopReason, ThreadSleeper, Verdict,
};

use crate::support::facts::{MINUTE, SECOND, Simulation, nth};
use crate::support::gate::Gate;

/// Ends at once, for a reason of the test's choosing.
struct Ends(StopReason);

impl RetryPolicy for Ends {
    fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
        Decision::Stop(self.0)
    }
    fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

#[test]
fn the_second_is_asked_after_attempts_and_schedule_only() {
    let all = [
        StopReason::Attempts,
        StopReason::Schedule,
        StopReason::Deadline,
        StopReason::Budget,
        StopReason::Breaker,
        StopReason::Permanent,
        StopReason::Persistent,
        StopReason::Misconfigured,
        StopReason::UnknownOutcome,
        StopReason::Cancelled,
        StopReason::HintTooFar,
    ];
    for reason in all {
        let policy = Ends(reason).or_else(Policy::constant(MINUTE));
        let decision = policy.decide(&nth(1), &mut Seeded::new(0));
        let exhausted = matches!(reason, StopReason::Attempts | StopReason::Schedule);
        let expected = if exhausted { Decision::retry(MINUTE) } else { Decision::Stop(reason) };
        assert_eq!(decision, expected);
        assert_eq!(reason.is_exhaustion(), exhausted);
    }
}

#[test]
fn the_second_goes_on_where_the_first_ran_out() {
    let first = Policy::new(Staggered::new(vec![SECOND, 2 * SECOND]).unwrap().into());
    let policy = first.or_else(Policy::exponential(MINUTE, 100 * MINUTE).attempts(5));
    let run = Simulation::idle(&policy, &mut Seeded::new(0), 9);
    // the second counts all failures: 2^2, 2^3 minutes for the third and fourth, and the fifth is its last
    assert_eq!(run.delays(), [SECOND, 2 * SECOND, 4 * MINUTE, 8 * MINUTE]);
    assert_eq!(run.last(), Decision::Stop(StopReason::Attempts));
}

#[test]
fn a_permanent_failure_asks_no_second() {
    let policy = Policy::constant(SECOND).attempts(1).or_else(Policy::constant(MINUTE));
    let decision = policy.decide(&Failure::first(Verdict::PERMANENT), &mut Seeded::new(0));
    assert_eq!(decision, Decision::Stop(StopReason::Permanent));
}

#[test]
fn only_the_first_has_a_say_in_admission_and_both_hear_the_end() {
    let (first, next) = (Gate::new(SECOND, &[Admission::Wait(SECOND)]), Gate::new(SECOND, &[]));
    let policy = (&first).or_else(&next);
    assert_eq!(policy.admit(4, &ThreadSleeper), Admission::Wait(SECOND));
    assert_eq!((first.asked(), next.asked()), (vec![4], vec![]));
    policy.outcome(Outcome::GaveUp(StopReason::Schedule));
    assert_eq!(first.heard(), [Outcome::GaveUp(StopReason::Schedule)]);
    assert_eq!(next.heard(), [Outcome::GaveUp(StopReason::Schedule)]);
}

#[test]
fn a_class_that_has_run_out_in_the_first_goes_to_the_second() {
    let first = Policy::constant(SECOND).on_class_owned(Retryable::Throttled, Policy::constant(SECOND).attempts(2));
    let policy = first.or_else(Policy::constant(MINUTE).attempts(5));
    let run = Simulation::run(&policy, &mut Seeded::new(0), 9, |_| (SECOND, Verdict::THROTTLED));
    assert_eq!(run.delays(), [SECOND, MINUTE, MINUTE, MINUTE]);
    assert_eq!(run.last(), Decision::Stop(StopReason::Attempts));
}

#[test]
fn a_limit_in_time_of_the_first_is_final_and_that_of_the_second_its_own() {
    let second = || Policy::constant(MINUTE);
    let late = Policy::constant(2 * SECOND).within(SECOND).or_else(second());
    assert_eq!(late.decide(&nth(1), &mut Seeded::new(0)), Decision::Stop(StopReason::Deadline));
    let then_late = Policy::constant(SECOND).attempts(1).or_else(second().within(SECOND));
    assert_eq!(then_late.decide(&nth(1), &mut Seeded::new(0)), Decision::Stop(StopReason::Deadline));
}
