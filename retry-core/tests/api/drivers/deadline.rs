use std::future::pending;
use std::time::Duration;

use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::{
    Admission, Attempt, Because, GaveUp, Hint, HintSource, Last, Outcome, Policy, Retry, StopReason, Verdict,
    classify_fn,
};

use crate::support::doors::{Door, Oversleeping, failing};
use crate::support::facts::{HOUR, MINUTE, SECOND, ns};
use crate::support::gate::Gate;

#[test]
fn nothing_starts_that_could_not_begin_before_the_deadline() {
    for door in Door::ALL {
        let retry = Retry::with_sleeper(Policy::constant(4 * SECOND), VirtualClock::new()).deadline(10 * SECOND);
        let end = door.run(&retry, failing(99)).unwrap_err();
        // at 0, 4, 8 s; the next would be at 12
        assert_eq!((end.attempts, end.reason), (3, StopReason::Deadline), "{door:?}");
        // and it does not wait to the deadline for nothing
        assert_eq!((end.slept(), end.elapsed()), (8 * SECOND, 8 * SECOND), "{door:?}");
        assert_eq!(end.into_error(), Some("busy"));
    }
}

#[test]
fn an_attempt_that_would_begin_at_the_deadline_does_not() {
    for (deadline, attempts) in [(8 * SECOND, 2), (8 * SECOND + ns(1), 3)] {
        for door in Door::ALL {
            let retry = Retry::with_sleeper(Policy::constant(4 * SECOND), VirtualClock::new()).deadline(deadline);
            assert_eq!(door.run(&retry, failing(99)).unwrap_err().attempts, attempts, "{door:?}");
        }
    }
}

/// The wait should have ended at 6 s and ends at 12.
#[test]
fn a_wait_that_lasts_too_long_starts_nothing_past_the_deadline() {
    for door in Door::ALL {
        let retry = Retry::with_sleeper(Policy::constant(6 * SECOND), Oversleeping::default()).deadline(10 * SECOND);
        let mut starts = 0;
        let end = door.run(&retry, || {
            starts += 1;
            Err::<(), _>("busy")
        });
        let end = end.unwrap_err();
        assert_eq!((starts, end.attempts, end.reason), (1, 1, StopReason::Deadline), "{door:?}");
        assert_eq!(end.last, Last::NotStarted, "{door:?}");
    }
}

#[test]
fn a_wait_for_admission_that_lasts_too_long_starts_nothing_past_the_deadline() {
    for door in Door::ALL {
        let gate = Gate::new(SECOND, &[Admission::Wait(6 * SECOND)]);
        let retry = Retry::with_sleeper(&gate, Oversleeping::default()).deadline(10 * SECOND);
        let end = door.run(&retry, || -> Result<(), &str> { panic!("started by {door:?}") }).unwrap_err();
        assert_eq!((end.attempts, end.reason, end.last), (0, StopReason::Deadline, Last::NotStarted), "{door:?}");
        assert_eq!(gate.heard(), [Outcome::AdmissionWithdrawn, Outcome::GaveUp(StopReason::Deadline)], "{door:?}");
    }
}

#[test]
fn the_running_attempt_is_cut() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).deadline(10 * SECOND);
    let op = |_: Attempt| pending::<Result<(), &str>>();
    let ends: [GaveUp<&str>; 3] = [
        clock.run(retry.call(pending::<Result<(), _>>)).unwrap_err(),
        clock.run(retry.call_with(op)).unwrap_err(),
        clock.run(retry.call_mut(async |attempt| op(attempt).await)).unwrap_err(),
    ];
    for end in ends {
        assert_eq!((end.last, end.attempts, end.reason), (Last::TimedOut, 1, StopReason::Deadline));
        assert_eq!((end.slept(), end.elapsed()), (ns(0), 10 * SECOND));
    }
}

#[test]
fn the_shorter_of_timeout_and_deadline_cuts() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone()).timeout(4 * SECOND).deadline(10 * SECOND);
    let mut told = Vec::new();
    let op = |attempt: Attempt| {
        told.push(attempt.remaining().unwrap());
        pending::<Result<(), &str>>()
    };
    let end = clock.run(retry.call_with(op)).unwrap_err();
    // 0 to 4, 5 to 9; 9 + 1 is the deadline
    assert_eq!((end.attempts, end.elapsed()), (2, 9 * SECOND));
    assert_eq!(told, [4 * SECOND, 4 * SECOND]);
    let retry = retry.deadline(7 * SECOND);
    let mut told = Vec::new();
    let op = |attempt: Attempt| {
        told.push(attempt.remaining().unwrap());
        pending::<Result<(), &str>>()
    };
    let end = clock.run(retry.call_with(op)).unwrap_err();
    // 0 to 4, 5 to 7
    assert_eq!((end.attempts, end.elapsed()), (2, 7 * SECOND));
    assert_eq!(told, [4 * SECOND, 2 * SECOND]);
}

#[test]
fn a_blocking_attempt_that_overran_is_the_last() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(ns(0)), clock.clone()).deadline(10 * SECOND);
    for door in [Door::Loop, Door::CallBlocking, Door::CallBlockingWith, Door::BlockingLoop] {
        let end = door.run(&retry, || {
            clock.advance(6 * SECOND);
            Err::<(), _>("slow")
        });
        let end = end.unwrap_err();
        assert_eq!((end.attempts, end.reason, end.elapsed()), (2, StopReason::Deadline, 12 * SECOND), "{door:?}");
    }
}

#[test]
fn a_hint_past_the_deadline_ends_the_run_at_once_and_is_told() {
    for door in Door::ALL {
        let recorder = Recorder::default();
        let retry = Retry::with_sleeper(Policy::constant(SECOND), VirtualClock::new())
            .classify(classify_fn(|_: &&str| Verdict::THROTTLED.after(MINUTE)))
            .observe(&recorder)
            .deadline(10 * SECOND);
        let end = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((end.attempts, end.reason, end.elapsed()), (1, StopReason::Deadline, ns(0)), "{door:?}");
        let events = recorder.events();
        assert!(matches!(&events[1], Event::Failed { verdict, .. } if verdict.hint().unwrap().not_before == MINUTE));
    }
}

#[test]
fn a_wait_for_admission_past_the_deadline_is_refused_and_given_back() {
    for door in Door::ALL {
        let gate = Gate::new(SECOND, &[Admission::Wait(10 * SECOND)]);
        let retry = Retry::with_sleeper(&gate, VirtualClock::new()).deadline(10 * SECOND);
        let end = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((end.attempts, end.reason, end.slept()), (0, StopReason::Deadline, ns(0)), "{door:?}");
        assert_eq!(end.last, Last::NotStarted);
        assert_eq!(gate.heard(), [Outcome::AdmissionWithdrawn, Outcome::GaveUp(StopReason::Deadline)], "{door:?}");
    }
}

#[test]
fn a_wait_for_admission_uses_up_the_time() {
    for door in Door::ALL {
        let gate =
            Gate::new(ns(0), &[Admission::Wait(4 * SECOND), Admission::Wait(4 * SECOND), Admission::Wait(4 * SECOND)]);
        let recorder = Recorder::default();
        let retry = Retry::with_sleeper(&gate, VirtualClock::new()).deadline(10 * SECOND).observe(&recorder);
        let end = door.run(&retry, failing(9)).unwrap_err();
        // at 4 and 8 s; the third would start at 12
        assert_eq!((end.attempts, end.reason, end.slept()), (2, StopReason::Deadline, 8 * SECOND), "{door:?}");
        assert!(matches!(recorder.events()[0], Event::Scheduled(e) if e.because == Because::Admission));
    }
}

#[test]
fn the_policy_hears_that_the_deadline_refused_its_retry() {
    for door in Door::ALL {
        let gate = Gate::listener(4 * SECOND);
        let retry = Retry::with_sleeper(&gate, VirtualClock::new()).deadline(6 * SECOND);
        let end = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((end.attempts, end.slept()), (2, 4 * SECOND), "{door:?}");
        assert_eq!(gate.heard(), [Outcome::Withdrawn, Outcome::GaveUp(StopReason::Deadline)], "{door:?}");
    }
}

#[test]
fn no_deadline_is_584_years_or_more() {
    let retry = Retry::with_sleeper(Policy::constant(HOUR).attempts(3), VirtualClock::new()).deadline(Duration::MAX);
    assert_eq!(Door::Call.run(&retry, failing(9)).unwrap_err().reason, StopReason::Attempts);
}

/// Nobody waits for what comes too late, and what was asked for is told: to the observer, and in the history.
#[test]
fn a_hint_past_either_limit_in_time_is_told_to_observer_and_history() {
    let hint = Hint::new(MINUTE, HintSource::RetryAfter);
    let throttled = classify_fn(|_: &&str| Verdict::THROTTLED.hinted(hint));
    let by_retrier = (Policy::constant(SECOND), 10 * SECOND);
    let by_policy = (Policy::constant(SECOND).within(10 * SECOND), HOUR);
    for (door, (policy, deadline)) in Door::ALL.into_iter().flat_map(|door| [(door, &by_retrier), (door, &by_policy)]) {
        let (clock, recorder) = (VirtualClock::new(), Recorder::default());
        let retry = Retry::with_sleeper(policy, clock).classify(throttled).observe(&recorder);
        let end = door.run(&retry.deadline(*deadline).history::<1>(), failing(99)).unwrap_err();
        assert_eq!((end.attempts, end.reason, end.elapsed()), (1, StopReason::Deadline, ns(0)), "{door:?}");
        let told: Vec<_> = end.history.iter().map(|entry| (entry.verdict().hint(), entry.delay())).collect();
        assert_eq!(told, [(Some(hint), None)]);
        let seen = recorder.events().into_iter().find_map(|event| match event {
            Event::Failed { verdict, .. } => verdict.hint(),
            _ => None,
        });
        assert_eq!((seen, end.into_error()), (Some(hint), Some("busy")));
    }
}
