//! Policies hear in the simulator what they hear from a driver.

use std::cell::Cell;
use std::rc::Rc;

use retry_core::simulate::{Fleet, Scenario};
use retry_core::{
    Admission, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy, StopReason, Time, Verdict,
};

use super::support::run;
use crate::support::facts::{MS, SECOND};

/// Counts what it is asked and told.
#[derive(Debug, Default)]
struct Ledger {
    admitted: Cell<u64>,
    decided: Cell<u64>,
    granted: Cell<u64>,
    withdrawn: Cell<u64>,
    succeeded: Cell<u64>,
    gave_up: Cell<u64>,
    admissions_withdrawn: Cell<u64>,
    throttled: Cell<u64>,
    wait: Cell<u64>,
}

fn count(cell: &Cell<u64>) {
    cell.set(cell.get() + 1);
}

impl RetryPolicy for Ledger {
    fn decide(&self, failure: &Failure, _: &mut dyn Entropy) -> Decision {
        count(&self.decided);
        if failure.verdict() == &Verdict::THROTTLED {
            count(&self.throttled);
        }
        if failure.attempt() >= 5 {
            return Decision::Stop(StopReason::Schedule);
        }
        count(&self.granted);
        Decision::retry(10 * MS)
    }

    fn admit(&self, _: u32, clock: &dyn Clock) -> Admission {
        count(&self.admitted);
        assert!(clock.now() > Time::default());
        match self.wait.get() {
            0 => Admission::Go,
            ms => Admission::Wait(u32::try_from(ms).unwrap() * MS),
        }
    }

    fn outcome(&self, outcome: Outcome) {
        match outcome {
            Outcome::Succeeded { attempts, .. } => {
                assert!((1..=5).contains(&attempts));
                count(&self.succeeded);
            }
            Outcome::GaveUp(_) => count(&self.gave_up),
            Outcome::AdmissionWithdrawn => count(&self.admissions_withdrawn),
            _ => unreachable!("withdrawn() hears of {outcome:?}"),
        }
    }

    fn withdrawn(&self, _: &mut Grant) {
        count(&self.withdrawn);
    }
}

fn ledger(scenario: &Scenario, wait: u64) -> (Rc<Ledger>, retry_core::simulate::Report) {
    let ledger = Rc::new(Ledger::default());
    ledger.wait.set(wait);
    let report = run(scenario, &Fleet::of(|_| Rc::clone(&ledger)), 4);
    (ledger, report)
}

/// Requests that are over by the end: none comes in the last part, since a backlog drains.
fn backlog() -> Scenario {
    Scenario::new().backlog(10, 5_000).capacity(f64::INFINITY).latency(MS).errors(0.4)
}

#[test]
fn each_attempt_is_admitted_and_each_end_is_heard() {
    let (ledger, report) = ledger(&backlog().attempts(10), 0);
    let all = report.all();
    assert_eq!((all.requests, all.pending()), (5_000, 0));
    assert_eq!(ledger.admitted.get(), all.attempts);
    assert_eq!(ledger.succeeded.get(), all.succeeded);
    assert_eq!(ledger.gave_up.get(), all.failed);
    // each failure is asked about, and each retry that was granted was made
    assert_eq!(ledger.decided.get(), all.attempts - all.succeeded);
    assert_eq!((ledger.granted.get(), ledger.withdrawn.get()), (all.attempts - all.requests, 0));
}

#[test]
fn a_retry_that_a_limit_refuses_is_withdrawn() {
    let (ledger, report) = ledger(&backlog().attempts(2), 0);
    let all = report.all();
    assert!(all.failed > 500, "0.16 of 5,000");
    assert_eq!(ledger.withdrawn.get(), all.failed);
    assert_eq!(ledger.granted.get() - ledger.withdrawn.get(), all.attempts - all.requests);
    assert_eq!(report.stopped_by(StopReason::Attempts), all.failed);
}

#[test]
fn an_admitted_wait_is_made_once_and_counts_against_the_deadline() {
    let (ledger, report) = ledger(&backlog().attempts(2).errors(0.0), 20);
    assert_eq!(ledger.admitted.get(), report.all().attempts);
    assert!(report.latencies().min() >= Some(21 * MS), "20 + 1");

    let (ledger, report) = self::ledger(&backlog().errors(0.0).deadline(Some(15 * MS)), 20);
    assert_eq!(report.all().attempts, 0);
    assert_eq!(ledger.admissions_withdrawn.get(), 5_000);
    assert_eq!(report.stopped_by(StopReason::Deadline), 5_000);
}

#[test]
fn a_full_queue_is_a_throttle_and_a_timeout_is_not() {
    let (ledger, report) = ledger(&Scenario::new().capacity(500.0), 0);
    let all = report.all();
    assert!(all.timed_out > 1_000 && all.throttled > 1_000);
    assert_eq!(ledger.throttled.get(), all.throttled);
}

/// Lets nothing through after ten seconds.
struct Shut;

impl RetryPolicy for Shut {
    fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
        Decision::Stop(StopReason::Attempts)
    }
    fn admit(&self, _: u32, clock: &dyn Clock) -> Admission {
        match clock.now().since(Time::default()) < 10 * SECOND {
            true => Admission::Go,
            false => Admission::Refuse(StopReason::Breaker),
        }
    }
    fn needs(&self) -> Needs {
        Needs { admission: true, ..Needs::NOTHING }
    }
}

#[test]
fn what_is_refused_by_admission_reaches_no_server() {
    let report = run(&Scenario::new(), &Fleet::of(|_| Shut), 4);
    let all = report.all();
    assert_eq!(report.stopped_by(StopReason::Breaker), all.failed);
    assert_eq!(all.attempts, all.requests - all.failed);
    assert!(report.bins()[50..].iter().all(|bin| bin.attempts == 0));
}
