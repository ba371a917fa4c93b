//! Delays as the engine gives them: one by its facts, or a run of them.

use std::num::NonZeroU32;
use std::time::Duration;

use retry_core::{Backoff, Decision, Entropy, Failure, HintRule, Policy, RetryPolicy, Session, Time, Verdict};

use super::case::Case;
use super::draws::{self, Draw};
use super::expectation::Expectation;
use super::fault::{Fault, Outcome};
use super::unit::GREATEST;

/// A schedule that was put together from a case.
pub(crate) type AnyBackoff = Box<dyn Backoff>;

/// A policy that was put together from a case.
pub(crate) type AnyPolicy = Box<dyn RetryPolicy>;

/// The failure of attempt `number`, from 1 (0 counts as 1), and nothing else known.
pub(crate) fn failure(number: u64) -> Failure {
    failure_after(number, Duration::ZERO)
}

/// The failure of attempt `number`, `elapsed` after the first began.
pub(crate) fn failure_after(number: u64, elapsed: Duration) -> Failure {
    Failure::new(attempt(number), elapsed, Verdict::TRANSIENT)
}

/// The failure of attempt `number`, so classified.
pub(crate) fn failure_judged(number: u64, verdict: Verdict) -> Failure {
    Failure::new(attempt(number), Duration::ZERO, verdict)
}

fn attempt(number: u64) -> NonZeroU32 {
    NonZeroU32::new(u32::try_from(number).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MIN)
}

/// The decision of a peer that draws its delay first, and then looks at the hint: `policy` without one, and then `rule` around its
/// delay. Ours adds jitter above a hint, so that those who were told the same second do not come back in the same millisecond;
/// a policy without jitter of its own adds none.
pub(crate) fn drawn_then_hinted(policy: &Policy, rule: HintRule, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
    match policy.clone().hints(HintRule::Ignore, GREATEST).decide(failure, rng) {
        Decision::Retry(wait) => Policy::constant(wait.delay()).hints(rule, GREATEST).decide(failure, rng),
        stop @ Decision::Stop(_) => stop,
    }
}

/// A run under virtual time in which every attempt fails at once: its delays, and `None` where it ends.
pub(crate) struct Delays<'a, P: ?Sized, R> {
    policy: &'a P,
    rng: R,
    session: Session,
    now: Time,
}

impl<'a, P: RetryPolicy + ?Sized, R: Entropy> Delays<'a, P, R> {
    pub(crate) fn new(policy: &'a P, rng: R) -> Self {
        Self { policy, rng, session: Session::begin(Time::default()), now: Time::default() }
    }
}

impl<P: RetryPolicy + ?Sized, R: Entropy> Iterator for Delays<'_, P, R> {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let delay = self.session.on_failure(self.now, Verdict::TRANSIENT, self.policy, &mut self.rng).delay()?;
        self.now = self.now.after(delay);
        Some(delay)
    }
}

/// Checks the one delay that `delay` gives against the case: with the draw that the case gives as `random`, or for
/// [many](draws::many).
pub(crate) fn check_delay(case: &Case, delay: impl Fn(&mut Draw) -> Option<Duration>) -> Outcome {
    let expected = Expectation::of(case)?;
    if let Some(u) = case.input().number("random")? {
        return expected.check(case, delay(&mut draws::always(u)));
    }
    let closed = expected.closed();
    draws::corners().try_for_each(|mut draw| closed.check(case, delay(&mut draw)))?;
    draws::seeded().try_for_each(|mut draw| expected.check(case, delay(&mut draw)))
}

/// Checks the delays of a run without jitter against `expect_ms` (or `expect`), and with `exhausted_after` whether it is over then.
pub(crate) fn check_sequence(case: &Case, schedule: &dyn Backoff, sorted: bool) -> Outcome {
    let all = case.all();
    let (key, unit) = all.timed("expect").ok_or_else(|| Fault::unreadable("`expect` is missing"))?;
    let expected = all.need_list(&key)?;
    let policy = schedule.into_policy();
    let mut run = Delays::new(&policy, draws::always(0.0));
    let mut got: Vec<_> = expected.iter().map(|_| run.next()).collect();
    if sorted {
        got.sort();
    }
    for (expected, got) in expected.iter().zip(got) {
        Expectation::read(expected, unit)?.check(case, got)?;
    }
    let Some(exhausted) = all.get("exhausted_after") else { return Ok(()) };
    match (exhausted.as_bool(), run.next()) {
        (Some(true), None) | (Some(false), Some(_)) => Ok(()),
        (Some(true), Some(more)) => Err(Fault::differs("the end of the schedule", unit.count(more))),
        (Some(false), None) => Err(Fault::differs("another delay", "the end of the schedule")),
        (None, _) => Err(Fault::unreadable("`exhausted_after` is neither true nor false")),
    }
}
