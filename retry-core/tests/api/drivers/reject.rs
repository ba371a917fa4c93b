use std::future::ready;

use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::{Class, GaveUp, Last, Policy, Retry, StopReason, Verdict};

use crate::support::facts::{MINUTE, SECOND};

/// An answer of a server; not `Clone`.
#[derive(Debug, PartialEq)]
struct Answer(u16);

/// 503 is transient, 404 permanent, 429 asks for a minute.
fn verdict(answer: &Answer) -> Option<Verdict> {
    match answer.0 {
        503 => Some(Verdict::TRANSIENT),
        404 => Some(Verdict::PERMANENT),
        429 => Some(Verdict::THROTTLED.after(MINUTE)),
        _ => None,
    }
}

type Ended = Result<Answer, GaveUp<&'static str, Answer>>;

/// A run over `statuses` by each of the five `call` doors, and what was observed.
fn by_every_door(statuses: &[u16]) -> Vec<(Ended, Vec<Event>)> {
    let run = |door: usize| {
        let (clock, recorder) = (VirtualClock::new(), Recorder::default());
        let retry =
            Retry::with_sleeper(Policy::constant(SECOND).attempts(3), clock.clone()).observe(&recorder).reject(verdict);
        let mut answers = statuses.iter().map(|status| Answer(*status));
        let mut op = || answers.next().ok_or("no answer");
        let end = match door {
            0 => clock.run(retry.call(|| ready(op()))),
            1 => clock.run(retry.call_with(|_| ready(op()))),
            2 => clock.run(retry.call_mut(async |_| op())),
            3 => retry.call_blocking(op),
            _ => retry.call_blocking_with(|_| op()),
        };
        (end, recorder.events())
    };
    (0..5).map(run).collect()
}

#[test]
fn an_ok_value_can_be_a_failure() {
    for (end, events) in by_every_door(&[503, 503, 200]) {
        assert_eq!(end.unwrap(), Answer(200));
        assert!(matches!(&events[1], Event::Failed { error, verdict, .. }
            if error == "the value was rejected" && *verdict == Verdict::TRANSIENT));
        assert!(matches!(&events[..], [.., Event::Succeeded(e)] if e.attempts == 3));
    }
}

#[test]
fn the_last_rejected_value_comes_back_whole() {
    for (end, _) in by_every_door(&[503, 503, 503, 200]) {
        let end = end.unwrap_err();
        assert_eq!((end.attempts, end.reason, end.error()), (3, StopReason::Attempts, None));
        assert_eq!(end.to_string(), "gave up after 3 attempts: no attempts left (the last value was rejected)");
        assert_eq!(end.last, Last::Rejected(Answer(503)));
    }
}

#[test]
fn the_verdict_on_a_value_decides() {
    for (end, _) in by_every_door(&[503, 404, 200]) {
        let end = end.unwrap_err();
        assert_eq!((end.attempts, end.reason, end.last), (2, StopReason::Permanent, Last::Rejected(Answer(404))));
    }
    for (end, events) in by_every_door(&[429, 200]) {
        assert_eq!(end.unwrap(), Answer(200));
        assert!(matches!(events[2], Event::Scheduled(e) if e.delay == MINUTE));
    }
}

#[test]
fn errors_and_values_may_take_turns() {
    for (end, _) in by_every_door(&[503]) {
        let end = end.unwrap_err();
        assert_eq!((end.attempts, end.into_error()), (3, Some("no answer")));
    }
}

#[test]
fn rejected_values_are_kept_in_the_history() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(2), clock.clone()).history::<4>().reject(verdict);
    let end = clock.run(retry.call(async || Ok::<_, ()>(Answer(429)))).unwrap_err();
    assert!(end.history.iter().all(|entry| entry.class() == Class::Throttled));
    assert_eq!(end.history.iter().count(), 2);
}

#[test]
fn without_a_function_every_value_is_accepted() {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), clock.clone());
    assert_eq!(clock.run(retry.call(async || Ok::<_, ()>(Answer(503)))).unwrap(), Answer(503));
}
