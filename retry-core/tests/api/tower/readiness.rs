//! The readiness contract: `Scripted` panics where it is broken.

use std::pin::pin;

use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::tower::tower_layer::Layer;
use retry_core::tower::tower_service::Service;
use retry_core::{AwsQuota, Clock, Last, Policy, Retry, RetryPolicy, StopReason, Time};
use tokio_util::sync::CancellationToken;

use super::{begin, call};
use crate::support::facts::{HOUR, SECOND};
use crate::support::service::Answer::Error;
use crate::support::service::Readiness::{After, Dead, Never, Now};
use crate::support::service::Scripted;
use crate::support::waking::poll_once;

#[test]
fn the_service_is_ready_before_each_attempt() {
    let clock = VirtualClock::new();
    let readiness = [After(3 * SECOND), After(20 * SECOND), Now, After(40 * SECOND)];
    let (service, script) = Scripted::new(&clock, &[Error("busy"); 3], &readiness);
    let layer = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).into_layer();
    assert_eq!(call(&clock, &mut layer.layer(service)).unwrap(), 200);
    // made ready by the caller: 3; then 1 + 20, 1, 1 + 40
    assert_eq!(clock.now(), Time::default().after(66 * SECOND));
    // the instance that was ready makes all attempts
    assert_eq!((script.calls().len(), script.clones(), script.places()), (4, 1, 0));
}

#[test]
fn the_layer_is_ready_when_the_service_is() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[], &[Never]);
    let mut client = Retry::with_sleeper(Policy::constant(SECOND), clock).into_layer().layer(service);
    let mut ready = pin!(std::future::poll_fn(|cx| Service::<&'static str>::poll_ready(&mut client, cx)));
    assert!(poll_once(ready.as_mut()).is_pending());
    assert!(script.calls().is_empty());
}

#[test]
fn a_service_that_fails_before_the_call_is_told_as_it_is() {
    let (clock, told) = (VirtualClock::new(), Recorder::default());
    let (service, script) = Scripted::new(&clock, &[], &[Dead("closed")]);
    let layer = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).observe(&told).into_layer();
    let end = call(&clock, &mut layer.layer(service)).unwrap_err();
    assert_eq!((end.last, end.reason, end.attempts), (Last::Error("closed"), StopReason::Closed, 0));
    // nothing was begun, and so nothing observed
    assert!(script.calls().is_empty() && told.events().is_empty());
}

/// The contract says to throw such an instance away, so no attempt can follow, whatever the policy says.
#[test]
fn a_service_that_fails_before_a_retry_ends_the_run_and_the_grant_comes_back() {
    let (clock, told, quota) = (VirtualClock::new(), Recorder::default(), AwsQuota::new(100, 10, 10));
    let (service, script) = Scripted::new(&clock, &[Error("busy")], &[Now, Dead("closed")]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock.clone()).observe(&told);
    let end = call(&clock, &mut retry.into_layer().layer(service)).unwrap_err();
    // one call was made; the error is the later one
    assert_eq!((end.last, end.reason, end.attempts), (Last::Error("closed"), StopReason::Closed, 1));
    assert_eq!((quota.available(), script.calls().len(), clock.now()), (100, 1, Time::default().after(SECOND)));
    assert!(matches!(told.events()[..], [.., Event::Scheduled(_), Event::GaveUp(_)]), "{:?}", told.events());
}

#[test]
fn a_deadline_cuts_the_wait_for_the_service_and_a_timeout_does_not() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[Error("busy")], &[Now, Never]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).timeout(SECOND).deadline(10 * SECOND);
    let end = call(&clock, &mut retry.into_layer().layer(service)).unwrap_err();
    assert_eq!((end.last, end.reason, end.attempts), (Last::NotStarted, StopReason::Deadline, 1));
    assert_eq!((clock.now(), script.calls().len()), (Time::default().after(10 * SECOND), 1));

    let clock = VirtualClock::new();
    let (service, _) = Scripted::new(&clock, &[Error("busy")], &[Now, After(HOUR)]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).timeout(SECOND);
    assert_eq!(call(&clock, &mut retry.into_layer().layer(service)).unwrap(), 200);
    assert_eq!(clock.now(), Time::default().after(HOUR + SECOND));
}

#[test]
fn a_stop_cuts_the_wait_for_the_service() {
    let (clock, token) = (VirtualClock::new(), CancellationToken::new());
    let (service, script) = Scripted::new(&clock, &[Error("busy")], &[Now, Never]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).stop_on(|| token.cancelled());
    let mut client = retry.into_layer().layer(service);
    let mut response = pin!(begin(&mut client));
    assert!(poll_once(response.as_mut()).is_pending());
    clock.advance(HOUR);
    assert!(poll_once(response.as_mut()).is_pending());
    token.cancel();
    let end = clock.run(response).unwrap_err();
    assert_eq!((end.last, end.reason, end.attempts), (Last::NotStarted, StopReason::Cancelled, 1));
    assert_eq!(script.calls().len(), 1);
}
