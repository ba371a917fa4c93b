use std::cell::RefCell;
use std::num::NonZeroU32;

use retry_core::{Class, Decision, Entropy, Failure, RetryPolicy, Seeded, Session, Time, Verdict};

use crate::support::facts::{FOREVER, SECOND, ns};

/// Retries whatever happens, and keeps what it was shown.
#[derive(Default)]
struct Patient(RefCell<Vec<Failure>>);

impl RetryPolicy for Patient {
    fn decide(&self, failure: &Failure, _: &mut dyn Entropy) -> Decision {
        self.0.borrow_mut().push(*failure);
        Decision::retry(SECOND)
    }
}

/// Failures of `classes` in turn; what the policy saw.
fn failures(classes: impl Iterator<Item = Class>) -> Vec<Failure> {
    let (policy, mut session) = (Patient::default(), Session::begin(Time::default()));
    for class in classes {
        let _ = session.on_failure(Time::default(), Verdict::new(class), &policy, &mut Seeded::new(0));
    }
    policy.0.into_inner()
}

#[test]
fn failures_of_each_class_are_counted_apart_far_beyond_a_byte() {
    use Class::{Misconfigured, Persistent, Throttled, Transient};
    let cycle = [Throttled, Transient, Persistent, Throttled, Misconfigured];
    let seen = failures(cycle.into_iter().cycle().take(5 * 1_000));
    let mut counts = [0_u32; 4];
    for (failure, n) in seen.iter().zip(1..) {
        let class = failure.verdict().class;
        let count =
            &mut counts[[Throttled, Transient, Persistent, Misconfigured].iter().position(|c| *c == class).unwrap()];
        *count += 1;
        assert_eq!((failure.attempt(), failure.class_failures(), failure.count()), (n, *count, n));
        assert_eq!(failure.in_class().count(), *count);
    }
    assert_eq!(counts, [2_000, 1_000, 1_000, 1_000]);
}

#[test]
fn unknown_failures_are_counted_with_the_transient_ones() {
    use Class::{Throttled, Transient, Unknown};
    let seen = failures([Unknown, Transient, Throttled, Unknown, Transient].into_iter());
    let counts: Vec<_> = seen.iter().map(Failure::class_failures).collect();
    assert_eq!(counts, [1, 2, 1, 3, 4]);
}

#[test]
fn a_stop_leaves_the_session_as_it_was() {
    let mut session = Session::begin(Time::default());
    let _ = session.on_failure(Time::default(), Verdict::THROTTLED, &Patient::default(), &mut Seeded::new(0));
    let before = session;
    let decision = session.on_failure(Time::default(), Verdict::PERMANENT, &retry_core::Never, &mut Seeded::new(0));
    assert!(matches!(decision, Decision::Stop(_)));
    assert_eq!(session, before);
}

#[test]
fn the_time_slept_adds_up_and_saturates() {
    struct Eternal;
    impl RetryPolicy for Eternal {
        fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
            Decision::retry(std::time::Duration::MAX)
        }
    }
    let mut session = Session::begin(Time::default());
    let _ = session.on_failure(Time::default(), Verdict::TRANSIENT, &Patient::default(), &mut Seeded::new(0));
    assert_eq!(session.slept(), SECOND);
    for _ in 0..3 {
        let _ = session.on_failure(Time::from_nanos(u64::MAX), Verdict::TRANSIENT, &Eternal, &mut Seeded::new(0));
        assert_eq!(session.slept(), FOREVER);
    }
    assert_eq!(session.elapsed(Time::from_nanos(u64::MAX)), FOREVER);
}

#[test]
fn facts_of_the_last_attempt_there_can_be_saturate() {
    let last = Failure::new(NonZeroU32::MAX, FOREVER, Verdict::THROTTLED);
    assert_eq!((last.attempt(), last.class_failures()), (u32::MAX, u32::MAX));
    assert_eq!(last.with_class_failures(7).class_failures(), 7);
    assert_eq!(last.elapsed(), FOREVER);
    assert_eq!(last.with_first_failure(FOREVER).since_first_failure(), ns(0));
}

/// Object or not, owned or not: a policy is asked the same.
#[test]
fn a_session_takes_a_policy_behind_any_pointer() {
    let mut sessions = [Session::begin(Time::default()); 3];
    let policy = Patient::default();
    let rng = &mut Seeded::new(0);
    let object: &dyn RetryPolicy = &policy;
    let boxed: Box<dyn RetryPolicy> = Box::new(Patient::default());
    let _ = sessions[0].on_failure(Time::default(), Verdict::TRANSIENT, &policy, rng);
    let _ = sessions[1].on_failure(Time::default(), Verdict::TRANSIENT, object, rng);
    let _ = sessions[2].on_failure(Time::default(), Verdict::TRANSIENT, &boxed, rng);
    assert_eq!(sessions[0], sessions[1]);
    assert_eq!(sessions[0], sessions[2]);
    assert_eq!(sessions[0].attempt(), 2);
}
