use std::cell::Cell;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt, TryStreamExt};
use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::{
    Admission, ByAge, Class, Clock, GaveUp, Last, Outcome, Policy, Retry, StopReason, Time, Verdict, classify_fn,
};
use tokio_util::sync::CancellationToken;

use crate::support::facts::{HOUR, MINUTE, SECOND};
use crate::support::gate::Gate;
use crate::support::waking::poll_once;

type Items = BoxStream<'static, Result<u32, &'static str>>;

/// Opens `streams` one after the other, each of so many items and then broken; the last ends well.
fn opening(streams: &'static [u32]) -> impl FnMut() -> Items {
    let mut next = 0;
    move || {
        let items = streams[next];
        next += 1;
        let end: Option<Result<u32, &str>> = if next < streams.len() { Some(Err("broken")) } else { None };
        stream::iter((0..items).map(Ok).chain(end)).boxed()
    }
}

#[test]
fn a_broken_stream_is_opened_again_and_its_items_passed_on() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone());
    let items: Vec<_> = clock.run(retry.stream(opening(&[2, 0, 1, 3])).try_collect()).unwrap();
    assert_eq!(items, [0, 1, 0, 0, 1, 2]);
    assert_eq!(clock.now(), Time::default().after(3 * SECOND));
}

#[test]
fn attempts_and_delays_count_afresh_after_progress() {
    let (clock, recorder) = (VirtualClock::new(), Recorder::default());
    let policy = Policy::exponential(SECOND, HOUR).attempts(4);
    let retry = Retry::with_sleeper(policy, clock.clone()).observe(&recorder);
    // fails thrice, brings an item, fails thrice again, ends
    let items: Vec<_> = clock.run(retry.stream(opening(&[0, 0, 0, 1, 0, 0, 1])).try_collect()).unwrap();
    assert_eq!(items.len(), 2);
    let delays: Vec<_> = recorder.delays().iter().map(std::time::Duration::as_secs).collect();
    // the break after the item is the first failure of the next run
    assert_eq!(delays, [1, 2, 4, 1, 2, 4]);
    let successes = recorder.events().iter().filter(|event| matches!(event, Event::Succeeded(_))).count();
    assert_eq!(successes, 2);
}

#[test]
fn the_time_counts_afresh_after_progress() {
    let (clock, recorder) = (VirtualClock::new(), Recorder::default());
    let by_age = Policy::new(ByAge::new(SECOND, HOUR).unwrap().into());
    let retry = Retry::with_sleeper(by_age, clock.clone()).observe(&recorder);
    let later = clock.clone();
    let mut opens = 0;
    let streams = retry.stream(move || {
        opens += 1;
        later.advance(MINUTE);
        let items: Vec<Result<u32, &str>> = match opens {
            1 => vec![Err("broken")],
            2 => vec![Ok(1), Err("broken")],
            _ => vec![],
        };
        stream::iter(items)
    });
    let items: Vec<_> = clock.run(streams.try_collect()).unwrap();
    assert_eq!(items, [1]);
    // a minute old at the first break; the second comes at once after an item
    assert_eq!(recorder.delays(), [MINUTE, SECOND]);
}

#[test]
fn the_end_is_an_item_and_after_it_there_is_none() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(2), clock.clone()).history::<4>();
    let mut items = pin!(retry.stream(opening(&[1, 0, 0])));
    let end = clock.run(async {
        assert_eq!(items.next().await.unwrap().unwrap(), 0);
        let end = items.next().await.unwrap().unwrap_err();
        for _ in 0..3 {
            assert!(items.next().await.is_none());
        }
        end
    });
    assert_eq!((end.attempts, end.reason), (2, StopReason::Attempts));
    assert_eq!(end.history.iter().count(), 2);
    assert_eq!(end.into_error(), Some("broken"));
}

#[test]
fn the_end_of_the_stream_is_the_end() {
    let (clock, gate) = (VirtualClock::new(), Gate::listener(SECOND));
    let retry = Retry::with_sleeper(&gate, clock.clone());
    let mut items = pin!(retry.stream(opening(&[0])));
    assert!(clock.run(items.next()).is_none());
    assert!(clock.run(items.next()).is_none());
    // a stream without an item succeeded all the same
    assert!(matches!(gate.heard()[..], [Outcome::Succeeded { attempts: 1, .. }]));
}

#[test]
fn errors_are_classified_as_in_a_call() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone())
        .classify(classify_fn(|_: &&str| Verdict::new(Class::Permanent)));
    let end = clock.run(retry.stream(opening(&[0, 9])).try_collect::<Vec<_>>()).unwrap_err();
    assert_eq!((end.attempts, end.reason), (1, StopReason::Permanent));
}

#[test]
fn each_opening_is_asked_for() {
    let clock = VirtualClock::new();
    let gate = Gate::new(SECOND, &[Admission::Wait(MINUTE), Admission::Go, Admission::Refuse(StopReason::Breaker)]);
    let retry = Retry::with_sleeper(&gate, clock.clone());
    let end: GaveUp<_> = clock.run(retry.stream(opening(&[0, 0, 9])).try_collect::<Vec<_>>()).unwrap_err();
    assert_eq!((end.attempts, end.reason, end.last), (2, StopReason::Breaker, Last::NotStarted));
    assert_eq!((gate.asked(), end.slept()), (vec![1, 2, 3], MINUTE + 2 * SECOND));
}

#[test]
fn a_stop_cuts_the_wait_short_and_opens_nothing() {
    let (clock, token) = (VirtualClock::new(), CancellationToken::new());
    let retry = Retry::with_sleeper(Policy::constant(HOUR), clock.clone()).stop_on(|| token.cancelled());
    let opened = Cell::new(0);
    let mut open = opening(&[0, 9]);
    let items = retry.stream(|| {
        opened.set(opened.get() + 1);
        open()
    });
    let end = clock.run(async {
        let cancel = async {
            retry_core::Sleeper::sleep(&clock, SECOND).await;
            token.cancel();
        };
        tokio::join!(items.try_collect::<Vec<_>>(), cancel).0
    });
    let end = end.unwrap_err();
    assert_eq!((end.reason, end.last, opened.get()), (StopReason::Cancelled, Last::NotStarted, 1));
    assert_eq!(clock.now(), Time::default().after(SECOND));
    // and none at all where it came before
    let end = clock.run(retry.stream(opening(&[9])).try_collect::<Vec<_>>()).unwrap_err();
    assert_eq!((end.attempts, end.reason), (0, StopReason::Cancelled));
}

/// Breaks at once; counts how many of it there are.
struct Broken<'a>(&'a Cell<u32>);

impl Stream for Broken<'_> {
    type Item = Result<(), &'static str>;
    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Err("broken")))
    }
}

impl Drop for Broken<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

#[test]
fn nothing_is_opened_before_the_first_poll_and_a_broken_stream_is_dropped_before_the_wait() {
    let (clock, open) = (VirtualClock::new(), Cell::new(0));
    let retry = Retry::with_sleeper(Policy::constant(HOUR).attempts(2), clock.clone());
    let opens = || {
        open.set(open.get() + 1);
        Broken(&open)
    };
    let mut items = pin!(retry.stream(opens));
    assert_eq!(open.get(), 0);
    assert!(poll_once(pin!(items.next())).is_pending());
    assert_eq!(open.get(), 0);
    assert!(clock.run(items.next()).unwrap().is_err());
    assert_eq!(open.get(), 0);
}
