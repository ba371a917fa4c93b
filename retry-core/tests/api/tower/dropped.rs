//! What a response that nobody waits for any more gives back.

use std::pin::{Pin, pin};

use retry_core::test_util::VirtualClock;
use retry_core::tower::tower_layer::Layer;
use retry_core::{AwsQuota, Policy, Retry, RetryPolicy};

use super::begin;
use crate::support::facts::SECOND;
use crate::support::service::Answer::{Error, Never as Silent};
use crate::support::service::Readiness::{Never, Now};
use crate::support::service::Scripted;
use crate::support::waking::poll_once;

/// The tokens of 100 that are left after each poll of a call, a second apart, and after its drop. A retry costs 10.
fn tokens(service: Scripted, clock: &VirtualClock, polls: u32) -> Vec<u32> {
    let quota = AwsQuota::new(100, 10, 10);
    let layer = Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock.clone()).into_layer();
    let mut response = Box::pin(begin(&mut layer.layer(service)));
    let poll = |response: Pin<&mut _>| {
        assert!(poll_once::<retry_core::tower::ResponseFuture<_, _, _, _, _, _, _>>(response).is_pending());
        clock.advance(SECOND);
        quota.available()
    };
    let mut left: Vec<_> = (0..polls).map(|_| poll(response.as_mut())).collect();
    drop(response);
    left.push(quota.available());
    left
}

#[test]
fn a_wait_pays_back() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[Error("busy"); 9], &[]);
    // the first retry was made
    assert_eq!((tokens(service, &clock, 2), script.calls().len()), (vec![90, 80, 90], 2));
}

#[test]
fn a_wait_for_the_service_pays_back() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[Error("busy"); 9], &[Now, Never]);
    assert_eq!((tokens(service, &clock, 3), script.calls().len()), (vec![90, 90, 90, 100], 1));
}

#[test]
fn an_attempt_that_runs_was_made() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[Error("busy"), Silent], &[]);
    assert_eq!((tokens(service, &clock, 2), script.calls().len()), (vec![90, 90, 90], 2));
}

#[test]
fn a_response_that_is_never_polled_makes_no_call_and_holds_its_place_until_it_is_dropped() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[], &[]);
    let mut client = Retry::with_sleeper(Policy::constant(SECOND), clock).into_layer().layer(service);
    let response = begin(&mut client);
    assert_eq!((script.calls().len(), script.places()), (0, 1));
    drop(response);
    assert_eq!(script.places(), 0);
}

#[test]
fn dropping_the_service_does_not_end_its_calls() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[Error("busy")], &[]);
    let response = {
        let layer = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).into_layer();
        begin(&mut layer.layer(service))
    };
    let response = pin!(response);
    assert_eq!(clock.run(response).unwrap(), 200);
    assert_eq!(script.calls().len(), 2);
}
