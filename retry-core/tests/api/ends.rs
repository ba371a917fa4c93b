//! How an end without success reads.

use std::error::Error;
use std::fmt;
use std::future::pending;

use retry_core::test_util::VirtualClock;
use retry_core::{Admission, GaveUp, Last, Policy, Retry, StopReason, Verdict};

use crate::support::doors::{Door, failing};
use crate::support::facts::SECOND;
use crate::support::gate::Gate;

/// Three attempts and the end.
fn gave_up<E>(error: impl Fn() -> E) -> GaveUp<E> {
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(3), VirtualClock::new());
    Door::Call.run(&retry, || Err::<(), _>(error())).err().unwrap()
}

#[test]
fn it_says_after_how_many_attempts_and_why() {
    assert_eq!(gave_up(|| "no").to_string(), "gave up after 3 attempts: no attempts left");
    let once = Retry::with_sleeper(Policy::constant(SECOND).attempts(1), VirtualClock::new());
    let end = Door::Call.run(&once, failing(1)).unwrap_err();
    assert_eq!(end.to_string(), "gave up after 1 attempt: no attempts left");
    let gate = Gate::new(SECOND, &[Admission::Refuse(StopReason::Breaker)]);
    let end = Door::Call.run(&Retry::with_sleeper(&gate, VirtualClock::new()), failing(1)).unwrap_err();
    assert_eq!(end.to_string(), "gave up after 0 attempts: the circuit breaker is open");
}

#[test]
fn a_cut_attempt_is_mentioned() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(1), clock.clone()).timeout(SECOND);
    let end = clock.run(retry.call(pending::<Result<(), ()>>)).unwrap_err();
    assert_eq!(end.to_string(), "gave up after 1 attempt: no attempts left (the last attempt timed out)");
    assert!(format!("{end:?}").contains("timed out"));
}

#[test]
fn the_error_is_its_source_and_not_in_its_text() {
    #[derive(Debug)]
    struct Own;
    impl fmt::Display for Own {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("own text")
        }
    }
    impl Error for Own {}
    let end = gave_up(|| Own);
    assert!(!end.to_string().contains("own text"));
    assert_eq!(end.source().unwrap().to_string(), "own text");
    assert!(end.source().unwrap().downcast_ref::<Own>().is_some());
    let boxed: Box<dyn Error + Send + Sync> = Box::new(end);
    assert!(boxed.downcast_ref::<GaveUp<Own>>().is_some());
}

#[test]
fn it_can_be_printed_though_a_rejected_value_cannot() {
    struct Silent;
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(1), clock.clone())
        .reject(|_: &Silent| Some(Verdict::TRANSIENT));
    let end = clock.run(retry.call(async || Ok::<_, fmt::Error>(Silent))).err().unwrap();
    assert!(format!("{end:?}").contains("rejected value"));
    assert!(end.source().is_none());
}

#[test]
fn only_an_error_is_given_back_as_one() {
    let mut end = gave_up(|| 7);
    assert_eq!((end.error(), end.clone().into_error()), (Some(&7), Some(7)));
    end.last = Last::TimedOut;
    assert_eq!((end.error(), end.clone().into_error()), (None, None));
    end.last = Last::NotStarted;
    assert_eq!(end.into_error(), None);
}

#[test]
fn every_reason_has_a_name_and_a_sentence() {
    let reasons = [
        (StopReason::Attempts, "attempts", "no attempts left"),
        (StopReason::Schedule, "schedule", "the schedule has ended"),
        (StopReason::Deadline, "deadline", "no time left"),
        (StopReason::Budget, "budget", "the retry budget is empty"),
        (StopReason::Breaker, "breaker", "the circuit breaker is open"),
        (StopReason::Pacing, "pacing", "the wait for a place at a destination that throttles would be too long"),
        (StopReason::Permanent, "permanent", "the error is permanent"),
        (StopReason::Persistent, "persistent", "the error will not pass soon"),
        (StopReason::Misconfigured, "misconfigured", "our configuration is at fault"),
        (StopReason::UnknownOutcome, "unknown_outcome", "the outcome is unknown, and a retry could do it twice"),
        (StopReason::Cancelled, "cancelled", "stopped on request"),
        (StopReason::HintTooFar, "hint_too_far", "the peer asked for a longer wait than the policy allows"),
        (StopReason::Unrepeatable, "unrepeatable", "the request cannot be sent a second time"),
        (StopReason::Closed, "closed", "the service takes no further request"),
    ];
    for (reason, name, sentence) in reasons {
        assert_eq!((reason.as_str(), reason.to_string().as_str()), (name, sentence));
    }
}
