use std::future::ready;
use std::time::Duration;

use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::{
    Admission, Clock, GaveUp, Last, Outcome, Policy, Retry, Sleeper, StopReason, Time, Verdict, classify_fn,
};
use tokio_util::sync::CancellationToken;

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, SECOND, ns};
use crate::support::gate::Gate;

/// Cancels `token` after `delay`, beside `future`.
fn beside<F: Future>(clock: &VirtualClock, token: &CancellationToken, delay: Duration, future: F) -> F::Output {
    let cancel = async {
        clock.sleep(delay).await;
        token.cancel();
    };
    clock.run(async { tokio::join!(future, cancel).0 })
}

#[test]
fn a_stop_before_the_first_attempt_starts_none() {
    for door in Door::ALL {
        let (token, recorder) = (CancellationToken::new(), Recorder::default());
        let retry = Retry::with_sleeper(Policy::constant(SECOND), VirtualClock::new())
            .observe(&recorder)
            .stop_on(|| token.cancelled());
        token.cancel();
        let end = door.run(&retry, || -> Result<(), &str> { panic!("started") }).unwrap_err();
        assert_eq!((end.attempts, end.reason, end.last), (0, StopReason::Cancelled, Last::NotStarted), "{door:?}");
        assert!(matches!(recorder.events()[..], [Event::GaveUp(e)] if e.attempts == 0), "{door:?}");
    }
}

/// A function that captures nothing takes no space, and is a stop signal all the same.
#[test]
fn a_stop_that_captures_nothing_is_heeded() {
    for door in Door::ALL {
        let retry = Retry::with_sleeper(Policy::constant(SECOND), VirtualClock::new()).stop_on(|| ready(()));
        let end = door.run(&retry, failing(0)).map_err(|end| end.reason);
        assert_eq!(end, Err(StopReason::Cancelled), "{door:?}");
    }
}

#[test]
fn a_stop_cuts_the_wait_short() {
    let (clock, token) = (VirtualClock::new(), CancellationToken::new());
    let retry = Retry::with_sleeper(Policy::constant(HOUR), clock.clone()).stop_on(|| token.cancelled());
    let by_call = beside(&clock, &token, 5 * SECOND, retry.call(async || Err::<(), _>("no"))).unwrap_err();
    assert_eq!((by_call.attempts, by_call.reason, by_call.last), (1, StopReason::Cancelled, Last::NotStarted));
    assert_eq!(by_call.elapsed(), 5 * SECOND);
    assert_eq!(clock.now(), Time::default().after(5 * SECOND));

    let token = CancellationToken::new();
    let retry = Retry::with_sleeper(Policy::constant(HOUR), clock.clone()).stop_on(|| token.cancelled());
    let by_mut = beside(&clock, &token, SECOND, retry.call_mut(async |_| Err::<(), _>("no"))).unwrap_err();
    assert_eq!((by_mut.attempts, by_mut.elapsed()), (1, SECOND));

    let token = CancellationToken::new();
    let retry = Retry::with_sleeper(Policy::constant(HOUR), clock.clone()).stop_on(|| token.cancelled());
    let mut run = retry.begin();
    let by_loop: GaveUp<_> = beside(&clock, &token, SECOND, run.failed("no")).unwrap_err();
    assert_eq!((by_loop.attempts, by_loop.elapsed()), (1, SECOND));
}

#[test]
fn a_success_of_the_running_attempt_counts() {
    let (clock, token) = (VirtualClock::new(), CancellationToken::new());
    let retry = Retry::with_sleeper(Policy::constant(HOUR), clock.clone()).stop_on(|| token.cancelled());
    let op = || {
        let sleep = clock.sleep(10 * SECOND);
        async move {
            sleep.await;
            Ok::<_, &str>("done")
        }
    };
    assert_eq!(beside(&clock, &token, SECOND, retry.call(op)).unwrap(), "done");
    assert_eq!(clock.now(), Time::default().after(10 * SECOND));
}

#[test]
fn a_failure_of_the_running_attempt_is_the_last_and_its_error_comes_back_whole() {
    for door in Door::ALL {
        let (token, recorder) = (CancellationToken::new(), Recorder::default());
        let gate = Gate::listener(SECOND);
        let retry = Retry::with_sleeper(&gate, VirtualClock::new())
            .observe(&recorder)
            .stop_on(|| token.cancelled())
            .history::<4>();
        let mut attempt = 0;
        let end = door.run(&retry, || {
            attempt += 1;
            if attempt == 2 {
                token.cancel();
            }
            Err::<(), _>(format!("error {attempt}"))
        });
        let end = end.unwrap_err();
        assert_eq!((end.attempts, end.reason, end.slept()), (2, StopReason::Cancelled, SECOND), "{door:?}");
        assert_eq!(end.history.iter().map(retry_core::Entry::delay).collect::<Vec<_>>(), [Some(SECOND), None]);
        assert_eq!(end.into_error().as_deref(), Some("error 2"), "{door:?}");
        // the policy had granted a retry
        assert_eq!(gate.heard(), [Outcome::Withdrawn, Outcome::GaveUp(StopReason::Cancelled)], "{door:?}");
        assert!(matches!(recorder.events()[..], [.., Event::Failed { attempt: 2, .. }, Event::GaveUp(_)]), "{door:?}");
    }
}

#[test]
fn an_end_by_policy_keeps_its_reason_though_a_stop_came_too() {
    for door in Door::ALL {
        let token = CancellationToken::new();
        let retry = Retry::with_sleeper(Policy::constant(SECOND), VirtualClock::new())
            .classify(classify_fn(|_: &&str| Verdict::PERMANENT))
            .stop_on(|| token.cancelled());
        let end = door.run(&retry, || {
            token.cancel();
            Err::<(), _>("gone")
        });
        assert_eq!(end.unwrap_err().reason, StopReason::Permanent, "{door:?}");
    }
}

#[test]
fn a_stop_during_the_wait_gives_the_token_back() {
    let (clock, token) = (VirtualClock::new(), CancellationToken::new());
    let gate = Gate::listener(HOUR);
    let retry = Retry::with_sleeper(&gate, clock.clone()).stop_on(|| token.cancelled());
    beside(&clock, &token, SECOND, retry.call(async || Err::<(), _>("no"))).unwrap_err();
    assert_eq!(gate.heard(), [Outcome::Withdrawn, Outcome::GaveUp(StopReason::Cancelled)]);
}

#[test]
fn a_stop_during_the_wait_for_admission_gives_the_place_back() {
    let (clock, token) = (VirtualClock::new(), CancellationToken::new());
    let gate = Gate::new(SECOND, &[Admission::Wait(HOUR)]);
    let retry = Retry::with_sleeper(&gate, clock.clone()).stop_on(|| token.cancelled());
    let end = beside(&clock, &token, SECOND, retry.call(async || Err::<(), _>("no"))).unwrap_err();
    assert_eq!((end.attempts, end.last), (0, Last::NotStarted));
    assert_eq!(gate.heard(), [Outcome::AdmissionWithdrawn, Outcome::GaveUp(StopReason::Cancelled)]);

    let (token, gate) = (CancellationToken::new(), Gate::new(ns(0), &[Admission::Go, Admission::Wait(HOUR)]));
    let retry = Retry::with_sleeper(&gate, clock.clone()).stop_on(|| token.cancelled());
    beside(&clock, &token, SECOND, retry.call(async || Err::<(), _>("no"))).unwrap_err();
    let mut heard = gate.heard();
    assert_eq!(heard.pop(), Some(Outcome::GaveUp(StopReason::Cancelled)));
    // the place and the retry, in either order, once each
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard.contains(&Outcome::AdmissionWithdrawn) && heard.contains(&Outcome::Withdrawn), "{heard:?}");
}

#[test]
fn a_wait_that_ends_at_the_very_instant_of_the_stop_starts_nothing() {
    let (clock, token) = (VirtualClock::new(), CancellationToken::new());
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).stop_on(|| token.cancelled());
    let mut attempts = 0;
    let call = retry.call(|| {
        attempts += 1;
        ready(Err::<(), _>("no"))
    });
    let cancel = async {
        clock.sleep(SECOND).await;
        token.cancel();
    };
    let ((), end) = clock.run(async { tokio::join!(biased; cancel, call) });
    let end = end.unwrap_err();
    assert_eq!((end.reason, end.last, end.slept()), (StopReason::Cancelled, Last::NotStarted, SECOND));
    assert_eq!(attempts, 1);
}
