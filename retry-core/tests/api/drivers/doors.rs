use std::cell::Cell;
use std::future::ready;

use retry_core::test_util::{Recorder, VirtualClock};
use retry_core::{Last, Policy, Retry, StopReason, ThreadSleeper, retry, retry_blocking};

use crate::support::doors::{Door, failing};
use crate::support::facts::{MINUTE, SECOND, ns};

#[test]
fn every_door_gives_the_value_of_the_first_success() {
    for door in Door::ALL {
        let clock = VirtualClock::new();
        let retry = Retry::with_sleeper(Policy::constant(MINUTE), clock.clone());
        assert_eq!(door.run(&retry, failing(2)).unwrap(), 3, "{door:?}");
        // two waits of a minute
        clock.advance(ns(0));
        assert_eq!(retry_core::Clock::now(&clock).as_nanos(), 120_000_000_000, "{door:?}");
    }
}

#[test]
fn every_door_gives_the_last_error_back_whole() {
    /// Neither `Clone` nor `Debug`.
    struct Own(u32);
    for door in Door::ALL {
        let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(3), VirtualClock::new());
        let mut attempt = 0;
        let end = door.run(&retry, || {
            attempt += 1;
            Err::<(), _>(Own(attempt))
        });
        let end = end.err().unwrap();
        assert_eq!((end.attempts, end.reason), (3, StopReason::Attempts), "{door:?}");
        assert_eq!((end.slept(), end.elapsed()), (2 * SECOND, 2 * SECOND), "{door:?}");
        assert_eq!(end.error().map(|own| own.0), Some(3));
        assert_eq!(end.into_error().map(|own| own.0), Some(3));
    }
}

#[test]
fn one_retrier_runs_any_number_of_operations() {
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(3), VirtualClock::new());
    for door in Door::ALL {
        assert_eq!(door.run(&retry, failing(2)).unwrap(), 3);
        assert_eq!(door.run(&retry, failing(3)).unwrap_err().attempts, 3);
        // another type of value and error
        assert_eq!(door.run(&retry, || Ok::<_, u8>('c')).unwrap(), 'c');
    }
}

#[test]
fn runs_of_one_retrier_at_once_count_apart() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(3), clock.clone());
    let (mut a, mut b) = (failing(9), failing(1));
    let both = async { tokio::join!(retry.call(|| ready(a())), retry.call(|| ready(b()))) };
    let (a, b) = clock.run(both);
    assert_eq!((a.unwrap_err().attempts, b.unwrap()), (3, 2));
    assert_eq!(retry_core::Clock::now(&clock).as_nanos(), 2_000_000_000);
}

#[test]
fn attempts_are_numbered_from_one() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(4), clock.clone());
    let mut seen = Vec::new();
    clock
        .run(retry.call_with(|attempt| {
            seen.push(attempt.number);
            ready(Err::<(), _>(attempt.remaining()))
        }))
        .unwrap_err();
    clock
        .run(retry.call_mut(async |attempt| {
            seen.push(attempt.number);
            Err::<(), _>(())
        }))
        .unwrap_err();
    retry
        .call_blocking_with(|attempt| {
            seen.push(attempt.number);
            Err::<(), _>(())
        })
        .unwrap_err();
    assert_eq!(seen, [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
}

#[test]
fn an_operation_does_not_run_before_the_first_poll() {
    let (clock, ran) = (VirtualClock::new(), Cell::new(0));
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).observe(&recorder);
    let op = || {
        ran.set(ran.get() + 1);
        ready(Ok::<_, &str>(()))
    };
    drop(retry.call(op));
    drop(retry.call_with(|_| op()));
    drop(retry.call_mut(async |_| op().await));
    assert_eq!((ran.get(), recorder.events()), (0, vec![]));
    clock.run(retry.call(op)).unwrap();
    assert_eq!(ran.get(), 1);
}

#[test]
fn the_loop_ends_where_the_caller_ends_it() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone());
    let broken = clock.run(async {
        let mut run = retry.begin();
        for error in ["busy", "gone"] {
            if error == "gone" {
                return (run.attempt().number, error);
            }
            run.failed(error).await.unwrap();
        }
        (0, "")
    });
    assert_eq!(broken, (2, "gone"));
}

#[test]
fn a_failure_in_the_loop_is_counted_by_the_call_and_not_by_the_wait() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(3), clock.clone());
    let mut run = retry.begin();
    drop(run.failed("first"));
    drop(run.failed("second"));
    assert_eq!(run.attempt().number, 3);
    let end = clock.run(run.failed("third")).unwrap_err();
    assert_eq!((end.attempts, end.slept(), end.last), (3, 2 * SECOND, Last::Error("third")));
}

#[tokio::test(start_paused = true)]
async fn the_function_runs_by_tokios_time() {
    let before = retry_core::Clock::now(&retry_core::TokioSleeper);
    let mut op = failing(3);
    assert_eq!(retry(Policy::constant(MINUTE), || ready(op())).await.unwrap(), 4);
    assert_eq!(retry_core::Clock::now(&retry_core::TokioSleeper).since(before), 3 * MINUTE);
    let end = retry(Policy::constant(MINUTE).attempts(2), || ready(Err::<(), _>("no"))).await.unwrap_err();
    assert_eq!((end.attempts, end.into_error()), (2, Some("no")));
}

#[test]
fn the_blocking_function_needs_no_executor() {
    assert_eq!(retry_blocking(Policy::constant(ns(0)), failing(3)).unwrap(), 4);
    let retry = Retry::with_sleeper(Policy::constant(ns(0)).attempts(2), ThreadSleeper);
    assert_eq!(retry.call_blocking(failing(9)).unwrap_err().attempts, 2);
    assert_eq!(retry.policy().max_attempts().unwrap().get(), 2);
}
