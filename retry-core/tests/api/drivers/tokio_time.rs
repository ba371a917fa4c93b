use std::cell::RefCell;
use std::future::{pending, ready};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use retry_core::{Backoff, Clock, Exponential, Law, Policy, Retry, RetryPolicy, Staggered, StopReason, TokioSleeper};
use tokio::task::LocalSet;

use crate::support::doors::failing;
use crate::support::facts::{DAY, HOUR, MINUTE, MS, SECOND};

#[tokio::test(start_paused = true)]
async fn waits_and_limits_see_paused_time() {
    let before = TokioSleeper.now();
    let retry = Retry::new(Policy::constant(DAY).within(10 * DAY));
    let end = retry.call(async || Err::<(), _>("no")).await.unwrap_err();
    // at day 0, 1, .., 10
    assert_eq!((end.attempts, end.reason), (11, StopReason::Deadline));
    assert!(TokioSleeper.now().since(before) >= 10 * DAY);
    // tokio's timer has a granularity of a millisecond
    assert!(end.elapsed() >= 10 * DAY && end.elapsed() < 10 * DAY + 20 * MS, "{:?}", end.elapsed());
}

#[tokio::test(start_paused = true)]
async fn timeout_and_deadline_cut_by_paused_time() {
    let retry = Retry::new(Policy::constant(SECOND)).timeout(MINUTE).deadline(HOUR);
    let before = TokioSleeper.now();
    let end = retry.call(pending::<Result<(), ()>>).await.unwrap_err();
    assert_eq!(end.reason, StopReason::Deadline);
    let took = TokioSleeper.now().since(before);
    // 59 times 61 s is 3,599 s; the next is cut at the hour
    assert_eq!(end.attempts, 60);
    assert!(took >= HOUR && took < HOUR + SECOND, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn tasks_of_one_retrier_wait_at_once() {
    let retry = Arc::new(Retry::new(Policy::constant(HOUR)));
    let before = TokioSleeper.now();
    let tasks: Vec<_> = (1..=50)
        .map(|failures| {
            let retry = retry.clone();
            tokio::spawn(async move {
                let mut op = failing(failures);
                retry.call(|| ready(op())).await.unwrap()
            })
        })
        .collect();
    for (task, expected) in tasks.into_iter().zip(2..) {
        assert_eq!(task.await.unwrap(), expected);
    }
    // as long as the longest, not as the sum
    assert!(TokioSleeper.now().since(before) < 51 * HOUR);
}

#[tokio::test(start_paused = true)]
async fn policies_serve_behind_any_pointer() {
    let policy = || Exponential::new(100 * MS).jittered(Law::FULL).capped(SECOND).up_to(5);
    let boxed: Box<dyn RetryPolicy + Send + Sync> = policy().boxed();
    assert_eq!(Retry::new(boxed).call(async || Err::<(), _>("no")).await.unwrap_err().attempts, 5);
    let shared: Arc<dyn RetryPolicy + Send + Sync> = Arc::new(policy());
    assert_eq!(Retry::new(shared.clone()).call(async || Err::<(), _>("no")).await.unwrap_err().attempts, 5);
    let lent: &dyn RetryPolicy = &*shared;
    assert_eq!(Retry::new(lent).call(async || Err::<(), _>("no")).await.unwrap_err().attempts, 5);
    tokio::spawn(async move { Retry::new(shared).call(async || Ok::<_, ()>(1)).await }).await.unwrap().unwrap();
    let backoffs: Vec<Box<dyn Backoff + Send + Sync>> =
        vec![Box::new(Exponential::new(MS)), Box::new(Staggered::from_static(&[MS]))];
    let attempts = [3, 2];
    for (backoff, attempts) in backoffs.into_iter().zip(attempts) {
        let end = Retry::new(backoff.up_to(3)).call(async || Err::<(), _>("no")).await.unwrap_err();
        assert_eq!(end.attempts, attempts);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_send_runs_on_a_local_set() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let kept = seen.clone();
    LocalSet::new()
        .run_until(async move {
            let task = tokio::task::spawn_local(async move {
                Retry::new(Rc::new(Policy::constant(SECOND)))
                    .call_with(async |attempt| {
                        seen.borrow_mut().push(attempt.number);
                        tokio::task::yield_now().await;
                        if seen.borrow().len() < 3 { Err("no") } else { Ok(()) }
                    })
                    .await
            });
            task.await.unwrap().unwrap();
        })
        .await;
    assert_eq!(*kept.borrow(), [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_on_many_threads_share_a_retrier() {
    let (retry, calls) =
        (Arc::new(Retry::new(Policy::constant(std::time::Duration::ZERO))), Arc::new(AtomicU32::new(0)));
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let (retry, calls) = (retry.clone(), calls.clone());
            tokio::spawn(async move {
                let op = async |attempt: retry_core::Attempt| {
                    calls.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    if attempt.number < 4 { Err("no") } else { Ok(()) }
                };
                retry.call_with(op).await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    // 32 tasks of 4 attempts
    assert_eq!(calls.load(Ordering::Relaxed), 128);
}
