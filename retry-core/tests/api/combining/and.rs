use retry_core::{
    Admission, Because, Decision, Failure, HintRule, Outcome, Policy, RetryPolicy, Retryable, Seeded, StopReason,
    ThreadSleeper, Verdict,
};

use crate::support::facts::{HOUR, MINUTE, SECOND, nth};
use crate::support::gate::Gate;

fn decide(policy: &dyn RetryPolicy, failure: &Failure) -> Decision {
    policy.decide(failure, &mut Seeded::new(0))
}

#[test]
fn the_longer_delay_wins_on_either_side() {
    let (short, long) = (Policy::constant(SECOND), Policy::constant(MINUTE));
    assert_eq!(decide(&short.clone().and(long.clone()), &nth(1)).delay(), Some(MINUTE));
    assert_eq!(decide(&long.and(short), &nth(1)).delay(), Some(MINUTE));
}

#[test]
fn the_reason_is_that_of_the_longer_delay_and_of_the_left_where_they_are_equal() {
    let capped = Policy::constant(HOUR).capped(MINUTE);
    let because = |decision| match decision {
        Decision::Retry(wait) => wait.because(),
        Decision::Stop(reason) => panic!("{reason}"),
    };
    assert_eq!(because(decide(&capped.clone().and(Policy::constant(SECOND)), &nth(1))), Because::Cap);
    assert_eq!(because(decide(&Policy::constant(SECOND).and(capped.clone()), &nth(1))), Because::Cap);
    assert_eq!(because(decide(&Policy::constant(MINUTE).and(capped), &nth(1))), Because::Schedule);
}

#[test]
fn either_may_refuse_and_the_lefts_reason_comes_first() {
    let three = Policy::constant(SECOND).attempts(3);
    let minute = Policy::constant(SECOND).within(SECOND / 2);
    assert_eq!(decide(&three.clone().and(minute.clone()), &nth(1)), Decision::Stop(StopReason::Deadline));
    assert_eq!(decide(&three.clone().and(minute.clone()), &nth(3)), Decision::Stop(StopReason::Attempts));
    assert_eq!(decide(&minute.and(three), &nth(3)), Decision::Stop(StopReason::Deadline));
}

#[test]
fn the_left_hears_that_its_grant_was_refused_on_the_right() {
    let (left, right) = (Gate::listener(SECOND), Gate::listener(SECOND));
    let refusing = Policy::constant(SECOND).attempts(1);
    assert!(decide(&(&left).and(&refusing), &nth(1)).delay().is_none());
    assert_eq!(left.heard(), [Outcome::Withdrawn]);
    // a refusal on the left is its own, and the right was not asked
    assert!(decide(&(&refusing).and(&right), &nth(1)).delay().is_none());
    assert_eq!(right.heard(), []);
    // an agreement withdraws nothing
    assert!(decide(&(&left).and(&right), &nth(1)).delay().is_some());
    assert_eq!((left.heard(), right.heard()), (vec![Outcome::Withdrawn], vec![]));
}

#[test]
fn a_refusal_on_the_right_withdraws_all_that_is_on_the_left() {
    let (a, b) = (Gate::listener(SECOND), Gate::listener(SECOND));
    let policy = (&a).and(&b).and(Policy::constant(SECOND).attempts(1));
    assert!(decide(&policy, &nth(1)).delay().is_none());
    assert_eq!((a.heard(), b.heard()), (vec![Outcome::Withdrawn], vec![Outcome::Withdrawn]));
}

#[test]
fn both_admit_or_the_left_gets_its_place_back() {
    let admit = |left: &Gate, right: &Gate| left.and(right).admit(1, &ThreadSleeper);
    let gate = |admission| Gate::new(SECOND, &[admission]);
    let refuse = Admission::Refuse(StopReason::Breaker);
    let wait = |seconds: u32| Admission::Wait(seconds * SECOND);
    for (left, right, both) in [
        (Admission::Go, Admission::Go, Admission::Go),
        (wait(1), Admission::Go, wait(1)),
        (Admission::Go, wait(1), wait(1)),
        (wait(1), wait(2), wait(2)),
        (wait(2), wait(1), wait(2)),
        (Admission::Go, refuse, refuse),
        (wait(1), refuse, refuse),
        (refuse, Admission::Go, refuse),
    ] {
        let (left, right) = (gate(left), gate(right));
        assert_eq!(admit(&left, &right), both);
        let granted = both == refuse && !right.asked().is_empty();
        assert_eq!(left.heard(), if granted { vec![Outcome::AdmissionWithdrawn] } else { vec![] });
        assert_eq!(right.heard(), []);
    }
    // a refusal on the left spares the right the question
    let (left, right) = (gate(refuse), gate(Admission::Go));
    let _ = admit(&left, &right);
    assert!(right.asked().is_empty());
}

#[test]
fn both_hear_the_end() {
    let (left, right) = (Gate::listener(SECOND), Gate::listener(SECOND));
    (&left).and(&right).outcome(Outcome::GaveUp(StopReason::Budget));
    assert_eq!(
        (left.heard(), right.heard()),
        (vec![Outcome::GaveUp(StopReason::Budget)], vec![Outcome::GaveUp(StopReason::Budget)])
    );
}

#[test]
fn a_permanent_failure_stops_both() {
    let policy = Policy::constant(SECOND).and(Policy::constant(SECOND));
    assert_eq!(decide(&policy, &Failure::first(Verdict::PERMANENT)), Decision::Stop(StopReason::Permanent));
}

/// Rule 14 lets the longer delay win; a limit on one side has seen its own.
#[test]
fn a_limit_in_time_on_one_side_does_not_see_the_other_sides_delay() {
    let (limited, slow) = (Policy::constant(SECOND).within(10 * SECOND), Policy::constant(MINUTE));
    assert_eq!(decide(&limited.clone().and(slow.clone()), &nth(1)).delay(), Some(MINUTE));
    assert_eq!(decide(&limited.and(slow.within(10 * SECOND)), &nth(1)), Decision::Stop(StopReason::Deadline));
}

#[test]
fn a_class_that_one_side_stops_is_stopped() {
    let persistent = Failure::first(Verdict::PERSISTENT);
    let mapped = || Policy::constant(SECOND).on_class_owned(Retryable::Persistent, Policy::constant(MINUTE));
    assert_eq!(decide(&mapped().and(Policy::constant(SECOND)), &persistent), Decision::Stop(StopReason::Persistent));
    assert_eq!(decide(&Policy::constant(SECOND).and(mapped()), &persistent), Decision::Stop(StopReason::Persistent));
    assert_eq!(decide(&mapped().and(mapped()), &persistent).delay(), Some(MINUTE));
}

#[test]
fn each_side_follows_a_hint_by_its_own_rule_and_the_later_wins() {
    let deaf = Policy::constant(5 * SECOND).hints(HintRule::Ignore, HOUR);
    let hinted = |seconds: u32| Failure::first(Verdict::THROTTLED.after(seconds * SECOND));
    let both = deaf.and(Policy::constant(SECOND).hints(HintRule::AtLeast, MINUTE));
    assert_eq!(decide(&both, &hinted(3)).delay(), Some(5 * SECOND));
    assert_eq!(decide(&both, &hinted(9)).delay(), Some(9 * SECOND));
    assert_eq!(decide(&both, &hinted(61)), Decision::Stop(StopReason::HintTooFar));
}
