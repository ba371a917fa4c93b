//! Callers that ask for tokens, wait, and ask again.

use std::time::Duration;

use retry_core::{Class, Cubic, Pacer as _, Time, TokenBucket};
use serde_json::Value;

use super::{at, is_throttled, pacer};
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::measures;
use crate::conformance::unit::Unit;

/// What is asked.
enum Limiter {
    /// Nothing was throttled yet, or something was: a pacer.
    Pacer(Box<Cubic>),
    /// In the middle of its work, at a rate that the case names: the pacer's bucket.
    Bucket(TokenBucket),
}

impl Limiter {
    fn of(given: Fields<'_>) -> Result<Self, Fault> {
        given.only(&["enabled", "throttled_at", "fill_rate", "max_capacity"])?;
        let pacer = Cubic::new(Time::default());
        if given.get("throttled_at").is_some() {
            pacer.failed(Class::Throttled, at(given, "throttled_at")?);
        } else if given.flag("enabled")? {
            let rate = given.number("fill_rate")?.unwrap_or_else(|| pacer.rate());
            let capacity = given.number("max_capacity")?.unwrap_or_else(|| rate.max(1.0));
            return Ok(Self::Bucket(TokenBucket::empty(rate, capacity, Time::default())));
        }
        // The rate that follows from the throttling, if the case says it.
        match given.number("fill_rate")? {
            Some(rate) if (rate - pacer.rate()).abs() > 1e-9 => Err(Fault::differs(rate, pacer.rate())),
            _ => Ok(Self::Pacer(Box::new(pacer))),
        }
    }

    /// How long to wait before asking again.
    fn ask(&mut self, tokens: f64, now: Time) -> Result<Duration, Fault> {
        let answer = match self {
            Self::Pacer(pacer) if (tokens - 1.0).abs() < f64::EPSILON => pacer.acquire(now),
            Self::Pacer(_) => return Err(Fault::unreadable("a pacer gives one token at a time")),
            Self::Bucket(bucket) => bucket.try_acquire(tokens, now),
        };
        Ok(answer.err().unwrap_or_default())
    }

    /// How long it takes in all until the tokens are there and taken: asks again each time after as long as it was told.
    fn wait(&mut self, tokens: f64, begun: Time) -> Result<Duration, Fault> {
        let mut now = begun;
        // More tokens than it ever holds are never there.
        for _ in 0..100 {
            let wait = self.ask(tokens, now)?;
            if wait.is_zero() {
                return Ok(now.since(begun));
            }
            now = now.after(wait);
        }
        Err(Fault::differs("tokens", "none in a hundred waits"))
    }

    fn figure(&self, name: &str) -> Option<Value> {
        match self {
            Self::Pacer(pacer) => pacer::figure(pacer, name),
            Self::Bucket(bucket) => Some(match name {
                "capacity" | "current_capacity" => bucket.tokens().into(),
                "fill_rate" => bucket.rate().into(),
                "max_capacity" => bucket.capacity().into(),
                _ => return None,
            }),
        }
    }
}

pub(super) fn acquire(case: &Case) -> Outcome {
    let mut limiter = Limiter::of(case.input())?;
    for step in case.all().need_list("steps")? {
        let step = case.all().within(step);
        step.only(&["t", "acquire", "repeat", "response", "expect"])?;
        let (now, expected) = (at(step, "t")?, step.object("expect"));
        if step.get("response").is_some() {
            match &limiter {
                Limiter::Pacer(pacer) => pacer::told(pacer, is_throttled(step)?, now),
                Limiter::Bucket(_) => return Err(Fault::unreadable("a response to a bucket")),
            }
        }
        let to_the_end = expected.keys().any(|key| key.starts_with("total_wait"));
        let mut waits = Vec::new();
        if let Some(tokens) = step.number("acquire")? {
            for _ in 0..step.count("repeat")?.unwrap_or(1) {
                waits.push(if to_the_end { limiter.wait(tokens, now)? } else { limiter.ask(tokens, now)? });
            }
        }
        measures::check(case, expected, |name| match name {
            "wait" | "total_wait" => waits.last().map(|wait| Unit::Seconds.count(*wait).into()),
            "all_waits_equal" => Some(waits.iter().all(|wait| Some(wait) == waits.first()).into()),
            "acquired" => waits.last().map(|wait| wait.is_zero().into()),
            _ => limiter.figure(name),
        })?;
    }
    Ok(())
}

/// While one caller waits for all that the bucket can hold, another is told of a response: nothing is held during a wait,
/// which is the caller's own, so that the rate can be set in the middle of it.
pub(super) fn concurrency(case: &Case) -> Outcome {
    let expected = case.all().object("expect");
    for key in expected.keys() {
        let mut limiter = Limiter::of(case.input())?;
        let Limiter::Bucket(bucket) = &mut limiter else {
            return Err(Fault::unreadable("a limiter that is not enabled"));
        };
        let (begun, tokens) = (Time::default(), bucket.capacity());
        if key == "update_completes_while_acquire_sleeps" {
            let wait = bucket.try_acquire(tokens, begun).err().unwrap_or_default();
            let updated = begun.after(wait / 2);
            bucket.set_rate(bucket.rate(), tokens, updated);
            let rest = limiter.wait(tokens, updated)?;
            same(expected.need(key)?, &Value::from(!rest.is_zero() && updated > begun))?;
            continue;
        }
        let tokens = key.strip_prefix("acquire_").and_then(|rest| rest.strip_suffix("_total_wait")?.parse().ok());
        let tokens = tokens.ok_or_else(|| Fault::unreadable(format!("nothing measures `{key}`")))?;
        let total = Unit::Seconds.count(limiter.wait(tokens, begun)?);
        measures::equal(case, key, expected.need(key)?, &total.into())?;
    }
    Ok(())
}
