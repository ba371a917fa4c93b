//! Temporal's server: its retry policies, and the interval of a workflow's retry.

use std::time::Duration;

use retry_core::{
    Backoff, Class, Decision, Entropy, Exponential, Failure, HintRule, Policy, Proportional, RetryPolicy, Seeded,
    Session, StopReason, Time, Verdict,
};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::expectation::Expectation;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::line;
use crate::conformance::quantity::ratio;
use crate::conformance::runs::{self, AnyPolicy, Delays, check_delay};
use crate::conformance::unit::GREATEST;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "next_delay_range" | "next_delay" => next_delay(case),
        "attempts" => attempts(case),
        "next_backoff_interval" => next_interval(case),
        "per_error" => per_error(case),
        "conditional" => conditional(case),
        _ => Err(Fault::UnknownOp),
    }
}

const SETTINGS: [&str; 7] =
    ["attempt", "max_attempts", "initial", "coefficient", "max_interval", "expiration", "elapsed"];

/// A delay is cut to the time that is left; one below the initial interval ends the retries. The engine's `within` ends them where
/// a delay does not fit, so this is what a user writes for Temporal's way.
struct Cut<B> {
    inner: B,
    initial: Duration,
    expiration: Option<Duration>,
}

impl<B: Backoff> Backoff for Cut<B> {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        let delay = self.inner.delay(failure, rng)?;
        let left = self.expiration.map_or(Some(GREATEST), |limit| limit.checked_sub(failure.elapsed()))?;
        Some(delay.min(left)).filter(|delay| *delay >= self.initial)
    }
}

/// Sooner by up to a fifth; 0 attempts are no limit.
fn exponential(input: Fields<'_>) -> Result<AnyPolicy, Fault> {
    let initial = input.duration("initial")?.unwrap_or(Duration::from_secs(1));
    let factor = ratio(input.number("coefficient")?.unwrap_or(2.0))?;
    let inner = Exponential::new(initial).factor(factor).capped(limit(input.duration("max_interval")?));
    let schedule = Cut { inner, initial, expiration: input.duration("expiration")?.filter(|limit| !limit.is_zero()) };
    let policy = schedule.jittered(Proportional::sooner(20)?);
    Ok(match input.count("max_attempts")? {
        Some(attempts @ 1..) => Box::new(policy.up_to(attempts)),
        _ => Box::new(policy.into_policy()),
    })
}

/// An interval of zero is no limit.
fn limit(interval: Option<Duration>) -> Duration {
    interval.filter(|interval| !interval.is_zero()).unwrap_or(GREATEST)
}

fn next_delay(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&SETTINGS)?;
    let policy = exponential(input)?;
    let elapsed = input.duration("elapsed")?.unwrap_or_default();
    let failure = runs::failure_after(input.need_whole("attempt")?, elapsed);
    check_delay(case, |draw| policy.decide(&failure, draw).delay())
}

/// So many delays, and then no more, or more.
fn attempts(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&SETTINGS)?;
    let expected = case.all().object("expect");
    expected.only(&["delays", "then"])?;
    let count = usize::try_from(expected.need_count("delays")?).unwrap_or(usize::MAX);
    let policy = exponential(input)?;
    for draw in draws::many() {
        let mut run = Delays::new(policy.as_ref(), draw);
        same(count, run.by_ref().take(count).count())?;
        if let Some(then) = expected.text("then")? {
            same(then == "done", run.next().is_none())?;
        }
    }
    Ok(())
}

/// The interval without jitter, and in which state it leaves the retries.
fn next_interval(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["attempt", "max_attempts", "initial", "max_interval", "expires_in", "coefficient"])?;
    let factor = line::factor(input.number("coefficient")?.unwrap_or(2.0))?;
    let schedule = format!("exp {} {factor}", line::time(input.need_duration("initial")?));
    let mut policy = line::policy(&schedule)?.capped(limit(input.duration("max_interval")?));
    if let Some(attempts @ 1..) = input.count("max_attempts")? {
        policy = policy.attempts(attempts);
    }
    if let Some(left) = input.duration("expires_in")? {
        policy = policy.within(left);
    }
    let decision = policy.decide(&runs::failure(input.need_whole("attempt")?), &mut Seeded::new(0));
    let state = match decision {
        Decision::Retry(_) => "in_progress",
        Decision::Stop(StopReason::Attempts) => "maximum_attempts_reached",
        Decision::Stop(StopReason::Deadline) => "timeout",
        Decision::Stop(_) => "stopped",
    };
    let expected = case.all().object("expect");
    expected.only(&["interval", "state"])?;
    same(expected.text("state")?.unwrap_or(state), state)?;
    let interval = expected.get("interval").unwrap_or(&Value::Null);
    Expectation::read(interval, case.unit)?.check(case, decision.delay())
}

/// A delay by error: the classifier names it in the verdict, and the policy waits exactly that.
fn per_error(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["max_attempts", "map", "errors"])?;
    let mut policy = Policy::constant(Duration::ZERO).hints(HintRule::Exactly, GREATEST);
    if let Some(attempts @ 1..) = input.count("max_attempts")? {
        policy = policy.attempts(attempts);
    }
    let map = input.object("map");
    let classify = |error: &str| -> Result<Verdict, Fault> {
        for name in [error, "any", "default"] {
            if let Some(delay) = map.duration(name)? {
                return Ok(Verdict::TRANSIENT.after(delay));
            }
        }
        Err(Fault::unreadable(format!("the map has nothing for `{error}`")))
    };
    let (mut session, mut now, mut rng) = (Session::begin(Time::default()), Time::default(), Seeded::new(0));
    let errors = input.need_list("errors")?;
    let expected = case.all().need_list("expect")?;
    same(expected.len(), errors.len())?;
    for (error, expected) in errors.iter().zip(expected) {
        let error = error.as_str().ok_or_else(|| Fault::unreadable("an error is no name"))?;
        let decision = session.on_failure(now, classify(error)?, &policy, &mut rng);
        now = now.after(decision.delay().unwrap_or_default());
        Expectation::read(expected, case.unit)?.check(case, decision.delay())?;
    }
    Ok(())
}

/// One policy for errors that match, another for the rest: a class apart.
fn conditional(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["when_match", "otherwise", "calls"])?;
    let constant = |key| -> Result<Policy, Fault> {
        let settings = input.object(key);
        settings.only(&["delay", "max_attempts"])?;
        let policy = Policy::constant(settings.need_duration("delay")?);
        Ok(match settings.count("max_attempts")? {
            Some(attempts @ 1..) => policy.attempts(attempts),
            _ => policy,
        })
    };
    let policy = constant("otherwise")?.for_class(Class::Throttled, constant("when_match")?);
    let calls = input.need_list("calls")?;
    let expected = case.all().need_list("expect")?;
    same(expected.len(), calls.len())?;
    for (call, expected) in calls.iter().zip(expected) {
        let Some([Value::String(error), attempt]) = call.as_array().map(Vec::as_slice) else {
            return Err(Fault::unreadable(format!("{call} is no error and attempt")));
        };
        let attempt = attempt.as_u64().and_then(|n| u32::try_from(n).ok()).and_then(std::num::NonZeroU32::new);
        let attempt = attempt.ok_or_else(|| Fault::unreadable(format!("{call} is no error and attempt")))?;
        let verdict = if error == "other" { Verdict::TRANSIENT } else { Verdict::THROTTLED };
        let got = policy.decide(&Failure::new(attempt, Duration::ZERO, verdict), &mut Seeded::new(0)).delay();
        Expectation::read(expected, case.unit)?.check(case, got)?;
    }
    Ok(())
}
