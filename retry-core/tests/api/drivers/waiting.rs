use std::future::{Ready, poll_fn, ready};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::{Admission, Clock, Outcome, Policy, Retry, Sleeper, StopReason, Time};

use crate::support::facts::SECOND;
use crate::support::gate::Gate;
use crate::support::waking::poll_once;

/// Waits for nothing, by a future that panics when it is polled again.
struct Impatient;

impl Clock for Impatient {
    fn now(&self) -> Time {
        Time::default()
    }
}

impl Sleeper for Impatient {
    type Sleep = Ready<()>;
    fn sleep(&self, _: Duration) -> Ready<()> {
        ready(())
    }
}

#[test]
fn a_wait_that_is_over_is_over() {
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), Impatient).observe(&recorder);
    let mut run = retry.begin();
    let mut waiting = pin!(run.failed("no"));
    assert!(matches!(poll_once(waiting.as_mut()), Poll::Ready(Ok(()))));
    for _ in 0..2 {
        assert!(poll_once(waiting.as_mut()).is_pending());
    }
    // started, failed, scheduled, started
    assert_eq!(recorder.events().len(), 4);
}

#[test]
fn an_admission_that_was_given_is_not_asked_for_again() {
    let (clock, gate) = (VirtualClock::new(), Gate::new(SECOND, &[]));
    let retry = Retry::with_sleeper(&gate, clock);
    let mut run = retry.begin();
    let mut admitted = pin!(run.admitted::<&str, ()>());
    assert!(matches!(poll_once(admitted.as_mut()), Poll::Ready(Ok(()))));
    assert!(poll_once(admitted.as_mut()).is_pending());
    assert_eq!(gate.asked(), [1]);
}

#[test]
fn a_refusal_is_told_once() {
    let (clock, recorder) = (VirtualClock::new(), Recorder::default());
    let gate = Gate::new(SECOND, &[Admission::Refuse(StopReason::Breaker)]);
    let retry = Retry::with_sleeper(&gate, clock).observe(&recorder);
    let mut run = retry.begin();
    let mut admitted = pin!(run.admitted::<&str, ()>());
    assert!(matches!(poll_once(admitted.as_mut()), Poll::Ready(Err(_))));
    assert!(poll_once(admitted.as_mut()).is_pending());
    assert_eq!(gate.heard(), [Outcome::GaveUp(StopReason::Breaker)]);
    assert_eq!(recorder.events().len(), 1);
}

#[test]
fn the_end_of_a_run_is_told_once() {
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(1), Impatient).observe(&recorder);
    let mut run = retry.begin();
    let mut waiting = pin!(run.failed("no"));
    assert!(matches!(poll_once(waiting.as_mut()), Poll::Ready(Err(_))));
    assert!(poll_once(waiting.as_mut()).is_pending());
    assert!(matches!(recorder.events()[..], [Event::Started(_), Event::Failed { .. }, Event::GaveUp(_)]));
}

#[test]
fn a_stop_is_told_once_though_its_future_cannot_be_polled_again() {
    let (clock, gate) = (VirtualClock::new(), Gate::listener(SECOND));
    let stopped = std::cell::Cell::new(false);
    let signal = || poll_fn(|_| if stopped.get() { Poll::Ready(()) } else { Poll::Pending });
    // an `async` block panics when it is polled after its end
    let retry = Retry::with_sleeper(&gate, clock.clone()).stop_on(|| async { signal().await });
    let mut run = retry.begin();
    let mut waiting = pin!(run.failed("no"));
    assert!(poll_once(waiting.as_mut()).is_pending());
    stopped.set(true);
    assert!(matches!(poll_once(waiting.as_mut()), Poll::Ready(Err(end)) if end.reason == StopReason::Cancelled));
    assert!(poll_once(waiting.as_mut()).is_pending());
    assert_eq!(gate.heard(), [Outcome::Withdrawn, Outcome::GaveUp(StopReason::Cancelled)]);
}
