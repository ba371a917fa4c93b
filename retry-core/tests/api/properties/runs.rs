use std::time::Duration;

use proptest::prelude::*;
use retry_core::test_util::{Event, Recorder, VirtualClock};
use retry_core::{Admission, Class, Clock, Policy, Retry, Seeded, StopReason, Verdict, classify_fn};

use crate::support::doors::Door;
use crate::support::facts::ns;
use crate::support::gate::Gate;
use crate::support::strategies::{cases, policy, verdict};

/// What one run left behind.
#[derive(Debug, PartialEq)]
struct Trace {
    events: Vec<Event>,
    end: Result<(), (String, u32, Duration, Duration)>,
    draws: u64,
    readings: u64,
}

/// Attempt after attempt fails with the next of `verdicts` after the next of `takes`, until there are no more.
fn run(door: Door, policy: &Policy, verdicts: &[Verdict], takes: &[u64], seed: u64) -> Trace {
    let clock = VirtualClock::with_entropy(Seeded::new(seed));
    let recorder = Recorder::default();
    let retry =
        Retry::with_sleeper(policy, clock.clone()).classify(classify_fn(|n: &usize| verdicts[*n])).observe(&recorder);
    let mut attempt = 0;
    let end = door.run(&retry, || {
        let n = attempt;
        attempt += 1;
        clock.advance(ns(takes[n]));
        if n < verdicts.len() { Err(n) } else { Ok(()) }
    });
    Trace {
        events: recorder.events(),
        end: end.map_err(|end| (end.reason.to_string(), end.attempts, end.elapsed(), end.slept())),
        draws: clock.draws(),
        readings: clock.readings(),
    }
}

fn admission() -> impl Strategy<Value = Admission> {
    prop_oneof![
        4 => Just(Admission::Go),
        4 => (0..4_u64).prop_map(|seconds| Admission::Wait(Duration::from_secs(seconds))),
        1 => Just(Admission::Refuse(StopReason::Breaker)),
    ]
}

proptest! {
    #![proptest_config(cases())]

    /// The same facts and the same seed give the same events, the same end, and the same work, byte for byte.
    #[test]
    fn every_door_gives_the_same_run(
        policy in policy(),
        verdicts in prop::collection::vec(verdict(), 0..8),
        takes in prop::collection::vec(0..10_000_000_000_u64, 8),
        seed in any::<u64>(),
    ) {
        let by_call = run(Door::Call, &policy, &verdicts, &takes, seed);
        prop_assert_eq!(&by_call, &run(Door::Call, &policy, &verdicts, &takes, seed));
        for door in Door::ALL {
            prop_assert_eq!(&by_call, &run(door, &policy, &verdicts, &takes, seed), "{:?}", door);
        }
    }

    /// With a policy that admits, waits and refuses, a deadline and a history: all that is seen from outside.
    #[test]
    fn every_door_admits_limits_and_remembers_the_same(
        admissions in prop::collection::vec(admission(), 0..6),
        delay in 0..3_u64,
        takes in prop::collection::vec(0..3_u64, 8),
        (failures, deadline) in (0..7_usize, 1..12_u64),
    ) {
        let run = |door: Door| {
            let (clock, recorder) = (VirtualClock::new(), Recorder::default());
            let gate = Gate::new(Duration::from_secs(delay), &admissions);
            let retry = Retry::with_sleeper(&gate, clock.clone())
                .observe(&recorder)
                .deadline(Duration::from_secs(deadline))
                .history::<3>();
            let mut attempt = 0;
            let end = door.run(&retry, || {
                attempt += 1;
                clock.advance(Duration::from_secs(takes[attempt - 1]));
                if attempt <= failures { Err(attempt) } else { Ok(attempt) }
            });
            let end = end.map_err(|end| {
                let history: Vec<_> = end.history.iter().copied().collect();
                (end.reason, end.attempts, end.elapsed(), end.slept(), end.last, history)
            });
            (end, recorder.events(), gate.asked(), gate.heard(), clock.now())
        };
        let by_call = run(Door::Call);
        for door in Door::ALL {
            prop_assert_eq!(&by_call, &run(door), "{:?}", door);
        }
    }

    /// "The order is: started, failed, scheduled, started, ..., and in the end succeeded or gave up."
    #[test]
    fn events_come_in_order(
        policy in policy(),
        verdicts in prop::collection::vec(verdict(), 0..8),
        seed in any::<u64>(),
    ) {
        let trace = run(Door::Call, &policy, &verdicts, &[0; 9], seed);
        let mut events = trace.events.iter();
        let mut attempt = 0;
        loop {
            attempt += 1;
            prop_assert!(matches!(events.next(), Some(Event::Started(e)) if e.attempt == attempt));
            match events.next() {
                Some(Event::Failed { attempt: failed, verdict, .. }) => {
                    prop_assert_eq!(*failed, attempt);
                    prop_assert_eq!(*verdict, verdicts[attempt as usize - 1]);
                }
                Some(Event::Succeeded(e)) => {
                    prop_assert_eq!(e.attempts, attempt);
                    break;
                }
                other => prop_assert!(false, "{other:?}"),
            }
            match events.next() {
                Some(Event::Scheduled(e)) => prop_assert_eq!(e.attempt, attempt),
                Some(Event::GaveUp(e)) => {
                    prop_assert_eq!(e.attempts, attempt);
                    break;
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
        prop_assert!(events.next().is_none());
        prop_assert_eq!(trace.end.is_ok(), attempt as usize > verdicts.len());
    }

    /// Permanent failures are the end, whatever the policy.
    #[test]
    fn a_permanent_failure_always_ends_the_run(policy in policy(), seed in any::<u64>()) {
        let trace = run(Door::Call, &policy, &[Verdict::new(Class::Permanent)], &[0; 2], seed);
        prop_assert_eq!(trace.end.unwrap_err().1, 1);
    }
}
