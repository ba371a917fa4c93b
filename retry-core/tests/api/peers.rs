//! What goes wrong in a peer, proved by running it (`research/rust-peers.md` 2.8), and does not here.

use std::cell::Cell;
use std::collections::HashSet;
use std::future::{pending, ready};
use std::pin::pin;
use std::time::Duration;

use retry_core::test_util::{Recorder, VirtualClock};
use retry_core::{
    Backoff, Clock, Equal, Exponential, Fibonacci, Full, Jitter, Law, Policy, Proportional, Ratio, Retry, Seeded,
    StopReason, ThreadEntropy, TokioSleeper, Verdict, classify_fn,
};

use crate::support::doors::failing;
use crate::support::facts::{FOREVER, MS, SECOND, Simulation, ns, nth};
use crate::support::waking::poll_once;

#[test]
fn a_retry_after_is_waited_for_and_not_forgotten_as_in_tokio_retry2() {
    let (clock, recorder) = (VirtualClock::new(), Recorder::default());
    let retry = Retry::with_sleeper(Policy::constant(10 * MS).attempts(3), clock.clone())
        .classify(classify_fn(|_: &&str| Verdict::THROTTLED.after(30 * SECOND)))
        .observe(&recorder);
    let mut op = failing(2);
    clock.run(retry.call(|| ready(op()))).unwrap();
    // there: 20 ms of waits, and the observer was told 30 s
    assert_eq!(recorder.delays(), [30 * SECOND; 2]);
    assert_eq!(clock.now().as_nanos(), 60_000_000_000);
}

#[test]
fn an_observer_is_told_the_coming_wait_and_not_the_sum_of_the_past_as_in_tokio_retry2() {
    let (clock, recorder) = (VirtualClock::new(), Recorder::default());
    let retry = Retry::with_sleeper(Policy::constant(10 * MS).attempts(4), clock.clone()).observe(&recorder);
    let mut op = failing(3);
    clock.run(retry.call(|| ready(op()))).unwrap();
    // there: 0, 10, 20, 30 ms
    assert_eq!(recorder.delays(), [10 * MS; 3]);
}

#[test]
fn jitter_stays_below_the_cap_and_not_up_to_twice_it_as_in_backon_backoff_and_tower_resilience() {
    let cap = 10 * SECOND;
    for law in [Law::FULL, Law::EQUAL, Law::from(Proportional::percent(50).unwrap())] {
        let policy = Policy::exponential(SECOND, cap).jitter(law).attempts(1000);
        let run = Simulation::idle(&policy, &mut Seeded::new(6), 1000);
        let longest = run.delays().into_iter().max().unwrap();
        // there: 19.999 s, 14.998 s, 14.997 s
        assert!(longest <= cap && longest > 9 * SECOND, "{longest:?}");
    }
}

#[test]
fn a_huge_factor_without_cap_does_not_panic_as_in_backon() {
    let huge = Exponential::new(SECOND).factor(Ratio::integer(u32::MAX));
    let policy = Policy::new(huge.into()).within(5 * SECOND);
    let run = Simulation::idle(&policy, &mut Seeded::new(0), 9);
    // 1 s, and then 136 years
    assert_eq!(run.delays(), [SECOND]);
    assert_eq!(huge.delay(&nth(100), &mut Seeded::new(0)), Some(FOREVER));
}

#[test]
fn doubling_is_exact_and_not_that_of_an_f32_as_in_backon() {
    // there: 33,554.43359 s
    let doubling = Exponential::new(ns(16_777_217_000_000));
    assert_eq!(doubling.delay(&nth(2), &mut Seeded::new(0)), Some(ns(33_554_434_000_000)));
}

#[test]
fn two_sessions_do_not_share_their_jitter_as_in_tower() {
    let policy = Policy::exponential(100 * MS, 10 * SECOND).jitter(Law::EQUAL).attempts(5);
    let runs: HashSet<_> = (0..4).map(|_| Simulation::idle(&policy, &mut ThreadEntropy, 5).delays()).collect();
    // there: four times 142.03, 312.17, 684.86, 939.76 ms
    assert_eq!(runs.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn the_longest_delay_does_not_panic_as_in_tokio_retry() {
    let retry = Retry::new(Policy::constant(Duration::MAX));
    assert!(poll_once(pin!(retry.call(async || Err::<(), _>("no")))).is_pending());
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_sees_paused_time_and_does_not_go_on_as_in_tokio_retry2() {
    let retry = Retry::new(Policy::constant(SECOND).attempts(201).within(5 * SECOND));
    let before = TokioSleeper.now();
    let end = retry.call(async || Err::<(), _>("no")).await.unwrap_err();
    // there: 201 attempts in 200 s
    assert_eq!(end.reason, StopReason::Deadline);
    assert!(end.attempts <= 6, "{}", end.attempts);
    assert!(TokioSleeper.now().since(before) <= 5 * SECOND + 10 * MS);
}

#[test]
fn an_operation_is_not_run_before_the_first_poll_as_in_tokio_retry() {
    let ran = Cell::new(false);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), VirtualClock::new());
    drop(retry.call(|| {
        ran.set(true);
        ready(Ok::<_, ()>(()))
    }));
    assert!(!ran.get());
}

#[test]
fn proportional_jitter_of_a_hundred_percent_is_not_always_nothing_as_in_tokio_retry2() {
    let (law, mut rng) = (Proportional::percent(100).unwrap(), Seeded::new(9));
    let draws: Vec<_> = (0..1000).map(|_| law.apply(SECOND, Duration::MAX, &mut rng)).collect();
    let distinct: HashSet<_> = draws.iter().collect();
    assert_eq!(distinct.len(), 1000);
    // 0 to 2 s, a second on average: 1,000 draws are off by 18 ms in one standard deviation
    let mean = draws.iter().sum::<Duration>() / 1000;
    assert!(mean > 900 * MS && mean < 1100 * MS, "{mean:?}");
}

#[test]
fn fibonacci_stays_below_its_cap_unlike_in_backon() {
    let policy = Policy::new(Fibonacci::new(SECOND).into()).capped(10 * SECOND).attempts(100);
    let run = Simulation::idle(&policy, &mut Seeded::new(0), 100);
    // 1 1 2 3 5 8, and 13 is cut
    assert_eq!(run.delays()[..7], [1, 1, 2, 3, 5, 8, 10].map(|seconds| seconds * SECOND));
    assert!(run.delays()[7..].iter().all(|delay| *delay == 10 * SECOND));
    let jittered = Fibonacci::new(SECOND).jittered(Full).capped(10 * SECOND);
    assert!(jittered.delay(&nth(99), &mut Seeded::new(0)).unwrap() <= 10 * SECOND);
    let equal = Fibonacci::new(SECOND).jittered(Equal).capped(10 * SECOND);
    assert!(equal.delay(&nth(99), &mut Seeded::new(0)).unwrap() >= 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_cuts_an_attempt_of_100_seconds_and_does_not_run_on_as_in_backon() {
    let retry = Retry::new(Policy::constant(MS)).deadline(5 * SECOND);
    let before = TokioSleeper.now();
    let end = retry.call(pending::<Result<(), ()>>).await.unwrap_err();
    let took = TokioSleeper.now().since(before);
    // there: 605 s
    assert_eq!((end.attempts, end.reason), (1, StopReason::Deadline));
    assert!(took >= 5 * SECOND && took < 5 * SECOND + 10 * MS, "{took:?}");
}
