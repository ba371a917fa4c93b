//! Polly v8's retry delays, and the sequences of Polly.Contrib.WaitAndRetry.

use std::time::Duration;

use retry_core::{Backoff, Constant, Decorrelated, DecorrelatedV2, Exponential, Linear, Policy, Schedule, Staggered};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::draws::{self, Draw};
use crate::conformance::expectation::Expectation;
use crate::conformance::fault::{Fault, Outcome, refusal};
use crate::conformance::fields::Fields;
use crate::conformance::line;
use crate::conformance::quantity::ratio;
use crate::conformance::runs::{self, AnyBackoff, Delays, check_delay, check_sequence};
use crate::conformance::unit::GREATEST;

mod distribution;
mod laws;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "delay" => delay(case),
        "decorrelated_jitter_v2_sequence" => v2_sequence(case),
        "distribution" => distribution::run(case),
        "sequence" => check_sequence(case, &contrib(case.input())?, false),
        "config_error" => refusal(true, contrib_settings(case.input())),
        "config_ok" => refusal(false, contrib_settings(case.input())),
        "property" => laws::run(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// Polly counts from 0. Its exponential delays with jitter are decorrelated V2, the others are spread by a quarter to both sides.
fn policy(kind: &str, jitter: bool, base: Duration, max: Option<Duration>) -> Result<Policy, Fault> {
    let max = max.unwrap_or(GREATEST);
    let word = match kind {
        "constant" => "const",
        "linear" => "linear",
        "exponential" if jitter => return Ok(v2(base, max)),
        "exponential" => "exp",
        _ => return Err(Fault::unreadable(format!("there is no backoff type `{kind}`"))),
    };
    let spread = if jitter { "+-25%" } else { "none" };
    Ok(line::policy(&format!("{word} {} {spread}", line::time(base)))?.capped(max))
}

fn v2(base: Duration, max: Duration) -> Policy {
    Policy::new(Schedule::DecorrelatedV2(DecorrelatedV2::new(base, max))).capped(max)
}

fn delay(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["type", "jitter", "attempt", "base", "max", "random"])?;
    let policy =
        policy(input.need_text("type")?, input.flag("jitter")?, input.need_duration("base")?, input.duration("max")?)?;
    let failure = runs::failure(input.need_whole("attempt")?.saturating_add(1));
    check_delay(case, |draw| policy.delay(&failure, draw))
}

/// A run of V2 delays, each of which depends on all before it.
fn v2_sequence(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["base", "max", "n", "uniform", "uniforms", "rng"])?;
    let draws = match input.list("uniforms")? {
        Some(uniforms) => draws::these(&uniforms.iter().filter_map(Value::as_f64).collect::<Vec<_>>()),
        None => draws::always(input.need_number("uniform")?),
    };
    let policy = v2(input.need_duration("base")?, input.duration("max")?.unwrap_or(GREATEST));
    let mut run = Delays::new(&policy, draws);
    for expected in case.all().need_list("expect")? {
        Expectation::read(expected, case.unit)?.check(case, run.next())?;
    }
    Ok(())
}

/// The schedules of Polly.Contrib.WaitAndRetry: `n` delays, of which the first may be left out (`fast_first`).
fn contrib(input: Fields<'_>) -> Result<AnyBackoff, Fault> {
    contrib_settings(input)?;
    let initial = || input.need_duration("initial");
    let schedule: AnyBackoff = match input.need_text("type")? {
        "constant" => Box::new(Constant::new(initial()?)),
        "linear" => {
            let step = Constant::new(initial()?).scaled(ratio(input.number("factor")?.unwrap_or(1.0))?);
            let step = step.delay(&runs::failure(1), &mut draws::always(0.0)).unwrap_or_default();
            Box::new(Linear::new(step).starting_at(initial()?))
        }
        "exponential" => Box::new(Exponential::new(initial()?).factor(ratio(input.number("factor")?.unwrap_or(2.0))?)),
        other => return Err(Fault::unreadable(format!("there is no sequence `{other}`"))),
    };
    let n = input.count("n")?.unwrap_or(u32::MAX);
    if input.flag("fast_first")? {
        return Ok(Box::new(Staggered::from_static(const { &[Duration::ZERO] }).then(schedule).take(n)));
    }
    Ok(Box::new(schedule.take(n)))
}

/// What it forbids: a negative count or delay, an exponential factor below 1, a negative linear one, a greatest delay below the least.
fn contrib_settings(input: Fields<'_>) -> Result<(), Fault> {
    input.only(&["type", "n", "initial_ms", "factor", "fast_first", "min_ms", "max_ms", "median_ms"])?;
    for key in ["n", "initial_ms", "min_ms", "max_ms", "median_ms"] {
        if input.number(key)?.is_some_and(|value| value < 0.0) {
            return Err(Fault::refused(format!("a negative `{key}`")));
        }
    }
    if let Some(factor) = input.number("factor")? {
        // A negative one is refused for every type.
        ratio(factor)?;
        if input.text("type")? == Some("exponential") && factor < 1.0 {
            return Err(Fault::refused("an exponential factor below 1"));
        }
    }
    if let (Some(min), Some(max)) = (input.duration("min")?, input.duration("max")?) {
        Decorrelated::new(min, max)?;
    }
    Ok(())
}

/// One delay of `policy` after attempt `attempt`, counted from 0.
fn after(policy: &Policy, attempt: u64, draw: &mut Draw) -> Duration {
    policy.delay(&runs::failure(attempt.saturating_add(1)), draw).unwrap_or(GREATEST)
}
