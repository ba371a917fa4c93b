//! The AWS SDKs' adaptive mode: CUBIC, the rate clocker and the token bucket.

use std::time::Duration;

use retry_core::{Cubic, CubicCurve, RateMeter, Time};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::fields::Fields;
use crate::conformance::measures;
use crate::conformance::quantity::ratio;
use crate::conformance::unit::Unit;

mod bucket;
mod limiter;
mod pacer;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "cubic" => cubic(case),
        "cubic_k" => cubic_k(case),
        "clamp_2x" => clamp(case),
        "rate_clocker" => rate_clocker(case),
        "limiter_enabled" => pacer::enabled(case),
        "token_bucket" => bucket::run(case),
        "client_rate_limiter" => pacer::rates(case),
        "client_rate_limiter_acquire" => limiter::acquire(case),
        "client_rate_limiter_scenario" => pacer::scenario(case),
        "client_rate_limiter_concurrency" => limiter::concurrency(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// So long after the beginning.
fn at(given: Fields<'_>, key: &str) -> Result<Time, Fault> {
    Ok(Time::default().after(given.duration(key)?.unwrap_or_default()))
}

fn curve(given: Fields<'_>) -> Result<CubicCurve, Fault> {
    given.only(&["last_max_rate", "last_throttle_time", "beta", "scale_constant"])?;
    let curve = CubicCurve::resumed(given.number("last_max_rate")?.unwrap_or(0.0), at(given, "last_throttle_time")?);
    let shape = |key, default| ratio(given.number(key)?.unwrap_or(default));
    Ok(curve.shaped(shape("beta", 0.7)?, shape("scale_constant", 0.4)?))
}

/// Whether a step is a throttled response; else it is a success.
fn is_throttled(step: Fields<'_>) -> Result<bool, Fault> {
    match step.need_text("response")? {
        "throttle" | "throttled" => Ok(true),
        "success" => Ok(false),
        other => Err(Fault::unreadable(format!("there is no response `{other}`"))),
    }
}

/// The rate after each response. A throttled one came at the rate that was calculated last, unless the step says at which.
fn cubic(case: &Case) -> Outcome {
    let mut curve = curve(case.input())?;
    let (origin, k, mut rate) = (curve.last_throttle(), curve.k(), curve.last_max());
    for step in case.all().need_list("steps")? {
        let step = case.all().within(step);
        step.only(&["response", "t", "t_in_k", "rate_to_use", "expect"])?;
        let now = match step.number("t_in_k")? {
            Some(times) => origin.after(Unit::Seconds.duration(times * k)),
            None => at(step, "t")?,
        };
        rate = if is_throttled(step)? {
            curve.after_throttle(step.number("rate_to_use")?.unwrap_or(rate), now)
        } else {
            curve.after_success(now)
        };
        measures::check(case, step.object("expect"), |name| figure(&curve, rate, name))?;
    }
    Ok(())
}

fn cubic_k(case: &Case) -> Outcome {
    let curve = curve(case.input())?;
    measures::check(case, case.all().object("expect"), |name| figure(&curve, curve.last_max(), name))
}

fn figure(curve: &CubicCurve, rate: f64, name: &str) -> Option<Value> {
    Some(match name {
        "calculated_rate" => rate.into(),
        "last_max_rate" => curve.last_max().into(),
        "k" => curve.k().into(),
        "last_throttle_time" => Unit::Seconds.count(curve.last_throttle().since(Time::default())).into(),
        _ => return None,
    })
}

fn clamp(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["measured", "calculated"])?;
    let rate = Cubic::clamped(input.need_number("calculated")?, input.need_number("measured")?);
    measures::check(case, case.all().object("expect"), |name| (name == "fill_rate").then(|| rate.into()))
}

fn rate_clocker(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&["start", "smooth", "bucket_s"])?;
    let smoothing = ratio(given.number("smooth")?.unwrap_or(0.8))?;
    let slot = given.duration("bucket")?.unwrap_or(Duration::from_millis(500));
    let mut meter = RateMeter::with(smoothing, slot, at(given, "start")?);
    for event in case.all().durations("record_at")?.unwrap_or_default() {
        meter.record(Time::default().after(event));
    }
    measures::check(case, case.all().object("expect"), |name| (name == "measured_rate").then(|| meter.rate().into()))
}
