use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::{
    Because, Hint, HintRule, HintSource, Policy, Retry, RetryPolicy, Scheduled, Started, StopReason, Stopped,
    Succeeded, Verdict, classify_fn,
};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, MINUTE, SECOND};

/// Each event in a line.
fn lines(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .map(|event| match event {
            Event::Started(Started { attempt, .. }) => format!("started {attempt}"),
            Event::Failed { attempt, error, verdict, .. } => format!("failed {attempt}: {error}, {}", verdict.class),
            Event::Scheduled(Scheduled { attempt, delay, because, .. }) => {
                format!("scheduled after {attempt}: {delay:?} by {}", because.as_str())
            }
            Event::GaveUp(Stopped { attempts, reason, .. }) => format!("gave up after {attempts}: {reason}"),
            Event::Succeeded(Succeeded { attempts, .. }) => format!("succeeded after {attempts}"),
            other => format!("{other:?}"),
        })
        .collect()
}

/// What is heard of a run by `policy` that fails `failures` times with `verdict`.
fn heard(door: Door, policy: impl RetryPolicy, verdict: Verdict, failures: u32) -> Vec<Event> {
    let recorder = Recorder::default();
    let retry =
        Retry::with_sleeper(policy, VirtualClock::new()).classify(classify_fn(|_: &&str| verdict)).observe(&recorder);
    let _ = door.run(&retry, failing(failures));
    recorder.events()
}

#[test]
fn a_success_at_once_is_a_start_and_a_success() {
    for door in Door::ALL {
        let events = heard(door, Policy::constant(SECOND), Verdict::TRANSIENT, 0);
        assert_eq!(lines(&events), ["started 1", "succeeded after 1"], "{door:?}");
    }
}

#[test]
fn failures_come_with_their_error_and_the_wait_that_follows() {
    for door in Door::ALL {
        let events = heard(door, Policy::exponential(SECOND, HOUR), Verdict::THROTTLED, 2);
        let expected = [
            "started 1",
            "failed 1: busy, throttled",
            "scheduled after 1: 1s by schedule",
            "started 2",
            "failed 2: busy, throttled",
            "scheduled after 2: 2s by schedule",
            "started 3",
            "succeeded after 3",
        ];
        assert_eq!(lines(&events), expected, "{door:?}");
    }
}

#[test]
fn an_end_comes_after_the_failure_that_caused_it() {
    for door in Door::ALL {
        let events = heard(door, Policy::constant(SECOND).attempts(2), Verdict::TRANSIENT, 9);
        let expected = [
            "started 1",
            "failed 1: busy, transient",
            "scheduled after 1: 1s by schedule",
            "started 2",
            "failed 2: busy, transient",
            "gave up after 2: no attempts left",
        ];
        assert_eq!(lines(&events), expected, "{door:?}");
    }
}

/// The reasons for the delays of a run of three attempts.
fn because(policy: impl RetryPolicy, verdict: Verdict) -> Vec<Because> {
    let events = heard(Door::Call, policy, verdict, 2);
    let reason = |event| if let Event::Scheduled(scheduled) = event { Some(scheduled.because) } else { None };
    events.into_iter().filter_map(reason).collect()
}

#[test]
fn each_wait_says_what_set_its_length() {
    // 1 s, and 2 s cut to 1.5 s
    let capped = Policy::exponential(SECOND, 3 * SECOND / 2);
    assert_eq!(because(capped.clone(), Verdict::TRANSIENT), [Because::Schedule, Because::Cap]);
    // a schedule that is just as long as the cap is not cut
    assert_eq!(because(Policy::constant(SECOND).capped(SECOND), Verdict::TRANSIENT), [Because::Schedule; 2]);
    for source in [HintSource::RetryAfter, HintSource::RateLimit, HintSource::PushBack, HintSource::Text] {
        let minute = Verdict::THROTTLED.hinted(Hint::new(MINUTE, source));
        assert_eq!(because(capped.clone(), minute), [Because::Hint(source); 2]);
        assert_eq!(because(capped.clone().hints(HintRule::Ignore, HOUR), minute), [Because::Schedule, Because::Cap]);
        assert_eq!(because(Policy::constant(HOUR), minute), [Because::Schedule; 2]);
        assert_eq!(
            because(retry_core::Backoff::into_policy(retry_core::Constant::new(SECOND)), minute),
            [Because::Hint(source); 2]
        );
    }
}

#[test]
fn events_are_told_the_coming_delay_jitter_included() {
    let recorder = Recorder::default();
    let clock = VirtualClock::new();
    let policy = Policy::constant(HOUR).jitter(retry_core::Law::FULL).attempts(5);
    let retry = Retry::with_sleeper(policy, clock.clone()).observe(&recorder);
    let end = Door::Call.run(&retry, failing(9)).unwrap_err();
    assert_eq!(recorder.delays().iter().sum::<std::time::Duration>(), end.slept());
    assert_eq!(end.slept(), end.elapsed());
    assert!(matches!(recorder.events()[..], [.., Event::GaveUp(e)] if e.reason == StopReason::Attempts));
}
