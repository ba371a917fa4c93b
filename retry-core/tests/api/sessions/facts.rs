use std::num::NonZeroU32;
use std::time::Duration;

use proptest::prelude::*;
use retry_core::{Class, Decision, Failure, RetryPolicy, Seeded, Session, Time, Verdict};

use crate::support::facts::{HOUR, MINUTE, SECOND, ns};
use crate::support::strategies::{cases, class, policy, verdict};

/// What a store that keeps facts in columns has of a run.
#[derive(Default)]
struct Columns {
    now: u64,
    failures: Vec<Class>,
    slept: Duration,
    previous: Duration,
}

impl Columns {
    /// Unknown failures count as transient ones.
    fn failures_of(&self, class: Class) -> u32 {
        let kind = |class| if matches!(class, Class::Unknown | Class::Permanent) { Class::Transient } else { class };
        let same = self.failures.iter().filter(|other| kind(**other) == kind(class));
        u32::try_from(same.count()).unwrap()
    }

    fn failure(&self, verdict: Verdict) -> Failure {
        let attempt = u32::try_from(self.failures.len()).unwrap() + 1;
        Failure::new(NonZeroU32::new(attempt).unwrap(), ns(self.now), verdict)
            .with_class_failures(self.failures_of(verdict.class) + 1)
            .with_previous_delay(self.previous)
            .with_slept(self.slept)
    }
}

proptest! {
    #![proptest_config(cases())]

    /// A failure made of stored facts gets the decision that the session itself gets.
    #[test]
    fn stored_facts_decide_as_the_session_does(
        policy in policy(),
        trace in prop::collection::vec((verdict(), 0..100_000_000_000_u64), 1..30),
        seed in any::<u64>(),
    ) {
        let (mut session, mut columns) = (Session::begin(Time::default()), Columns::default());
        let mut rng = Seeded::new(seed);
        for (verdict, takes) in trace {
            columns.now = columns.now.saturating_add(takes);
            let from_columns = policy.decide(&columns.failure(verdict), &mut rng.clone());
            let decision = session.on_failure(Time::from_nanos(columns.now), verdict, &policy, &mut rng);
            prop_assert_eq!(from_columns, decision);
            let Decision::Retry(wait) = decision else { break };
            columns.now = columns.now.saturating_add(u64::try_from(wait.delay().as_nanos()).unwrap());
            columns.slept = columns.slept.saturating_add(wait.delay());
            columns.previous = wait.delay();
            columns.failures.push(verdict.class);
        }
    }

    /// The class in which a policy asks is that of the failure at hand, whatever came before.
    #[test]
    fn class_failures_are_within_attempts(classes in prop::collection::vec(class(), 1..40)) {
        let policy = retry_core::Policy::constant(SECOND);
        let mut session = Session::begin(Time::default());
        for class in classes {
            let _ = session.on_failure(Time::default(), Verdict::new(class), &policy, &mut Seeded::new(0));
        }
        prop_assert_eq!(session.slept(), (session.attempt() - 1) * SECOND);
    }
}

#[test]
fn facts_that_were_not_set_have_their_defaults() {
    let third = Failure::new(NonZeroU32::new(3).unwrap(), HOUR, Verdict::THROTTLED);
    assert_eq!((third.attempt(), third.count(), third.class_failures()), (3, 3, 3));
    assert_eq!((third.elapsed(), third.since_first_failure()), (HOUR, HOUR));
    assert_eq!((third.slept(), third.previous_delay()), (ns(0), Some(ns(0))));
    assert_eq!(third.verdict(), &Verdict::THROTTLED);
    let first = Failure::first(Verdict::TRANSIENT);
    assert_eq!((first.attempt(), first.elapsed(), first.previous_delay()), (1, ns(0), None));
}

#[test]
fn facts_that_cannot_be_are_taken_as_the_nearest_that_can() {
    let second = Failure::new(NonZeroU32::new(2).unwrap(), MINUTE, Verdict::THROTTLED);
    // no more failures of the class than attempts, and this one is among them
    assert_eq!(second.with_class_failures(9).class_failures(), 2);
    assert_eq!(second.with_class_failures(0).class_failures(), 1);
    // a first failure after this one
    assert_eq!(second.with_first_failure(HOUR).since_first_failure(), ns(0));
    // there is no delay before the first attempt
    assert_eq!(Failure::first(Verdict::TRANSIENT).with_previous_delay(HOUR).previous_delay(), None);
}

#[test]
fn transient_failures_can_be_set_apart_as_well() {
    let fifth = Failure::new(NonZeroU32::new(5).unwrap(), MINUTE, Verdict::TRANSIENT);
    assert_eq!(fifth.with_class_failures(2).class_failures(), 2);
    assert_eq!(fifth.with_class_failures(2).in_class().count(), 2);
    assert_eq!(fifth.with_class_failures(2).count(), 5);
}
