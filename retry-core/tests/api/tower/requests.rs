//! Requests that cannot be sent again.

use std::cell::Cell;

use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::tower::tower_layer::Layer;
use retry_core::{AwsQuota, Clock, Last, Policy, Retry, RetryPolicy, StopReason, Time, Verdict, classify_fn};

use super::call;
use crate::support::facts::SECOND;
use crate::support::service::Answer::{Error, Status};
use crate::support::service::Scripted;

#[test]
fn the_first_failure_of_a_request_that_cannot_be_copied_is_the_end() {
    let (clock, told, quota) = (VirtualClock::new(), Recorder::default(), AwsQuota::new(100, 10, 10));
    let (service, script) = Scripted::new(&clock, &[Error("busy")], &[]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock.clone()).observe(&told);
    let layer = retry.into_layer().clone_request(|_: &&'static str| None);
    let end = call(&clock, &mut layer.layer(service)).unwrap_err();
    assert_eq!((end.last, end.reason, end.attempts), (Last::Error("busy"), StopReason::Unrepeatable, 1));
    // at once, and what the budget granted is back
    assert_eq!((clock.now(), quota.available(), script.calls().len()), (Time::default(), 100, 1));
    match &told.events()[..] {
        [Event::Started(_), Event::Failed { .. }, Event::GaveUp(stopped)] => {
            assert_eq!(stopped.reason, StopReason::Unrepeatable);
        }
        events => panic!("{events:?}"),
    }
}

#[test]
fn a_request_that_cannot_be_copied_may_succeed() {
    let clock = VirtualClock::new();
    let (service, _) = Scripted::new(&clock, &[], &[]);
    let layer = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).into_layer();
    assert_eq!(call(&clock, &mut layer.clone_request(|_: &&'static str| None).layer(service)).unwrap(), 200);
}

#[test]
fn a_reason_of_the_policy_comes_first() {
    let clock = VirtualClock::new();
    let (service, _) = Scripted::new(&clock, &[Error("forbidden")], &[]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone())
        .classify(classify_fn(|_: &&'static str| Verdict::PERMANENT));
    let layer = retry.into_layer().clone_request(|_: &&'static str| None);
    assert_eq!(call(&clock, &mut layer.layer(service)).unwrap_err().reason, StopReason::Permanent);
}

#[test]
fn a_rejected_response_is_given_back_where_there_is_no_copy() {
    let clock = VirtualClock::new();
    let (service, _) = Scripted::new(&clock, &[Status(503)], &[]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone())
        .reject(|status: &u16| (*status >= 500).then_some(Verdict::TRANSIENT));
    let layer = retry.into_layer().clone_request(|_: &&'static str| None);
    let end = call(&clock, &mut layer.layer(service)).unwrap_err();
    assert_eq!((end.last, end.reason), (Last::Rejected(503), StopReason::Unrepeatable));
}

#[test]
fn a_copy_is_asked_for_before_each_attempt() {
    let (clock, copies) = (VirtualClock::new(), Cell::new(0));
    let (service, script) = Scripted::new(&clock, &[Error("busy"); 9], &[]);
    let layer = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).into_layer();
    let layer = layer.clone_request(|_: &&'static str| {
        copies.set(copies.get() + 1);
        ["first copy", "second copy"].get(copies.get() - 1).copied()
    });
    let end = call(&clock, &mut layer.layer(service)).unwrap_err();
    assert_eq!((end.reason, end.attempts, copies.get()), (StopReason::Unrepeatable, 3, 3));
    assert_eq!(script.calls(), ["GET /", "first copy", "second copy"]);
}
