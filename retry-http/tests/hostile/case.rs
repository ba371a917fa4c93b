//! A request, how it is retried, and what the server does.

use std::time::{Duration, SystemTime};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use retry_core::Policy;
use retry_http::HttpRetry;
use testkit::StagedClock;
use testkit::http::Answer;

use super::deed::{Deed, any_deed, passing_deed};
use super::laws::Log;

#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) method: &'static str,
    pub(super) keyed: bool,
    pub(super) attempts: u32,
    pub(super) delay: Duration,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) deeds: Vec<Deed>,
}

pub(super) type Retry = HttpRetry<Policy, StagedClock, (StagedClock, Log)>;

impl Case {
    pub(super) fn is_idempotent(&self) -> bool {
        !matches!(self.method, "POST" | "PATCH")
    }

    /// What the server answers; `can_cut`: this way to send cuts a running attempt at its limits.
    pub(super) fn answers(&self, can_cut: bool) -> Vec<Answer> {
        let is_cut = can_cut && (self.timeout.is_some() || self.deadline.is_some());
        self.deeds.iter().map(|deed| deed.answer(self.method, is_cut)).collect()
    }

    pub(super) fn retry(&self, clock: &StagedClock, log: &Log) -> Retry {
        let policy = Policy::constant(self.delay).attempts(self.attempts);
        let mut retry = HttpRetry::with_sleeper(policy, clock.clone()).wall_clock(|| SystemTime::UNIX_EPOCH);
        if let Some(timeout) = self.timeout {
            retry = retry.timeout(timeout);
        }
        if let Some(deadline) = self.deadline {
            retry = retry.deadline(deadline);
        }
        if self.keyed {
            retry = retry.idempotency_keys();
        }
        // The clock first: no time passes between an attempt's end and the log's note of it.
        retry.observe((clock.clone(), log.on(clock)))
    }
}

fn seconds(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> {
    range.prop_map(Duration::from_secs)
}

pub(super) fn any_case() -> impl Strategy<Value = Case> {
    (
        select(&["GET", "POST", "POST", "PATCH", "PUT", "DELETE"]),
        prop::bool::weighted(0.2),
        1_u32..6,
        seconds(0..20),
        option::of(seconds(1..30)),
        option::of(seconds(1..90)),
        vec(any_deed(), 0..8),
    )
        .prop_map(|(method, keyed, attempts, delay, timeout, deadline, deeds)| Case {
            method,
            keyed,
            attempts,
            delay,
            timeout,
            deadline,
            deeds,
        })
}

/// Fewer failures than attempts, no limits, and a request that can be repeated.
pub(super) fn passing_case() -> impl Strategy<Value = Case> {
    (select(&["GET", "PUT", "DELETE", "POST", "PATCH"]), seconds(0..20), vec(passing_deed(), 0..5)).prop_map(
        |(method, delay, mut deeds)| {
            deeds.push(Deed::plain(200));
            let attempts = u32::try_from(deeds.len()).unwrap();
            let keyed = matches!(method, "POST" | "PATCH");
            Case { method, keyed, attempts, delay, timeout: None, deadline: None, deeds }
        },
    )
}
