//! What Failsafe's builder accepts, and the policy it makes.

use std::time::Duration;

use retry_core::{Additive, Law, Policy};

use crate::conformance::fault::Fault;
use crate::conformance::fields::Fields;
use crate::conformance::line;
use crate::conformance::quantity::plus_minus;

/// The settings of a retry policy; what the builder forbids is refused.
pub(super) fn of(input: Fields<'_>) -> Result<Policy, Fault> {
    input.only(&[
        "delay_ms",
        "backoff_ms",
        "factor",
        "random_delay_ms",
        "jitter_ms",
        "jitter_factor",
        "max_duration_ms",
        "max_retries",
        "max_attempts",
    ])?;
    let delays =
        ["delay_ms", "backoff_ms", "random_delay_ms"].into_iter().filter(|key| input.get(key).is_some()).count();
    require(delays <= 1, "more than one kind of delay")?;
    let (least, greatest, policy) = delays_of(input)?;
    let mut policy = jittered(input, policy, least)?;
    if let Some(limit) = duration(input, "max_duration")? {
        require(limit > Duration::ZERO, "a greatest duration of nothing")?;
        // For a backoff only the first delay counts: later ones are cut.
        require(greatest < limit, "a delay that is not shorter than the greatest duration")?;
        policy = policy.within(limit);
    }
    if let Some(attempts) = input.integer("max_attempts")? {
        require(attempts != 0 && attempts >= -1, "attempts of 0 or below -1")?;
        return limited(policy, if attempts == -1 { -1 } else { attempts - 1 });
    }
    limited(policy, input.integer("max_retries")?.unwrap_or(2))
}

/// At most so many retries; -1 is no limit.
pub(super) fn limited(policy: Policy, retries: i64) -> Result<Policy, Fault> {
    match u32::try_from(retries) {
        Ok(retries) => Ok(policy.attempts(retries.saturating_add(1))),
        Err(_) => require(retries >= -1, "retries below -1").map(|()| policy),
    }
}

/// The least delay, the one that the greatest duration is compared with, and the policy.
fn delays_of(input: Fields<'_>) -> Result<(Duration, Duration, Policy), Fault> {
    if let Some([least, most]) = pair(input, "backoff_ms")? {
        require(least > Duration::ZERO && least < most, "a backoff that does not rise")?;
        let factor = input.number("factor")?.unwrap_or(2.0);
        require(factor > 1.0, "a factor that is not above 1")?;
        let (base, factor) = (line::time(least), line::factor(factor)?);
        return Ok((least, least, line::policy(&format!("exp {base}..{} {factor}", line::time(most)))?));
    }
    if let Some([least, most]) = pair(input, "random_delay_ms")? {
        require(least > Duration::ZERO && least < most, "a random delay that has no range")?;
        return Ok((least, most, line::policy(&format!("const {} +{}", line::time(least), line::time(most - least)))?));
    }
    let delay = duration(input, "delay")?.unwrap_or_default();
    Ok((delay, delay, Policy::constant(delay)))
}

fn jittered(input: Fields<'_>, policy: Policy, least: Duration) -> Result<Policy, Fault> {
    let jitter = duration(input, "jitter")?;
    require(jitter.is_none() || input.get("jitter_factor").is_none(), "two kinds of jitter")?;
    if let Some(jitter) = jitter {
        // Ours never goes below zero, but neither is it then around the delay.
        require(jitter <= least, "jitter above the least delay")?;
        return Ok(policy.jitter(Law::Additive(Additive::around(jitter))));
    }
    Ok(match input.number("jitter_factor")? {
        Some(factor) => policy.jitter(plus_minus(factor)?.into()),
        None => policy,
    })
}

/// A list of two times; a negative one is refused.
fn pair(input: Fields<'_>, key: &str) -> Result<Option<[Duration; 2]>, Fault> {
    let Some(values) = input.list(key)? else { return Ok(None) };
    require(values.iter().all(|value| value.as_f64().is_some_and(|value| value >= 0.0)), "a negative delay")?;
    match input.durations(key.trim_end_matches("_ms"))?.as_deref() {
        Some([least, most]) => Ok(Some([*least, *most])),
        _ => Err(Fault::unreadable(format!("`{key}` is no list of two times"))),
    }
}

/// A time; a negative one is refused.
fn duration(input: Fields<'_>, key: &str) -> Result<Option<Duration>, Fault> {
    require(input.amount(key)?.is_none_or(|amount| amount >= 0.0), "a negative time")?;
    input.duration(key)
}

fn require(holds: bool, what: &str) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault::refused(what)) }
}
