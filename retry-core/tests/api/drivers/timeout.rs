use std::future::{pending, ready};
use std::time::Duration;

use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::{Attempt, Class, GaveUp, Last, Policy, Retry, Sleeper, StopReason, Verdict, classify_fn};

use crate::support::doors::{Door, failing};
use crate::support::facts::{MINUTE, SECOND, ns};

fn retrier(clock: &VirtualClock) -> Retry<Policy, VirtualClock> {
    Retry::with_sleeper(Policy::constant(SECOND).attempts(3), clock.clone())
}

type End = GaveUp<&'static str>;

/// The ends of a run whose attempts never end, by each door that can cut.
fn hanging(retry: impl Fn(&VirtualClock) -> [End; 3]) -> [End; 3] {
    retry(&VirtualClock::new())
}

#[test]
fn a_timeout_cuts_each_attempt() {
    let ends = hanging(|clock| {
        let retry = retrier(clock).timeout(5 * SECOND);
        let op = |_: Attempt| pending::<Result<(), &str>>();
        [
            clock.run(retry.call(pending::<Result<(), _>>)).unwrap_err(),
            clock.run(retry.call_with(op)).unwrap_err(),
            clock.run(retry.call_mut(async |attempt| op(attempt).await)).unwrap_err(),
        ]
    });
    for end in ends {
        assert_eq!((end.last, end.attempts, end.reason), (Last::TimedOut, 3, StopReason::Attempts));
        // from the first cut: two waits of 1 s, two attempts of 5 s
        assert_eq!((end.slept(), end.elapsed()), (2 * SECOND, 12 * SECOND));
        assert_eq!(end.error(), None);
    }
}

#[test]
fn a_cut_attempt_is_transient_possibly_with_effect_and_no_classifier_sees_it() {
    let clock = VirtualClock::new();
    let recorder = Recorder::default();
    let retry = retrier(&clock)
        .classify(classify_fn(|_: &&str| panic!("asked about a cut attempt")))
        .observe(&recorder)
        .timeout(5 * SECOND);
    clock.run(retry.call(pending::<Result<(), &str>>)).unwrap_err();
    let verdicts: Vec<_> = recorder
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Failed { error, verdict, .. } => Some((error, verdict)),
            _ => None,
        })
        .collect();
    assert_eq!(verdicts, vec![("timed out".to_owned(), Verdict::TRANSIENT); 3]);
    assert_eq!(Verdict::TRANSIENT.effect, retry_core::Effect::Possible);
    assert_eq!(Verdict::TRANSIENT.class, Class::Transient);
}

#[test]
fn an_attempt_that_is_done_in_time_counts_even_at_the_last_instant() {
    for (takes, fits) in [(ns(4_999_999_999), true), (5 * SECOND, true), (ns(5_000_000_001), false)] {
        let clock = VirtualClock::new();
        let retry = retrier(&clock).timeout(5 * SECOND);
        let op = || {
            let sleep = clock.sleep(takes);
            async move {
                sleep.await;
                Ok::<_, &str>("done")
            }
        };
        assert_eq!(clock.run(retry.call(op)).is_ok(), fits, "{takes:?}");
    }
}

#[test]
fn no_time_at_all_is_enough_for_what_is_ready() {
    for door in Door::CUTTING {
        let retry = retrier(&VirtualClock::new()).timeout(Duration::ZERO);
        assert_eq!(door.run(&retry, failing(2)).unwrap(), 3, "{door:?}");
    }
}

#[test]
fn a_cut_attempt_is_dropped_at_once() {
    struct Dropped<'a>(&'a std::cell::Cell<u32>);
    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let (clock, dropped) = (VirtualClock::new(), std::cell::Cell::new(0));
    let retry = retrier(&clock).timeout(SECOND);
    let op = || {
        let guard = Dropped(&dropped);
        async move {
            let _guard = guard;
            pending::<Result<(), &str>>().await
        }
    };
    clock.run(retry.call(op)).unwrap_err();
    assert_eq!(dropped.get(), 3);
}

#[test]
fn each_attempt_is_told_the_whole_timeout() {
    for limit in [5 * SECOND, Duration::ZERO, Duration::from_nanos(u64::MAX)] {
        let clock = VirtualClock::new();
        let retry = retrier(&clock).timeout(limit);
        let mut told = Vec::new();
        clock
            .run(retry.call_with(|attempt| {
                told.push(attempt.remaining());
                ready(Err::<(), _>("no"))
            }))
            .unwrap_err();
        retry
            .call_blocking_with(|attempt| {
                told.push(attempt.remaining());
                Err::<(), _>("no")
            })
            .unwrap_err();
        told.push(retry.begin().attempt().remaining());
        assert_eq!(told, [Some(limit); 7]);
    }
    assert_eq!(retrier(&VirtualClock::new()).begin().attempt().remaining(), None);
}

#[test]
fn the_loop_cuts_by_limit_and_reports_by_timed_out() {
    let clock = VirtualClock::new();
    let retry = retrier(&clock).timeout(5 * SECOND);
    let end: End = clock.run(async {
        let mut run = retry.begin();
        loop {
            assert_eq!(run.limit(pending::<()>()).await, None);
            if let Err(end) = run.timed_out().await {
                break end;
            }
        }
    });
    assert_eq!((end.last, end.attempts, end.elapsed()), (Last::TimedOut, 3, 12 * SECOND));
    assert_eq!(clock.run(retry.begin().limit(ready(7))), Some(7));
}

/// They own no future that they could drop.
#[test]
fn the_blocking_doors_cut_nothing() {
    let clock = VirtualClock::new();
    let retry = retrier(&clock).timeout(SECOND);
    let slow = retry.call_blocking(|| {
        clock.advance(MINUTE);
        Ok::<_, &str>("late")
    });
    assert_eq!(slow.unwrap(), "late");
}

#[test]
fn the_last_timeout_set_is_the_one_that_holds() {
    let clock = VirtualClock::new();
    let retry = retrier(&clock).timeout(MINUTE).timeout(SECOND);
    assert_eq!(retry.begin().attempt().remaining(), Some(SECOND));
    let end = clock.run(retry.call(pending::<Result<(), &str>>)).unwrap_err();
    assert_eq!(end.elapsed(), 4 * SECOND);
}
