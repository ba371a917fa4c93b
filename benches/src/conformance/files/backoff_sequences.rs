//! Schedules of Finagle, Envoy, Spring Retry, resilience4j, node-retry and cockatiel.

use retry_core::{Backoff as _, Exponential, Policy, RetryPolicy as _};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::fault::{Fault, Outcome, refusal, same};
use crate::conformance::fields::Fields;
use crate::conformance::quantity::{plus_minus, ratio};
use crate::conformance::runs::{self, Delays, check_delay, check_sequence};
use crate::conformance::unit::{GREATEST, Unit};

mod envoy;
mod laws;
mod schedule;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "sequence" => check_sequence(case, &schedule::of(case.input())?, false),
        // node-retry sorts its table.
        "sequence_sorted" => check_sequence(case, &schedule::of(case.input())?, true),
        "envoy_sequence" => envoy::sequence(case),
        "config_valid" => envoy::config_valid(case),
        "config_clamp" => spring_clamp(case),
        "range" => resilience4j_range(case),
        "config_error" => refusal(true, resilience4j_settings(case.input())),
        "config_ok" => refusal(false, resilience4j_settings(case.input())),
        "count" => node_retry_count(case),
        "property" => laws::run(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// Spring Retry corrects what makes no sense: intervals to at least 1 ms, the multiplier to at least 1.
fn spring_clamp(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["initial_interval", "max_interval", "multiplier"])?;
    let expected = case.all().object("expect");
    for key in input.keys() {
        let corrected = input.need_number(key)?.max(1.0);
        same(expected.number(key)?, Some(corrected))?;
    }
    // Corrected settings make a policy.
    let setting = |key| -> Result<f64, Fault> { Ok(input.number(key)?.unwrap_or(1.0).max(1.0)) };
    let initial = Unit::Milliseconds.duration(setting("initial_interval")?);
    let schedule = Exponential::new(initial).factor(ratio(setting("multiplier")?)?);
    Policy::new(schedule.into()).capped(Unit::Milliseconds.duration(setting("max_interval")?).max(initial)).check()?;
    Ok(())
}

/// resilience4j's randomized interval, which may grow: the interval, plus or minus a proportion of it.
fn resilience4j_range(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["interval_ms", "factor", "multiplier", "max_interval_ms", "attempt", "random"])?;
    resilience4j_settings(input)?;
    let law = plus_minus(input.number("factor")?.unwrap_or(0.5))?;
    let factor = ratio(input.number("multiplier")?.unwrap_or(1.0))?;
    let growing = Exponential::new(input.need_duration("interval")?).factor(factor);
    let failure = runs::failure(input.whole("attempt")?.unwrap_or(1));
    // It caps before it randomizes.
    let schedule = growing.capped(input.duration("max_interval")?.unwrap_or(GREATEST));
    let interval = |draw: &mut draws::Draw| schedule.delay(&failure, draw);
    check_delay(case, |draw| Policy::constant(interval(draw)?).jitter(law.into()).delay(&failure, draw))
}

/// What resilience4j forbids: intervals below 1 ms, proportions outside 0 to 1, shrinking, attempts before the first.
fn resilience4j_settings(input: Fields<'_>) -> Result<(), Fault> {
    for key in input.keys() {
        let refuse = |why: &str| Err(Fault::refused(format!("{key}: {why}")));
        let value = || -> Result<f64, Fault> {
            input.number(key)?.ok_or_else(|| Fault::unreadable(format!("`{key}` is null")))
        };
        match key {
            "interval_ms" | "interval" | "initial_interval_ms" | "max_interval_ms" if value()? < 1.0 => {
                return refuse("an interval is at least 1 ms");
            }
            "factor" | "randomization_factor" => drop(plus_minus(value()?)?),
            "multiplier" if value()? < 1.0 => return refuse("the multiplier is at least 1"),
            "attempt" if value()? < 1.0 => return refuse("attempts count from 1"),
            "interval_ms"
            | "interval"
            | "initial_interval_ms"
            | "max_interval_ms"
            | "multiplier"
            | "attempt"
            | "random" => {}
            _ => return Err(Fault::unreadable(format!("the runner does not know `{key}` here"))),
        }
    }
    Ok(())
}

/// node-retry counts retries: as many delays, and one attempt more.
fn node_retry_count(case: &Case) -> Outcome {
    let input = case.input();
    let expected = case.expect()?.as_u64().ok_or_else(|| Fault::unreadable("`expect` is no count"))?;
    let retries = input.need_count("retries")?;
    let policy = schedule::node_retry_default().up_to(retries.saturating_add(1)).boxed();
    let most = usize::try_from(expected).unwrap_or(usize::MAX).saturating_add(1);
    let delays = Delays::new(&policy, draws::always(0.0)).take(most).count();
    same(Value::from(expected), Value::from(delays))
}
