//! Policies with a say in when an attempt begins.

use std::pin::pin;

use retry_core::test_util::VirtualClock;
use retry_core::tower::tower_layer::Layer;
use retry_core::{Admission, Clock, Last, Outcome, Retry, StopReason, Time};

use super::{begin, call};
use crate::support::facts::{HOUR, MINUTE, SECOND};
use crate::support::gate::Gate;
use crate::support::service::Answer::Error;
use crate::support::service::Readiness::{Never, Now};
use crate::support::service::Scripted;
use crate::support::waking::poll_once;

#[test]
fn a_call_that_waits_for_admission_holds_no_place_in_the_service() {
    for put_off in [Admission::Wait(MINUTE), Admission::Later { wait: MINUTE, at_most: HOUR }] {
        let clock = VirtualClock::new();
        let gate = Gate::new(SECOND, &[put_off, Admission::Go, put_off]);
        let (service, script) = Scripted::new(&clock, &[Error("busy")], &[]);
        let mut client = Retry::with_sleeper(&gate, clock.clone()).into_layer().layer(service);
        let mut response = pin!(begin(&mut client));
        assert_eq!(script.places(), 1);
        assert!(poll_once(response.as_mut()).is_pending());
        assert_eq!((script.places(), script.calls().len()), (0, 0), "{put_off:?}");
        clock.advance(MINUTE);
        assert!(poll_once(response.as_mut()).is_pending());
        assert_eq!((script.places(), script.calls().len()), (0, 1), "{put_off:?}");
        assert_eq!(clock.run(response).unwrap(), 200);
        assert_eq!(script.calls().len(), 2);
    }
}

#[test]
fn a_refusal_is_the_end_before_any_call() {
    let clock = VirtualClock::new();
    let gate = Gate::new(SECOND, &[Admission::Refuse(StopReason::Breaker)]);
    let (service, script) = Scripted::new(&clock, &[], &[]);
    let end = call(&clock, &mut Retry::with_sleeper(&gate, clock.clone()).into_layer().layer(service)).unwrap_err();
    assert_eq!((end.last, end.reason, end.attempts), (Last::NotStarted, StopReason::Breaker, 0));
    assert_eq!((script.calls().len(), script.places()), (0, 0));
}

/// A reserved place would stay idle as long as the service makes the call wait.
#[test]
fn the_policy_is_asked_once_the_service_is_ready() {
    let clock = VirtualClock::new();
    let gate = Gate::new(SECOND, &[]);
    let (service, _) = Scripted::new(&clock, &[Error("busy")], &[Now, Never]);
    let mut client = Retry::with_sleeper(&gate, clock.clone()).into_layer().layer(service);
    let mut response = pin!(begin(&mut client));
    assert!(poll_once(response.as_mut()).is_pending());
    clock.advance(HOUR);
    assert!(poll_once(response.as_mut()).is_pending());
    assert_eq!(gate.asked(), [1]);
}

#[test]
fn a_place_that_was_reserved_comes_back_where_the_call_is_dropped() {
    let clock = VirtualClock::new();
    let gate = Gate::new(SECOND, &[Admission::Wait(HOUR)]);
    // ready for the caller, and then never again
    let (service, _) = Scripted::new(&clock, &[], &[Now, Never]);
    let mut client = Retry::with_sleeper(&gate, clock.clone()).into_layer().layer(service);
    let mut response = Box::pin(begin(&mut client));
    assert!(poll_once(response.as_mut()).is_pending());
    clock.advance(HOUR);
    assert!(poll_once(response.as_mut()).is_pending());
    drop(response);
    assert_eq!(gate.heard(), [Outcome::AdmissionWithdrawn]);
    assert_eq!(clock.now(), Time::default().after(HOUR));
}
