use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{Admission, Clock, Last, Outcome, Policy, Retry, StopReason, Time};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, MS, SECOND};
use crate::support::gate::Gate;

const BLOCKING: [Door; 3] = [Door::CallBlocking, Door::CallBlockingWith, Door::BlockingLoop];

/// Completes once the clock shows `at`.
fn stopped(clock: &VirtualClock, at: Duration) -> impl Future<Output = ()> + use<> {
    let clock = clock.clone();
    poll_fn(move |_| if clock.now() >= Time::default().after(at) { Poll::Ready(()) } else { Poll::Pending })
}

#[test]
fn a_blocking_wait_looks_for_a_stop_every_tenth_of_a_second() {
    for door in BLOCKING {
        let clock = VirtualClock::new();
        let retry = Retry::with_sleeper(Policy::constant(HOUR), clock.clone()).stop_on(|| stopped(&clock, 250 * MS));
        let end = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((end.attempts, end.reason, end.last), (1, StopReason::Cancelled, Last::NotStarted), "{door:?}");
        // it looks at 0, 100, 200 and 300 ms
        assert_eq!(clock.now(), Time::default().after(300 * MS), "{door:?}");
    }
}

#[test]
fn a_blocking_wait_without_a_stop_lasts_as_long_as_it_should() {
    for door in BLOCKING {
        let clock = VirtualClock::new();
        let retry = Retry::with_sleeper(Policy::constant(1234 * MS), clock.clone()).stop_on(|| stopped(&clock, HOUR));
        assert_eq!(door.run(&retry, failing(2)).unwrap(), 3);
        assert_eq!(clock.now(), Time::default().after(2468 * MS), "{door:?}");
    }
}

#[test]
fn a_stop_at_the_end_of_a_blocking_wait_starts_nothing() {
    for door in BLOCKING {
        let clock = VirtualClock::new();
        let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).stop_on(|| stopped(&clock, SECOND));
        assert_eq!(door.run(&retry, failing(9)).unwrap_err().attempts, 1, "{door:?}");
    }
}

#[test]
fn a_blocking_wait_for_admission_is_cut_short_too() {
    for door in BLOCKING {
        let clock = VirtualClock::new();
        let gate = Gate::new(SECOND, &[Admission::Wait(HOUR)]);
        let retry = Retry::with_sleeper(&gate, clock.clone()).stop_on(|| stopped(&clock, SECOND));
        let end = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((end.attempts, end.reason), (0, StopReason::Cancelled), "{door:?}");
        assert_eq!(clock.now(), Time::default().after(SECOND), "{door:?}");
        assert_eq!(gate.heard(), [Outcome::AdmissionWithdrawn, Outcome::GaveUp(StopReason::Cancelled)], "{door:?}");
    }
}

std::thread_local!(static CLOCK: VirtualClock = VirtualClock::new());

/// The signal of a whole program is likely a static, and the function that asks it captures nothing.
#[test]
fn a_blocking_wait_heeds_a_stop_that_captures_nothing() {
    let clock = CLOCK.with(VirtualClock::clone);
    let retry = Retry::with_sleeper(Policy::constant(HOUR), clock.clone())
        .stop_on(|| CLOCK.with(|clock| stopped(clock, SECOND)));
    let end = Door::CallBlocking.run(&retry, failing(9)).unwrap_err();
    assert_eq!(end.reason, StopReason::Cancelled);
    assert_eq!(clock.now(), Time::default().after(SECOND));
}
