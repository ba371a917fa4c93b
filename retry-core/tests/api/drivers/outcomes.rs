use retry_core::test_util::VirtualClock;
use retry_core::{Outcome, Policy, Retry, RetryPolicy, StopReason, Verdict, classify_fn};

use crate::support::doors::{Door, failing};
use crate::support::facts::SECOND;
use crate::support::gate::Gate;

#[test]
fn a_policy_hears_of_a_success_and_of_how_many_attempts_it_took() {
    for door in Door::ALL {
        for failures in [0, 3] {
            let gate = Gate::listener(SECOND);
            door.run(&Retry::with_sleeper(&gate, VirtualClock::new()), failing(failures)).unwrap();
            let heard = gate.heard();
            let [Outcome::Succeeded { attempts, .. }] = heard[..] else { panic!("{door:?}: {heard:?}") };
            assert_eq!(attempts, failures + 1, "{door:?}");
        }
    }
}

#[test]
fn a_policy_hears_why_a_run_ended() {
    for door in Door::ALL {
        let gate = Gate::listener(SECOND);
        let ending = [
            (Policy::constant(SECOND).attempts(2), StopReason::Attempts),
            (Policy::constant(SECOND).within(SECOND), StopReason::Deadline),
            (Policy::new(retry_core::Staggered::from_static(&[]).into()), StopReason::Schedule),
        ];
        for (policy, reason) in ending {
            // the left has a say first, so nothing is withdrawn
            let policy = policy.and(&gate);
            door.run(&Retry::with_sleeper(policy, VirtualClock::new()), failing(9)).unwrap_err();
            assert_eq!(gate.heard().last(), Some(&Outcome::GaveUp(reason)), "{door:?}");
        }
        assert_eq!(gate.heard().len(), 3, "{door:?}");
    }
}

#[test]
fn a_policy_hears_of_a_permanent_error_that_another_found() {
    for door in Door::ALL {
        let gate = Gate::listener(SECOND);
        let retry = Retry::with_sleeper(Policy::constant(SECOND).and(&gate), VirtualClock::new())
            .classify(classify_fn(|_: &&str| Verdict::PERMANENT));
        door.run(&retry, failing(9)).unwrap_err();
        assert_eq!(gate.heard(), [Outcome::GaveUp(StopReason::Permanent)], "{door:?}");
    }
}

#[test]
fn a_run_that_is_dropped_tells_nothing() {
    let (gate, clock) = (Gate::listener(SECOND), VirtualClock::new());
    let retry = Retry::with_sleeper(&gate, clock.clone());
    let mut run = retry.begin();
    clock.run(run.failed("no")).unwrap();
    drop(run);
    assert_eq!(gate.heard(), []);
}

#[test]
fn a_policy_that_needs_no_outcomes_hears_none() {
    struct Deaf<'a>(&'a Gate);
    impl RetryPolicy for Deaf<'_> {
        fn decide(&self, failure: &retry_core::Failure, rng: &mut dyn retry_core::Entropy) -> retry_core::Decision {
            self.0.decide(failure, rng)
        }
        fn outcome(&self, outcome: Outcome) {
            self.0.outcome(outcome);
        }
        fn needs(&self) -> retry_core::Needs {
            retry_core::Needs::NOTHING
        }
    }
    for door in Door::ALL {
        let gate = Gate::listener(SECOND);
        let retry = Retry::with_sleeper(Deaf(&gate), VirtualClock::new()).deadline(3 * SECOND);
        door.run(&retry, failing(1)).unwrap();
        door.run(&retry, failing(9)).unwrap_err();
        assert_eq!(gate.heard(), [], "{door:?}");
    }
}
