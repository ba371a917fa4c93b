//! A destination at work.

use std::collections::VecDeque;
use std::time::Duration;

use super::number::{interval, real, seconds};
use super::{Disturbance, RateLimit, Scenario};
use crate::{Time, Verdict};

/// What becomes of an attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Answer {
    Served,
    TimedOut,
    /// Refused or failed before any work.
    Failed,
    /// By queue or limit; with a hint, if any.
    Throttled(Option<Duration>),
}

impl Answer {
    /// Answers of one kind mostly come in the order of their attempts. NOTE: fewer than `events::LINES`.
    pub(super) const fn line(self) -> usize {
        match self {
            Self::Served => 0,
            Self::TimedOut => 1,
            Self::Failed => 2,
            Self::Throttled(_) => 3,
        }
    }

    /// What the client makes of it; nothing of a success.
    pub(super) fn verdict(self) -> Option<Verdict> {
        match self {
            Self::Served => None,
            Self::TimedOut => Some(Verdict::TRANSIENT),
            Self::Failed => Some(Verdict::TRANSIENT.effect(crate::Effect::None)),
            Self::Throttled(None) => Some(Verdict::THROTTLED),
            Self::Throttled(Some(hint)) => Some(Verdict::THROTTLED.after(hint)),
        }
    }
}

/// First in, first out. What will become of a request is known when it comes, since nothing overtakes.
#[derive(Debug)]
pub(super) struct Server {
    destination: u32,
    /// When the work accepted so far will be done.
    free: Time,
    /// The same for each request that still waits or is being served.
    ends: VecDeque<Time>,
    bucket: Option<Bucket>,
}

impl Server {
    pub(super) fn new(scenario: &Scenario, destination: u32) -> Self {
        let bucket = scenario.rate_limit().map(Bucket::new);
        Self { destination, free: Time::default(), ends: VecDeque::new(), bucket }
    }

    /// An attempt comes at `now`: the answer, and when it is back.
    pub(super) fn take(&mut self, scenario: &Scenario, now: Time) -> (Time, Answer) {
        let Some(left) = Disturbance::left(scenario.disturbances(), self.destination, now) else {
            return (now.after(scenario.error_latency), Answer::Failed);
        };
        if let Some(bucket) = &mut self.bucket
            && let Err(hint) = bucket.take(left, now)
        {
            return (now.after(scenario.reject_latency), Answer::Throttled(hint));
        }
        self.leave(now);
        if self.ends.len() >= scenario.queue_length() {
            return (now.after(scenario.reject_latency), Answer::Throttled(None));
        }
        let cut = now.after(scenario.timeout);
        let start = self.free.max(now);
        let end = self.end(scenario, start);
        if scenario.drops_abandoned && start >= cut {
            // It keeps its place until its turn, and costs nothing then.
            self.ends.push_back(start);
            return (cut, Answer::TimedOut);
        }
        self.free = end;
        self.ends.push_back(end);
        let back = end.after(scenario.latency);
        if back > cut { (cut, Answer::TimedOut) } else { (back, Answer::Served) }
    }

    /// Requests that wait or are being served.
    pub(super) fn queue(&self) -> usize {
        self.ends.len()
    }

    fn leave(&mut self, now: Time) {
        while self.ends.front().is_some_and(|end| *end <= now) {
            self.ends.pop_front();
        }
    }

    /// When work that begins at `start` is done, at the capacity of that moment; a server that stands still begins when it
    /// runs again.
    fn end(&self, scenario: &Scenario, start: Time) -> Time {
        let disturbances = scenario.disturbances();
        let mut start = start;
        loop {
            // An outage refuses newcomers; what was accepted before is served meanwhile.
            let left = Disturbance::left(disturbances, self.destination, start).unwrap_or(1.0);
            let rate = scenario.capacity * left;
            if rate > 0.0 {
                return start.after(interval(rate));
            }
            match Disturbance::next(disturbances, start) {
                Some(next) => start = next,
                None => return Time::from_nanos(u64::MAX),
            }
        }
    }
}

/// The provider's token bucket.
#[derive(Debug)]
struct Bucket {
    limit: RateLimit,
    tokens: f64,
    filled: Time,
    banned: Time,
}

impl Bucket {
    fn new(limit: &RateLimit) -> Self {
        let tokens = f64::from(limit.burst);
        Self { limit: *limit, tokens, filled: Time::default(), banned: Time::default() }
    }

    /// Takes a token where `left` of the rate is left; otherwise says after how long there is one, if it says so.
    fn take(&mut self, left: f64, now: Time) -> Result<(), Option<Duration>> {
        let rate = self.limit.rate * left;
        let full = f64::from(self.limit.burst);
        self.tokens = (self.tokens + now.since(self.filled).as_secs_f64() * rate).min(full);
        self.filled = now;
        if now < self.banned {
            return Err(self.hint(self.banned.since(now)));
        }
        // Rounding must not cost the token that is due.
        if self.tokens >= 1.0 - 1e-9 {
            self.tokens = (self.tokens - 1.0).max(0.0);
            return Ok(());
        }
        match self.limit.ban {
            Some(ban) => {
                self.banned = now.after(ban);
                Err(self.hint(ban))
            }
            None => Err(self.hint(seconds((1.0 - self.tokens) / rate))),
        }
    }

    fn hint(&self, wait: Duration) -> Option<Duration> {
        self.limit.hints.then_some(wait)
    }
}

/// How long `messages` take at best: those of the burst at once, the rest at the limit's rate.
pub(super) fn least_drain(limit: &RateLimit, disturbances: &[Disturbance], messages: u64) -> Duration {
    let mut due = real(messages.saturating_sub(u64::from(limit.burst)));
    let mut now = Time::default();
    loop {
        let rate = limit.rate * Disturbance::left(disturbances, 0, now).unwrap_or(0.0);
        let next = Disturbance::next(disturbances, now);
        match next.map(|next| next.since(now).as_secs_f64() * rate) {
            Some(meanwhile) if meanwhile < due => due -= meanwhile,
            _ if rate > 0.0 => return now.after(seconds(due / rate)).since(Time::default()),
            _ => return Duration::from_nanos(u64::MAX),
        }
        now = next.unwrap_or(now);
    }
}
