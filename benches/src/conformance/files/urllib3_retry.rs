//! urllib3: limits by category, backoff, history.

use std::time::Duration;

use retry_core::{Additive, Backoff as _, Constant, Exponential};
use retry_http::{CategoryLimits, SpentOn, Tally};

use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::expectation::Expectation;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::fields::Fields;
use crate::conformance::runs::{AnyBackoff, failure};

mod counters;
mod event;
mod history;

use event::Event;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "counters" => counters::run(case),
        "backoff_after_n_failures" => after_failures(case),
        "backoff_sequence" => sequence(case),
        "history" => history::run(case),
        _ => Err(Fault::UnknownOp),
    }
}

const SETTINGS: [&str; 12] = [
    "total",
    "connect",
    "read",
    "redirect",
    "status",
    "other",
    "backoff_factor",
    "backoff_max",
    "backoff_jitter",
    "allowed_methods",
    "status_forcelist",
    "respect_retry_after_header",
];

/// Retries by category, 10 in total unless it says otherwise. `null` is no limit, `false` none at all; so is what is below zero.
fn limits(given: Fields<'_>) -> Result<CategoryLimits, Fault> {
    let limit = |key: &str| -> Result<Option<u32>, Fault> {
        if given.get(key).is_some_and(|value| *value == false) {
            return Ok(Some(0));
        }
        Ok(given.integer(key)?.map(|limit| u32::try_from(limit.max(0)).unwrap_or(u32::MAX)))
    };
    let mut limits = CategoryLimits::NONE;
    limits.total = if given.keys().any(|key| key == "total") { limit("total")? } else { Some(10) };
    limits.connect = limit("connect")?;
    limits.read = limit("read")?;
    limits.redirect = limit("redirect")?;
    limits.status = limit("status")?;
    limits.other = limit("other")?;
    Ok(limits)
}

/// At once, then twice the factor, four times the factor, ..., with so much added at random.
fn schedule(given: Fields<'_>) -> Result<AnyBackoff, Fault> {
    let factor = given.duration("backoff_factor")?.unwrap_or_default();
    let max = given.duration("backoff_max")?.unwrap_or(Duration::from_secs(120));
    let jitter = given.duration("backoff_jitter")?.unwrap_or_default();
    let later = Exponential::new(factor.saturating_mul(2)).jittered(Additive::new(jitter)).capped(max);
    Ok(Box::new(Constant::new(Duration::ZERO).take(1).then(later)))
}

/// Checks the delay after the failures that were counted; where nothing has failed there is nothing to wait for.
fn check(case: &Case, expected: &Expectation, schedule: &AnyBackoff, tally: &Tally) -> Outcome {
    let delay = |draw: &mut draws::Draw| match tally.consecutive_failures() {
        0 => Some(Duration::ZERO),
        failures => schedule.delay(&failure(failures.into()), draw),
    };
    draws::many().try_for_each(|mut draw| expected.check(case, delay(&mut draw)))
}

fn after_failures(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&SETTINGS)?;
    let schedule = schedule(given)?;
    for step in case.all().need_list("steps")? {
        let step = case.all().within(step);
        step.only(&["failures", "expect", "expect_range"])?;
        let mut tally = Tally::new(limits(given)?);
        for _ in 0..step.need_count("failures")? {
            tally.spend(SpentOn::Unknown).map_err(|end| Fault::differs("a retry left", end))?;
        }
        let expected = step.get("expect").or_else(|| step.get("expect_range"));
        let expected = expected.ok_or_else(|| Fault::unreadable("a step without `expect`"))?;
        check(case, &Expectation::read(expected, case.unit)?, &schedule, &tally)?;
    }
    Ok(())
}

/// Failures, redirects, and between them the delay that is expected then.
fn sequence(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&SETTINGS)?;
    let (schedule, mut tally) = (schedule(given)?, Tally::new(limits(given)?));
    for event in case.all().need_list("events")? {
        if let Some(word) = event.as_str() {
            let event = Event::parse(word)?;
            tally.spend(event.spent_on).map_err(|end| Fault::differs("a retry left", end))?;
            continue;
        }
        let step = case.all().within(event);
        step.only(&["expect", "expect_range"])?;
        let expected = step.get("expect").or_else(|| step.get("expect_range"));
        let expected = expected.ok_or_else(|| Fault::unreadable(format!("{event} in `events`")))?;
        check(case, &Expectation::read(expected, case.unit)?, &schedule, &tally)?;
    }
    Ok(())
}
