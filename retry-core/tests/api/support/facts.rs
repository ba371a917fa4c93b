//! Spans, failures, and runs without a driver.

use std::num::NonZeroU32;
use std::time::Duration;

use retry_core::{Backoff, Decision, Entropy, Failure, RetryPolicy, Seeded, Session, Time, Verdict};

pub(crate) const MS: Duration = Duration::from_millis(1);
pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const DAY: Duration = Duration::from_secs(86_400);
/// The longest span of the engine.
pub(crate) const FOREVER: Duration = Duration::from_nanos(u64::MAX);

pub(crate) const fn ns(nanos: u64) -> Duration {
    Duration::from_nanos(nanos)
}

/// `duration` in nanoseconds, at most what the engine works with.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// The transient failure of attempt `n`, at once.
pub(crate) fn nth(n: u32) -> Failure {
    Failure::new(NonZeroU32::new(n).unwrap(), Duration::ZERO, Verdict::TRANSIENT)
}

/// Delays 1 to `count` of a schedule that looks at no time; `None` where it has ended.
pub(crate) fn delays(schedule: &dyn Backoff, count: u32) -> Vec<Option<Duration>> {
    (1..=count).map(|n| schedule.delay(&nth(n), &mut Seeded::new(0))).collect()
}

/// The same in whole seconds, which it must be.
pub(crate) fn seconds(schedule: &dyn Backoff, count: u32) -> Vec<u64> {
    delays(schedule, count)
        .into_iter()
        .map(|delay| {
            let delay = delay.unwrap();
            assert_eq!(delay.subsec_nanos(), 0, "{delay:?}");
            delay.as_secs()
        })
        .collect()
}

/// One run by a `Session` alone: the time is a number, and an attempt takes what `take` says.
#[derive(Debug)]
pub(crate) struct Simulation {
    pub(crate) session: Session,
    pub(crate) decisions: Vec<Decision>,
    /// When each attempt began.
    pub(crate) starts: Vec<Duration>,
    /// When the last attempt had failed.
    pub(crate) ended: Duration,
}

impl Simulation {
    /// Fails attempt after attempt, at most `most` of them.
    pub(crate) fn run(
        policy: &dyn RetryPolicy,
        rng: &mut dyn Entropy,
        most: usize,
        mut attempt: impl FnMut(usize) -> (Duration, Verdict),
    ) -> Self {
        let mut rng = rng;
        let mut simulation = Self {
            session: Session::begin(Time::default()),
            decisions: Vec::new(),
            starts: Vec::new(),
            ended: Duration::ZERO,
        };
        let mut now = Duration::ZERO;
        for n in 0..most {
            let (takes, verdict) = attempt(n);
            simulation.starts.push(now);
            now = now.saturating_add(takes);
            simulation.ended = now;
            let decision = simulation.session.on_failure(Time::default().after(now), verdict, policy, &mut rng);
            simulation.decisions.push(decision);
            let Decision::Retry(wait) = decision else { break };
            now = now.saturating_add(wait.delay());
        }
        simulation
    }

    /// The same where attempts take no time and every failure is transient.
    pub(crate) fn idle(policy: &dyn RetryPolicy, rng: &mut dyn Entropy, most: usize) -> Self {
        Self::run(policy, rng, most, |_| (Duration::ZERO, Verdict::TRANSIENT))
    }

    pub(crate) fn delays(&self) -> Vec<Duration> {
        self.decisions.iter().filter_map(|decision| decision.delay()).collect()
    }

    pub(crate) fn last(&self) -> Decision {
        *self.decisions.last().unwrap()
    }
}
