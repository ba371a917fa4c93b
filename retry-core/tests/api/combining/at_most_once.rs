use proptest::prelude::*;
use retry_core::{Decision, Effect, Policy, RetryPolicy, Seeded, StopReason, Verdict};

use crate::support::facts::SECOND;
use crate::support::gate::Gate;
use crate::support::strategies::{cases, failure, policy};

proptest! {
    #![proptest_config(cases())]

    /// What may have happened is not done again; all else is decided as before.
    #[test]
    fn nothing_that_may_have_happened_is_retried(policy in policy(), failure in failure(), seed in any::<u64>()) {
        let before = policy.decide(&failure, &mut Seeded::new(seed));
        let careful = policy.at_most_once();
        let expected = match (before, failure.verdict().effect) {
            (Decision::Retry(_), Effect::Possible) => Decision::Stop(StopReason::UnknownOutcome),
            _ => before,
        };
        prop_assert_eq!(careful.decide(&failure, &mut Seeded::new(seed)), expected);
    }
}

#[test]
fn the_reason_for_which_the_policy_would_stop_anyway_stays() {
    let policy = Policy::constant(SECOND).attempts(1).at_most_once();
    let decide = |verdict| policy.decide(&retry_core::Failure::first(verdict), &mut Seeded::new(0));
    assert_eq!(decide(Verdict::TRANSIENT), Decision::Stop(StopReason::Attempts));
    assert_eq!(decide(Verdict::PERMANENT), Decision::Stop(StopReason::Permanent));
    assert!(!StopReason::UnknownOutcome.is_exhaustion());
}

#[test]
fn the_policy_in_it_is_asked_and_told_as_before() {
    let gate = Gate::new(SECOND, &[]);
    let policy = (&gate).at_most_once();
    assert_eq!(policy.needs(), gate.needs());
    let _ = policy.admit(3, &retry_core::ThreadSleeper);
    policy.outcome(retry_core::Outcome::GaveUp(StopReason::Budget));
    assert_eq!((gate.asked(), gate.heard()), (vec![3], vec![retry_core::Outcome::GaveUp(StopReason::Budget)]));
}
