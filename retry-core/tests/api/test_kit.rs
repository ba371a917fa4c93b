//! The kit that the other tests stand on.

use std::cell::RefCell;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;

use retry_core::test_util::{Recorder, Scripted, VirtualClock};
use retry_core::{Clock, Entropy, Full, Jitter, Never, Retry, Sleeper, Time};

use crate::support::facts::{DAY, SECOND, ns};
use crate::support::waking::{Alarm, poll_once};

#[test]
fn clones_of_a_clock_share_its_time_and_its_randomness() {
    let (clock, mut bits) = (VirtualClock::with_entropy(Scripted::bits(&[1, 2, 3])), Vec::new());
    let twin = clock.clone();
    clock.advance(SECOND);
    assert_eq!(twin.now(), Time::default().after(SECOND));
    for source in [&clock, &twin, &clock] {
        bits.push(source.random());
    }
    assert_eq!((bits, clock.draws(), twin.readings()), (vec![1, 2, 3], 3, 1));
}

#[test]
fn sleepers_wake_in_the_order_of_their_times_and_then_of_their_coming() {
    let (clock, woken) = (VirtualClock::new(), RefCell::new(Vec::new()));
    let sleep = async |name: &'static str, seconds: u32| {
        clock.sleep(seconds * SECOND).await;
        woken.borrow_mut().push((name, clock.now().since(Time::default()).as_secs()));
    };
    clock.run(async {
        tokio::join!(biased; sleep("late", 9), sleep("first", 3), sleep("second", 3), sleep("at once", 0))
    });
    assert_eq!(woken.into_inner(), [("at once", 0), ("first", 3), ("second", 3), ("late", 9)]);
}

#[test]
fn a_sleeper_wakes_when_its_time_has_come_and_not_before() {
    let (clock, alarm) = (VirtualClock::new(), Arc::new(Alarm::default()));
    let mut sleep = pin!(clock.sleep(SECOND));
    assert!(alarm.poll(sleep.as_mut()).is_pending());
    clock.advance(SECOND - ns(1));
    assert_eq!(alarm.rung(), 0);
    assert!(alarm.poll(sleep.as_mut()).is_pending());
    clock.advance(ns(1));
    assert_eq!(alarm.rung(), 1);
    assert!(alarm.poll(sleep.as_mut()).is_ready());
}

/// Polled twice with different wakers, the last one counts, and once.
#[test]
fn a_sleep_that_is_polled_again_wakes_the_last_waker() {
    let (clock, old, new) = (VirtualClock::new(), Arc::new(Alarm::default()), Arc::new(Alarm::default()));
    let mut sleep = pin!(clock.sleep(SECOND));
    assert!(old.poll(sleep.as_mut()).is_pending() && new.poll(sleep.as_mut()).is_pending());
    clock.advance(DAY);
    assert_eq!((old.rung(), new.rung()), (0, 1));
}

#[test]
#[should_panic(expected = "the future waits for something that is not this clock")]
fn a_future_that_waits_for_something_else_does_not_hang_the_test() {
    VirtualClock::new().run(pending::<()>());
}

#[test]
fn no_time_passes_for_who_does_not_wait() {
    let clock = VirtualClock::new();
    assert_eq!(clock.run(async { 7 }), 7);
    assert!(poll_once(pin!(clock.sleep(ns(0)))).is_ready());
    assert_eq!(clock.now(), Time::default());
}

#[test]
fn a_script_begins_again_after_its_last() {
    let mut rng = Scripted::bits(&[7, 8]);
    assert_eq!([(); 5].map(|()| rng.next_u64()), [7, 8, 7, 8, 7]);
    assert_eq!([(); 2].map(|()| Scripted::bits(&[]).next_u64()), [0, 0]);
}

#[test]
fn a_fraction_stands_for_that_part_of_the_range() {
    let mut rng = Scripted::fractions(&[0.0, 0.25, 0.5, 1.0, -3.0, f64::NAN, 9.0]);
    let draws = [(); 7].map(|()| Full.apply(8 * SECOND, DAY, &mut rng).as_millis());
    assert_eq!(draws, [0, 2000, 4000, 8000, 0, 0, 8000]);
}

#[test]
fn a_recorder_of_nothing_is_empty() {
    let recorder = Recorder::default();
    assert!(recorder.events().is_empty() && recorder.delays().is_empty());
    let retry = Retry::with_sleeper(Never, VirtualClock::new()).observe(&recorder);
    retry.call_blocking(|| Err::<(), _>("no")).unwrap_err();
    assert_eq!((recorder.events().len(), recorder.delays().len()), (3, 0));
}
