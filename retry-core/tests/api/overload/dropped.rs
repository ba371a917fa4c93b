//! What was granted to a call that is dropped before it is used comes back, behind every door.

use std::pin::{Pin, pin};

#[cfg(feature = "stream")]
use futures::{Stream, stream};
use retry_core::test_util::VirtualClock;
use retry_core::{Admission, AwsQuota, Outcome, Policy, Retry, RetryPolicy};

use crate::support::facts::{HOUR, SECOND};
use crate::support::gate::Gate;
use crate::support::waking::poll_once;

fn quota() -> AwsQuota {
    AwsQuota::new(100, 10, 10)
}

fn always() -> Result<(), &'static str> {
    Err("busy")
}

#[test]
fn a_call_dropped_while_it_waits_for_its_retry_pays_back() {
    let (quota, clock) = (quota(), VirtualClock::new());
    let retry = Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock.clone());
    {
        let mut call = pin!(retry.call(async || always()));
        assert!(poll_once(call.as_mut()).is_pending());
        assert_eq!(quota.available(), 90);
        clock.advance(SECOND);
        assert!(poll_once(call.as_mut()).is_pending());
        assert_eq!(quota.available(), 80);
    }
    // the first retry was made
    assert_eq!(quota.available(), 90);
}

#[test]
fn a_call_dropped_while_its_retry_runs_has_made_it() {
    let (quota, clock) = (quota(), VirtualClock::new());
    let retry = Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock.clone());
    {
        let mut call = pin!(retry.call_with(async |attempt| {
            if attempt.number == 2 {
                std::future::pending::<()>().await;
            }
            always()
        }));
        assert!(poll_once(call.as_mut()).is_pending());
        clock.advance(SECOND);
        assert!(poll_once(call.as_mut()).is_pending());
    }
    assert_eq!(quota.available(), 90);
}

#[test]
fn an_async_closure_dropped_while_it_waits_pays_back() {
    let (quota, clock) = (quota(), VirtualClock::new());
    let retry = Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock);
    let mut call = Box::pin(retry.call_mut(async |_| always()));
    assert!(poll_once(call.as_mut()).is_pending());
    assert_eq!(quota.available(), 90);
    drop(call);
    assert_eq!(quota.available(), 100);
}

#[test]
fn a_loop_dropped_before_its_retry_pays_back_and_after_it_does_not() {
    let (quota, clock) = (quota(), VirtualClock::new());
    let retry = Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock.clone());
    let mut run = retry.begin();
    assert!(poll_once(pin!(run.failed("busy"))).is_pending());
    assert_eq!(quota.available(), 90);
    drop(run);
    assert_eq!(quota.available(), 100);
    // the wait came to its end: the attempt is under way
    let mut run = retry.begin();
    clock.run(run.failed("busy")).unwrap();
    drop(run);
    assert_eq!(quota.available(), 90);
    // the wait was dropped, and the attempt made all the same: its report says so
    let mut run = retry.begin();
    assert!(poll_once(pin!(run.failed("busy"))).is_pending());
    run.succeeded(());
    // 90 - 10, and the success gives it back
    assert_eq!(quota.available(), 90);
}

#[cfg(feature = "stream")]
#[test]
fn a_stream_dropped_while_it_waits_pays_back() {
    let (quota, clock) = (quota(), VirtualClock::new());
    let retry = Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock);
    {
        let mut items = pin!(retry.stream(|| stream::iter([Err::<u8, _>("broken")])));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(items.as_mut().poll_next(&mut context).is_pending());
        assert_eq!(quota.available(), 90);
    }
    assert_eq!(quota.available(), 100);
}

#[test]
fn a_run_that_has_ended_pays_nothing_back_when_it_is_dropped() {
    let clock = VirtualClock::new();
    let stop = tokio_util::sync::CancellationToken::new();
    let quota = quota();
    {
        let retry =
            Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock.clone()).stop_on(|| stop.cancelled());
        let mut call = pin!(retry.call(async || always()));
        assert!(poll_once(call.as_mut()).is_pending());
        stop.cancel();
        assert!(poll_once(call.as_mut()).is_ready());
        // the stop has paid back
        assert_eq!(quota.available(), 100);
        assert!(quota.acquire(50));
        // polled again after its end, it does nothing
        assert!(poll_once(call.as_mut()).is_pending());
    }
    assert_eq!(quota.available(), 50);
    let retry = Retry::with_sleeper(Policy::constant(SECOND).budgeted(&quota), clock).deadline(SECOND / 2);
    let mut run = retry.begin();
    run.failed_blocking("busy").unwrap_err();
    drop(run);
    assert_eq!(quota.available(), 50);
}

#[test]
fn a_place_that_was_reserved_comes_back_too() {
    let gate = Gate::new(SECOND, &[Admission::Wait(HOUR), Admission::Wait(HOUR)]);
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(&gate, clock.clone());
    // of the first attempt, which nobody granted
    drop(poll_pending(Box::pin(retry.call(async || always()))));
    assert_eq!(gate.heard(), [Outcome::AdmissionWithdrawn]);
    // of a retry
    let gate = Gate::new(SECOND, &[Admission::Go, Admission::Wait(HOUR)]);
    let retry = Retry::with_sleeper(&gate, clock.clone());
    let call = poll_pending(Box::pin(retry.call(async || always())));
    clock.advance(SECOND);
    drop(poll_pending(call));
    assert_eq!(gate.heard(), [Outcome::AdmissionWithdrawn, Outcome::Withdrawn]);
}

fn poll_pending<F: Future>(mut future: Pin<Box<F>>) -> Pin<Box<F>> {
    assert!(poll_once(future.as_mut()).is_pending());
    future
}

/// The policy that hears nothing is asked nothing.
#[test]
fn a_plain_policy_is_told_nothing_by_a_drop() {
    let gate = Gate::deaf(SECOND);
    let retry = Retry::with_sleeper(&gate, VirtualClock::new());
    drop(poll_pending(Box::pin(retry.call(async || always()))));
    assert_eq!(gate.heard(), []);
}
