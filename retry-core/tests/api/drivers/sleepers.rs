use std::future::ready;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{
    BlockingSleeper, BoxSleeper, Clock, Policy, Retry, SeededSleeper, Sleeper, ThreadSleeper, Time, TokioSleeper,
};

use crate::support::doors::failing;
use crate::support::facts::{FOREVER, HOUR, SECOND, ns};
use crate::support::waking::poll_once;

/// Makes the longest of sleeps, polls it and lets go of it.
fn sleeps_for_ever(sleeper: &impl Sleeper) {
    for delay in [Duration::MAX, FOREVER, Duration::MAX - ns(1)] {
        assert!(poll_once(pin!(sleeper.sleep(delay))).is_pending());
    }
    let retry = Retry::with_sleeper(Policy::constant(Duration::MAX), sleeper).timeout(Duration::MAX);
    assert!(poll_once(pin!(retry.call(async || Err::<(), _>("no")))).is_pending());
}

#[tokio::test(start_paused = true)]
async fn no_sleeper_panics_for_any_delay() {
    sleeps_for_ever(&TokioSleeper);
    sleeps_for_ever(&BoxSleeper::new(TokioSleeper));
    sleeps_for_ever(&SeededSleeper::new(TokioSleeper, 1));
    sleeps_for_ever(&VirtualClock::new());
    #[cfg(feature = "futures-timer")]
    sleeps_for_ever(&retry_core::FuturesTimerSleeper);
}

#[test]
fn a_virtual_blocking_sleep_of_any_length_ends_at_the_end_of_time() {
    let clock = VirtualClock::new();
    clock.sleep_blocking(Duration::MAX);
    clock.sleep_blocking(Duration::MAX);
    assert_eq!(clock.now(), Time::from_nanos(u64::MAX));
}

/// Runs two failures and an hour of waits on whatever points to `clock`.
fn run_by(sleeper: impl Sleeper, clock: &VirtualClock) {
    let before = sleeper.now();
    let retry = Retry::with_sleeper(Policy::constant(HOUR / 2), sleeper);
    let mut op = failing(2);
    assert_eq!(clock.run(retry.call(|| ready(op()))).unwrap(), 3);
    assert_eq!(retry.time().now().since(before), HOUR);
}

#[test]
fn a_sleeper_serves_behind_any_pointer() {
    let clock = VirtualClock::new();
    run_by(&clock, &clock);
    run_by(Box::new(clock.clone()), &clock);
    run_by(Rc::new(clock.clone()), &clock);
    run_by(Arc::new(clock.clone()), &clock);
    run_by(BoxSleeper::new(clock.clone()), &clock);
    run_by(SeededSleeper::new(clock.clone(), 3), &clock);
    run_by(Arc::new(BoxSleeper::new(SeededSleeper::new(Arc::new(clock.clone()), 3))), &clock);
    assert_eq!(clock.now(), Time::default().after(7 * HOUR));
}

#[test]
fn a_boxed_sleeper_hands_on_the_randomness_of_what_is_in_it() {
    let boxed = BoxSleeper::new(SeededSleeper::new(VirtualClock::new(), 8));
    let plain = SeededSleeper::new(ThreadSleeper, 8);
    assert_eq!([boxed.random(), boxed.random()], [plain.random(), plain.random()]);
    assert_eq!(boxed.now(), Time::default());
}

#[test]
fn a_blocking_sleeper_serves_behind_any_pointer_and_as_an_object() {
    let clock = VirtualClock::new();
    let sleepers: [Box<dyn BlockingSleeper>; 4] = [
        Box::new(clock.clone()),
        Box::new(Rc::new(clock.clone())),
        Box::new(Arc::new(clock.clone())),
        Box::new(SeededSleeper::new(clock.clone(), 1)),
    ];
    for sleeper in sleepers {
        let retry = Retry::with_sleeper(Policy::constant(SECOND), sleeper);
        assert_eq!(retry.call_blocking(failing(2)).unwrap(), 3);
    }
    assert_eq!(clock.now(), Time::default().after(8 * SECOND));
}

#[test]
fn clocks_of_the_process_go_on_and_share_their_epoch() {
    let clocks: [&dyn Clock; 2] = [&ThreadSleeper, &TokioSleeper];
    let readings: Vec<_> = (0..100).map(|n| clocks[n % 2].now()).collect();
    assert!(readings.is_sorted());
    assert!(readings[0] > Time::default());
}

#[cfg(feature = "futures-timer")]
#[test]
fn futures_timer_serves_an_executor_that_knows_no_time() {
    let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(3), retry_core::FuturesTimerSleeper);
    let mut op = failing(2);
    assert_eq!(futures::executor::block_on(retry.call(|| ready(op()))).unwrap(), 3);
    let end = futures::executor::block_on(retry.call(async || Err::<(), _>("no"))).unwrap_err();
    assert_eq!(end.attempts, 3);
}
