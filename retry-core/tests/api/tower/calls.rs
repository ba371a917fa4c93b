//! The layer does what `Retry::call` does.

use std::time::Duration;

use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::tower::tower_layer::Layer;
use retry_core::{
    Clock, Destination, DestinationRule, Last, Law, Policy, Retry, RetryBudget, RetryPolicy, StopReason, SuccessBudget,
    Time, Verdict, classify_fn,
};

use super::{begin, call};
use crate::support::doors::{Door, failing};
use crate::support::facts::{MINUTE, SECOND};
use crate::support::service::Answer::{Error, Never, Status};
use crate::support::service::Scripted;
use crate::support::waking::poll_once;

fn at(since: Duration) -> Time {
    Time::default().after(since)
}

#[test]
fn a_success_is_one_call_and_one_clone() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[], &[]);
    let mut client = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).into_layer().layer(service);
    assert_eq!(call(&clock, &mut client), Ok(200));
    assert_eq!((script.calls(), script.clones(), script.places()), (vec!["GET /".to_owned()], 1, 0));
    // no clock is read for it
    assert_eq!(clock.readings(), 0);
}

/// The same attempts, delays, observations and end as behind `call`, for as many failures as can happen.
#[test]
fn it_does_what_the_first_door_does() {
    for failures in 0..6_usize {
        let policy = || Policy::exponential(SECOND, MINUTE).jitter(Law::FULL).attempts(4);
        let (clock, told) = (VirtualClock::new(), Recorder::default());
        let by_call = Retry::with_sleeper(policy(), clock.clone()).observe(&told);
        let expected = Door::Call.run(&by_call, failing(u32::try_from(failures).unwrap()));
        let took = clock.now();

        let (clock, seen) = (VirtualClock::new(), Recorder::default());
        let (service, script) = Scripted::new(&clock, &vec![Error("busy"); failures], &[]);
        let layer = Retry::with_sleeper(policy(), clock.clone()).observe(&seen).into_layer();
        match (call(&clock, &mut layer.layer(service)), expected) {
            (Ok(status), Ok(attempts)) => {
                assert_eq!((status, script.calls().len()), (200, usize::try_from(attempts).unwrap()));
            }
            (Err(end), Err(expected)) => {
                assert_eq!((end.last, end.reason, end.attempts), (expected.last, expected.reason, expected.attempts));
            }
            (ours, theirs) => panic!("{ours:?} and {theirs:?}"),
        }
        assert_eq!((clock.now(), seen.events()), (took, told.events()), "{failures} failures");
    }
}

#[test]
fn errors_are_classified_and_hints_obeyed() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[Error("slow down"), Error("forbidden")], &[]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).classify(classify_fn(|error: &&str| {
        if *error == "slow down" { Verdict::THROTTLED.after(MINUTE) } else { Verdict::PERMANENT }
    }));
    let end = call(&clock, &mut retry.into_layer().layer(service)).unwrap_err();
    assert_eq!((end.reason, end.attempts, end.into_error()), (StopReason::Permanent, 2, Some("forbidden")));
    assert_eq!((clock.now(), script.calls().len()), (at(MINUTE), 2));
}

#[test]
fn a_response_can_be_a_failure_and_comes_back_whole() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[Status(503), Status(502), Status(501)], &[]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(2), clock.clone())
        .reject(|status: &u16| (*status >= 500).then_some(Verdict::TRANSIENT))
        .history::<4>();
    let mut client = retry.into_layer().layer(service);
    let end = call(&clock, &mut client).unwrap_err();
    assert_eq!((end.last, end.attempts, end.history.iter().count()), (Last::Rejected(502), 2, 2));
    // 501 and then 200
    assert_eq!(call(&clock, &mut client).unwrap(), 200);
    assert_eq!(script.calls().len(), 4);
}

#[test]
fn a_timeout_cuts_an_attempt_and_a_deadline_the_run() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[Never, Never], &[]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).timeout(5 * SECOND);
    assert_eq!(call(&clock, &mut retry.into_layer().layer(service)).unwrap(), 200);
    // two attempts of 5 s, two waits
    assert_eq!((clock.now(), script.calls().len()), (at(12 * SECOND), 3));

    let clock = VirtualClock::new();
    let (service, _) = Scripted::new(&clock, &[Error("busy"), Never], &[]);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).deadline(5 * SECOND);
    let end = call(&clock, &mut retry.into_layer().layer(service)).unwrap_err();
    assert_eq!((end.last, end.reason, end.attempts), (Last::TimedOut, StopReason::Deadline, 2));
    assert_eq!(clock.now(), at(5 * SECOND));
}

/// All services of a layer, and their clones, are behind one budget that the policy owns.
#[test]
fn what_the_policy_keeps_is_shared_by_all_services_of_the_layer() {
    let clock = VirtualClock::new();
    let policy = Policy::constant(Duration::ZERO).budgeted(SuccessBudget::default());
    let layer = Retry::with_sleeper(policy, clock.clone()).into_layer();
    let (one, _) = Scripted::new(&clock, &[Error("down"); 2], &[]);
    let (other, _) = Scripted::new(&clock, &[Error("down"); 9], &[]);
    let mut first = layer.layer(one);
    let mut second = first.clone();
    assert_eq!(call(&clock, &mut first).unwrap(), 200);
    // 3 - 2 + 0.5
    assert_eq!(second.retry().policy().budget().balance(clock.now()), Some(150));
    assert_eq!(call(&clock, &mut second).unwrap(), 200);
    // 1.5 + 0.5: two retries are left
    let end = call(&clock, &mut layer.layer(other)).unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::Budget, 3));
}

#[test]
fn a_destination_hears_all() {
    let clock = VirtualClock::new();
    let host = Destination::new(&DestinationRule::DEFAULT.paced_by_cubic(), Time::default());
    let layer = Retry::with_sleeper(Policy::constant(Duration::ZERO).toward(&host), clock.clone())
        .classify(classify_fn(|error: &&str| if *error == "429" { Verdict::THROTTLED } else { Verdict::TRANSIENT }))
        .into_layer();
    let (service, _) = Scripted::new(&clock, &[Error("busy"), Error("busy")], &[]);
    assert_eq!(call(&clock, &mut layer.layer(service)).unwrap(), 200);
    // as in `behind_every_door_a_destination_hears_all`
    assert_eq!((host.balance(Time::default()), host.average().percent()), (Some(150), 82));
    let (service, _) = Scripted::new(&clock, &[Error("429")], &[]);
    assert_eq!(call(&clock, &mut layer.layer(service)).unwrap(), 200);
    // paced: half an attempt a second
    assert!(clock.now() > at(SECOND), "{:?}", clock.now());
}

#[test]
fn the_first_error_ends_a_run_without_retries() {
    let (clock, told) = (VirtualClock::new(), Recorder::default());
    let (service, script) = Scripted::new(&clock, &[Error("busy")], &[]);
    let layer = Retry::with_sleeper(retry_core::Never, clock.clone()).observe(&told).into_layer();
    let end = call(&clock, &mut layer.layer(service)).unwrap_err();
    assert_eq!((end.attempts, script.calls().len()), (1, 1));
    assert!(matches!(told.events()[..], [Event::Started(_), Event::Failed { .. }, Event::GaveUp(_)]));
}

#[test]
fn polled_after_its_end_it_waits_for_ever() {
    let clock = VirtualClock::new();
    let (service, script) = Scripted::new(&clock, &[Error("busy")], &[]);
    let mut client = Retry::with_sleeper(retry_core::Never, clock).into_layer().layer(service);
    let mut response = Box::pin(begin(&mut client));
    assert!(poll_once(response.as_mut()).is_ready());
    assert!(poll_once(response.as_mut()).is_pending());
    assert_eq!(script.calls().len(), 1);
}
