use std::cell::Cell;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;

use retry_core::test_util::{Recorder, VirtualClock};
use retry_core::{Admission, Clock, Outcome, Policy, Retry, Sleeper, Time};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, SECOND};
use crate::support::gate::Gate;
use crate::support::waking::{Alarm, poll_once};

/// Counts down when it is dropped.
struct Guard<'a>(&'a Cell<i32>);

impl<'a> Guard<'a> {
    fn new(alive: &'a Cell<i32>) -> Self {
        alive.set(alive.get() + 1);
        Self(alive)
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// Nothing is left on the clock: time passes and nobody is woken.
#[track_caller]
fn nobody_sleeps(clock: &VirtualClock, alarm: &Arc<Alarm>) {
    let rung = alarm.rung();
    clock.advance(1000 * HOUR);
    assert_eq!(alarm.rung(), rung);
}

#[test]
fn a_call_dropped_while_it_waits_leaves_nothing_behind() {
    let (clock, alarm) = (VirtualClock::new(), Arc::new(Alarm::default()));
    let gate = Gate::listener(HOUR);
    let retry = Retry::with_sleeper(&gate, clock.clone());
    {
        let mut call = pin!(retry.call(async || Err::<(), _>("no")));
        assert!(alarm.poll(call.as_mut()).is_pending());
        clock.advance(SECOND);
        assert!(alarm.poll(call.as_mut()).is_pending());
    }
    nobody_sleeps(&clock, &alarm);
    assert_eq!(gate.heard(), [Outcome::Withdrawn]);
    // the next call begins anew
    assert_eq!(Door::Call.run(&retry, failing(0)).unwrap(), 1);
}

#[test]
fn a_call_that_is_kept_is_woken() {
    // what the other tests rely on
    let (clock, alarm) = (VirtualClock::new(), Arc::new(Alarm::default()));
    let retry = Retry::with_sleeper(Policy::constant(HOUR), clock.clone());
    let mut call = pin!(retry.call(async || Err::<(), _>("no")));
    assert!(alarm.poll(call.as_mut()).is_pending());
    clock.advance(HOUR);
    assert_eq!(alarm.rung(), 1);
}

#[test]
fn a_call_dropped_while_an_attempt_runs_drops_the_attempt_and_its_timer() {
    let (clock, alarm, alive) = (VirtualClock::new(), Arc::new(Alarm::default()), Cell::new(0));
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).timeout(HOUR).observe(&recorder);
    {
        let op = || {
            let guard = Guard::new(&alive);
            async move {
                let _guard = guard;
                pending::<Result<(), &str>>().await
            }
        };
        let mut call = pin!(retry.call(op));
        assert!(alarm.poll(call.as_mut()).is_pending());
        assert_eq!(alive.get(), 1);
    }
    assert_eq!(alive.get(), 0);
    nobody_sleeps(&clock, &alarm);
    assert_eq!(recorder.events().len(), 1);
}

#[test]
fn a_call_dropped_while_it_waits_for_admission_leaves_nothing_behind() {
    let (clock, alarm) = (VirtualClock::new(), Arc::new(Alarm::default()));
    let gate = Gate::new(SECOND, &[Admission::Wait(HOUR)]);
    let retry = Retry::with_sleeper(&gate, clock.clone());
    {
        let mut call = pin!(retry.call(async || Ok::<_, &str>(1)));
        assert!(alarm.poll(call.as_mut()).is_pending());
    }
    nobody_sleeps(&clock, &alarm);
    // the next is asked for by its own number
    assert_eq!(Door::Call.run(&retry, failing(0)).unwrap(), 1);
    assert_eq!(gate.asked(), [1, 1]);
}

#[test]
fn a_call_dropped_before_its_first_poll_is_no_call() {
    let (clock, gate) = (VirtualClock::new(), Gate::new(SECOND, &[]));
    let retry = Retry::with_sleeper(&gate, clock.clone());
    drop(retry.call(async || Ok::<_, &str>(1)));
    drop(retry.call_mut(async |_| Ok::<_, &str>(1)));
    assert!(gate.asked().is_empty() && gate.heard().is_empty());
    assert_eq!(clock.readings(), 0);
}

#[test]
fn call_mut_dropped_at_each_await_leaves_nothing_behind() {
    let (clock, alarm, alive) = (VirtualClock::new(), Arc::new(Alarm::default()), Cell::new(0));
    let retry = Retry::with_sleeper(Policy::constant(HOUR), clock.clone()).timeout(HOUR);
    {
        // while an attempt runs
        let mut call = pin!(retry.call_mut(async |_| {
            let _guard = Guard::new(&alive);
            pending::<Result<(), &str>>().await
        }));
        assert!(alarm.poll(call.as_mut()).is_pending());
        assert_eq!(alive.get(), 1);
    }
    assert_eq!(alive.get(), 0);
    {
        // while it waits
        let mut call = pin!(retry.call_mut(async |_| Err::<(), _>("no")));
        assert!(alarm.poll(call.as_mut()).is_pending());
    }
    nobody_sleeps(&clock, &alarm);
}

#[test]
fn a_wait_dropped_in_the_loop_goes_on_with_the_next_attempt() {
    let (clock, alarm) = (VirtualClock::new(), Arc::new(Alarm::default()));
    let retry = Retry::with_sleeper(Policy::constant(HOUR).attempts(3), clock.clone());
    let mut run = retry.begin();
    {
        let mut waiting = pin!(run.failed("first"));
        assert!(alarm.poll(waiting.as_mut()).is_pending());
    }
    nobody_sleeps(&clock, &alarm);
    assert_eq!(run.attempt().number, 2);
    clock.run(run.failed("second")).unwrap();
    let end = clock.run(run.failed("third")).unwrap_err();
    // the wait that was cut short counts as slept: nobody can tell by how much
    assert_eq!((end.attempts, end.slept()), (3, 2 * HOUR));
}

#[test]
fn a_wait_for_admission_dropped_in_the_loop_leaves_the_first_attempt_to_come() {
    let (clock, alarm) = (VirtualClock::new(), Arc::new(Alarm::default()));
    let gate = Gate::new(SECOND, &[Admission::Wait(HOUR)]);
    let retry = Retry::with_sleeper(&gate, clock.clone());
    let mut run = retry.begin();
    {
        let mut waiting = pin!(run.admitted::<&str, ()>());
        assert!(alarm.poll(waiting.as_mut()).is_pending());
    }
    nobody_sleeps(&clock, &alarm);
    assert_eq!(run.attempt().number, 1);
    // the place that the policy reserved is taken
    assert!(poll_once(pin!(run.admitted::<&str, ()>())).is_ready());
    assert_eq!(gate.asked(), [1]);
}

#[test]
fn a_sleep_of_the_clock_itself_is_forgotten_when_dropped() {
    let (clock, alarm) = (VirtualClock::new(), Arc::new(Alarm::default()));
    {
        let mut sleep = pin!(clock.sleep(SECOND));
        assert!(alarm.poll(sleep.as_mut()).is_pending());
    }
    nobody_sleeps(&clock, &alarm);
    assert_eq!(clock.now(), Time::default().after(1000 * HOUR));
}
