use std::cell::Cell;

use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::{
    Admission, Because, Clock, Decision, Entropy, Failure, Last, Needs, Outcome, Policy, Retry, RetryPolicy,
    StopReason, Time,
};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, MINUTE, SECOND, ns};
use crate::support::gate::Gate;

#[test]
fn each_attempt_is_asked_for_once_the_first_included() {
    for door in Door::ALL {
        let gate = Gate::new(SECOND, &[]);
        let retry = Retry::with_sleeper(&gate, VirtualClock::new());
        assert_eq!(door.run(&retry, failing(3)).unwrap(), 4);
        assert_eq!(gate.asked(), [1, 2, 3, 4], "{door:?}");
        assert!(matches!(gate.heard()[..], [Outcome::Succeeded { attempts: 4, .. }]), "{door:?}");
    }
}

#[test]
fn an_admission_is_waited_for_and_not_asked_for_again() {
    for door in Door::ALL {
        let gate = Gate::new(SECOND, &[Admission::Wait(MINUTE), Admission::Wait(HOUR)]);
        let (clock, recorder) = (VirtualClock::new(), Recorder::default());
        let retry = Retry::with_sleeper(&gate, clock.clone()).observe(&recorder);
        assert_eq!(door.run(&retry, failing(1)).unwrap(), 2);
        assert_eq!(gate.asked(), [1, 2], "{door:?}");
        // a minute for the first, a second by schedule, an hour for the second
        assert_eq!(clock.now(), Time::default().after(MINUTE + SECOND + HOUR), "{door:?}");
        let waits: Vec<_> = recorder
            .events()
            .into_iter()
            .filter_map(|event| match event {
                Event::Scheduled(e) => Some((e.attempt, e.delay, e.because)),
                _ => None,
            })
            .collect();
        assert_eq!(
            waits,
            [(0, MINUTE, Because::Admission), (1, SECOND, Because::Schedule), (1, HOUR, Because::Admission)],
            "{door:?}"
        );
    }
}

#[test]
fn the_wait_for_admission_counts_as_slept() {
    for door in Door::ALL {
        let refuse = Admission::Refuse(StopReason::Breaker);
        let gate = Gate::new(SECOND, &[Admission::Wait(MINUTE), Admission::Wait(HOUR), refuse]);
        let retry = Retry::with_sleeper(&gate, VirtualClock::new());
        let end = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((end.attempts, end.reason, end.last), (2, StopReason::Breaker, Last::NotStarted), "{door:?}");
        // two waits by schedule, two for admission
        assert_eq!(end.slept(), MINUTE + HOUR + 2 * SECOND, "{door:?}");
    }
}

#[test]
fn the_first_attempt_may_be_refused() {
    for door in Door::ALL {
        let gate = Gate::new(SECOND, &[Admission::Refuse(StopReason::Budget)]);
        let recorder = Recorder::default();
        let retry = Retry::with_sleeper(&gate, VirtualClock::new()).observe(&recorder);
        let end = door.run(&retry, || -> Result<(), &str> { panic!("started") }).unwrap_err();
        assert_eq!((end.attempts, end.reason, end.last), (0, StopReason::Budget, Last::NotStarted), "{door:?}");
        assert_eq!((end.slept(), end.elapsed()), (ns(0), ns(0)));
        assert_eq!(end.to_string(), "gave up after 0 attempts: the retry budget is empty");
        assert_eq!(gate.heard(), [Outcome::GaveUp(StopReason::Budget)], "{door:?}");
        assert!(matches!(recorder.events()[..], [Event::GaveUp(e)] if e.attempts == 0), "{door:?}");
    }
}

#[test]
fn a_retry_that_is_refused_admission_gives_its_token_back() {
    for door in Door::ALL {
        let gate = Gate::new(SECOND, &[Admission::Go, Admission::Refuse(StopReason::Breaker)]);
        let retry = Retry::with_sleeper(&gate, VirtualClock::new());
        assert_eq!(door.run(&retry, failing(9)).unwrap_err().attempts, 1);
        assert_eq!(gate.heard(), [Outcome::Withdrawn, Outcome::GaveUp(StopReason::Breaker)], "{door:?}");
    }
}

#[test]
fn a_wait_of_nothing_admits_at_once() {
    for door in Door::ALL {
        let gate = Gate::new(SECOND, &[Admission::Wait(ns(0))]);
        let retry = Retry::with_sleeper(&gate, VirtualClock::new());
        assert_eq!(door.run(&retry, failing(0)).unwrap(), 1, "{door:?}");
        assert_eq!(gate.asked(), [1], "{door:?}");
    }
}

#[test]
fn a_policy_that_has_no_say_is_not_asked() {
    for door in Door::ALL {
        let gate = Gate::listener(SECOND);
        let retry = Retry::with_sleeper(&gate, VirtualClock::new());
        door.run(&retry, failing(2)).unwrap();
        assert!(gate.asked().is_empty(), "{door:?}");
    }
}

/// Looks at the clock it is handed, and at what it draws.
#[derive(Default)]
struct Curious(Cell<Option<(Time, u64)>>);

impl RetryPolicy for Curious {
    fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
        Decision::retry(SECOND)
    }
    fn admit(&self, _: u32, clock: &dyn Clock) -> Admission {
        self.0.set(Some((clock.now(), clock.random())));
        Admission::Go
    }
    fn needs(&self) -> Needs {
        Needs { admission: true, ..Needs::NOTHING }
    }
}

#[test]
fn whoever_admits_is_handed_the_retriers_own_clock() {
    for door in Door::ALL {
        let (curious, clock) =
            (Curious::default(), VirtualClock::with_entropy(retry_core::test_util::Scripted::bits(&[77])));
        clock.advance(HOUR);
        door.run(&Retry::with_sleeper(&curious, clock), failing(1)).unwrap();
        assert_eq!(curious.0.get(), Some((Time::default().after(HOUR + SECOND), 77)), "{door:?}");
    }
}

/// In the loop the first attempt is admitted where the caller asks for it.
#[test]
fn the_loop_need_not_ask() {
    let gate = Gate::new(SECOND, &[Admission::Go]);
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(&gate, clock.clone());
    let mut run = retry.begin();
    assert!(gate.asked().is_empty());
    clock.run(run.failed("no")).unwrap();
    assert_eq!(gate.asked(), [2]);
    let both = Retry::with_sleeper(Policy::constant(SECOND).and(&gate), clock.clone());
    let mut run = both.begin();
    clock.run(run.admitted::<&str, ()>()).unwrap();
    assert_eq!(gate.asked(), [2, 1]);
}

#[test]
fn the_loop_may_ask_any_number_of_times() {
    let (clock, gate) = (VirtualClock::new(), Gate::new(SECOND, &[Admission::Wait(MINUTE)]));
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(&gate, clock.clone()).observe(&recorder);
    let mut run = retry.begin();
    for _ in 0..3 {
        clock.run(run.admitted::<&str, ()>()).unwrap();
    }
    run.admitted_blocking::<&str, ()>().unwrap();
    assert_eq!((gate.asked(), clock.now()), (vec![1], Time::default().after(MINUTE)));
    assert!(matches!(recorder.events()[..], [Event::Scheduled(_), Event::Started(_)]));
    clock.run(run.failed("no")).unwrap();
    clock.run(run.admitted::<&str, ()>()).unwrap();
    assert_eq!(gate.asked(), [1, 2]);
}

/// Where nobody has a say, the first attempt begins with the loop.
#[test]
fn the_loop_begins_by_itself_where_nobody_is_asked() {
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(Policy::constant(SECOND), VirtualClock::new()).observe(&recorder);
    let mut run = retry.begin();
    assert!(matches!(recorder.events()[..], [Event::Started(e)] if e.attempt == 1));
    run.admitted_blocking::<&str, ()>().unwrap();
    assert_eq!(recorder.events().len(), 1);
    run.failed_blocking("no").unwrap();
    run.succeeded(());
    assert!(matches!(recorder.events()[..], [.., Event::Started(e), Event::Succeeded(_)] if e.attempt == 2));
}
