//! What must hold.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use retry_core::{Clock, Failed, ObserveError, Observer, Started, Stopped, Succeeded, Time};
use testkit::StagedClock;
use testkit::http::HttpServer;

use super::case::Case;
use super::door::Outcome;

/// What an observer sees, and when.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    clock: Option<StagedClock>,
    started: Vec<Time>,
    failed: Vec<Time>,
    ends: usize,
    end: Time,
}

impl Log {
    pub(super) fn on(&self, clock: &StagedClock) -> Self {
        self.0.lock().unwrap().clock = Some(clock.clone());
        self.clone()
    }

    pub(super) fn end(&self, clock: &StagedClock) {
        self.0.lock().unwrap().end = clock.now();
    }

    fn note(&self, f: impl FnOnce(&mut Seen, Time)) {
        let mut seen = self.0.lock().unwrap();
        let now = seen.clock.as_ref().unwrap().now();
        f(&mut seen, now);
    }
}

impl Observer for Log {
    fn started(&self, _: Started) {
        self.note(|seen, now| seen.started.push(now));
    }

    fn gave_up(&self, _: Stopped) {
        self.note(|seen, _| seen.ends += 1);
    }

    fn succeeded(&self, _: Succeeded) {
        self.note(|seen, _| seen.ends += 1);
    }
}

impl<E: ?Sized> ObserveError<E> for Log {
    fn failed(&self, _: Failed<'_, E>) {
        self.note(|seen, now| seen.failed.push(now));
    }
}

pub(super) fn all(case: &Case, server: &HttpServer, log: &Log, outcome: &Outcome) -> TestCaseResult {
    let seen = log.0.lock().unwrap();
    let requests = server.requests();

    // What is not idempotent is processed once at the most, with and without a key.
    if !case.is_idempotent() {
        prop_assert!(server.processed(case.method) <= 1, "processed {} times", server.processed(case.method));
    }
    // Where there is a key, it is the same in all attempts.
    let mut keys: Vec<_> = requests.iter().map(|request| request.header("idempotency-key")).collect();
    keys.dedup();
    prop_assert!(keys.len() <= 1, "{keys:?}");
    prop_assert_eq!(
        keys.into_iter().flatten().count() == 1,
        case.keyed && !case.is_idempotent() && !requests.is_empty()
    );

    // One end, which knows how many attempts there were, and no more of them than allowed.
    prop_assert_eq!(seen.ends, 1);
    prop_assert_eq!(u32::try_from(seen.started.len()).unwrap(), outcome.attempts);
    prop_assert!((1..=case.attempts).contains(&outcome.attempts));

    // Nobody comes back sooner than the policy says: no bursts.
    for (failed, started) in seen.failed.iter().zip(&seen.started[1..]) {
        prop_assert!(started.since(*failed) >= case.delay);
    }

    // No attempt takes longer than its limit, nothing begins after the deadline, and nothing runs past it.
    let limit = |limit: Option<Duration>| limit.unwrap_or(Duration::MAX);
    for started in &seen.started {
        prop_assert!(started.since(Time::default()) < limit(case.deadline));
    }
    if outcome.is_cut {
        for (started, failed) in seen.started.iter().zip(&seen.failed) {
            prop_assert!(failed.since(*started) <= limit(case.timeout));
        }
        prop_assert!(seen.end.since(Time::default()) <= limit(case.deadline));
    }
    Ok(())
}

pub(super) fn got_through(case: &Case, server: &HttpServer, outcome: &Outcome) -> TestCaseResult {
    prop_assert_eq!(outcome.status, Some(200));
    prop_assert_eq!((outcome.attempts, server.requests().len()), (case.attempts, case.deeds.len()));
    prop_assert!(server.processed(case.method) >= 1);
    Ok(())
}
