//! The strategies, put together from the engine's schedules and jitter laws.
//!
//! Where `min` is above `max` tenacity waits `min`, where ours keeps the cap: so the cap here is the greater of them.

use std::time::Duration;

use retry_core::{Additive, Backoff, Constant, Entropy, Exponential, Failure, Full, Jitter, Linear, Staggered};
use serde_json::Value;

use crate::conformance::fault::Fault;
use crate::conformance::fields::Fields;
use crate::conformance::quantity::{duration, ratio};
use crate::conformance::runs::AnyBackoff;
use crate::conformance::unit::{GREATEST, Unit};

/// What ops add to the strategy's own settings.
const OF_THE_OP: [&str; 6] = ["type", "attempt", "random", "samples", "stop_after_attempts", "retry_on_result"];

/// The strategy of an object with a `type`; without one it is the exponential one with jitter, which alone takes `initial`.
pub(super) fn of(input: Fields<'_>) -> Result<AnyBackoff, Fault> {
    let known = |keys: &[&str]| input.only(&[keys, &OF_THE_OP].concat());
    Ok(match input.text("type")?.unwrap_or("exponential_jitter") {
        "none" => {
            known(&[])?;
            Box::new(Constant::new(Duration::ZERO))
        }
        "constant" | "fixed" => {
            known(&["wait"])?;
            Box::new(Constant::new(input.need_duration("wait")?))
        }
        "linear" | "incrementing" => {
            known(&["start", "step", "increment", "max"])?;
            linear(input)?
        }
        "exponential" => {
            known(&EXPONENTIAL)?;
            let Limits { min, max } = Limits::of(input)?;
            Box::new(exponential(input)?.capped(max).floored(min))
        }
        "exponential_jitter" => {
            known(&[&EXPONENTIAL[..], &["initial", "jitter"]].concat())?;
            if input.get("initial").is_some() && input.get("multiplier").is_some() {
                return Err(Fault::refused("both `initial` and `multiplier`"));
            }
            let Limits { min, max } = Limits::of(input)?;
            let jitter = Additive::new(input.duration("jitter")?.unwrap_or(Duration::from_secs(1)));
            Box::new(exponential(input)?.jittered(jitter).capped(max).floored(min))
        }
        "full_jitter" | "random_exponential" => {
            known(&EXPONENTIAL)?;
            let Limits { min, max } = Limits::of(input)?;
            Box::new(exponential(input)?.jittered(AtLeast(min)).capped(max))
        }
        "random" => {
            known(&["min", "max"])?;
            let min = input.duration("min")?.unwrap_or_default();
            let max = input.duration("max")?.unwrap_or(Duration::from_secs(1));
            Box::new(Constant::new(min).jittered(Additive::new(max.saturating_sub(min))))
        }
        "list_repeat_last" | "chain" => {
            known(&["waits"])?;
            chain(input)?
        }
        "combine" | "sum" => {
            known(&["waits"])?;
            Box::new(Sum(parts(input)?))
        }
        other => return Err(Fault::unreadable(format!("there is no wait `{other}`"))),
    })
}

const EXPONENTIAL: [&str; 5] = ["multiplier", "base", "exp_base", "min", "max"];

/// tenacity's greatest wait is beyond ours, and its least is 0 even where it is given as negative.
struct Limits {
    min: Duration,
    max: Duration,
}

impl Limits {
    fn of(input: Fields<'_>) -> Result<Self, Fault> {
        let min = input.amount("min")?.map_or(Duration::ZERO, |min| Unit::Seconds.duration(min));
        let max = input.amount("max")?.map_or(GREATEST, |max| Unit::Seconds.duration(max));
        Ok(Self { min, max: max.max(min) })
    }
}

/// `multiplier * base^(attempt - 1)` seconds.
fn exponential(input: Fields<'_>) -> Result<Exponential, Fault> {
    let multiplier = input.number("multiplier")?.or(input.number("initial")?).unwrap_or(1.0);
    let base = input.number("base")?.or(input.number("exp_base")?).unwrap_or(2.0);
    Ok(Exponential::new(Unit::Seconds.duration(multiplier)).factor(ratio(base)?))
}

fn linear(input: Fields<'_>) -> Result<AnyBackoff, Fault> {
    let (start, step) = (input.amount("start")?.unwrap_or(0.0), input.amount("step")?.or(input.amount("increment")?));
    let (step, max) = (step.unwrap_or(100.0), Limits::of(input)?.max);
    if start >= 0.0 && step >= 0.0 {
        let linear = Linear::new(Unit::Seconds.duration(step)).starting_at(Unit::Seconds.duration(start));
        return Ok(Box::new(linear.capped(max)));
    }
    Ok(Box::new(Signed { start, step }.capped(max)))
}

/// A line that begins below zero or falls: the engine's only rise.
struct Signed {
    start: f64,
    step: f64,
}

impl Backoff for Signed {
    fn delay(&self, failure: &Failure, _: &mut dyn Entropy) -> Option<Duration> {
        Some(Unit::Seconds.duration(self.start + self.step * f64::from(failure.count() - 1)))
    }
    fn needs_time(&self) -> bool {
        false
    }
}

/// Uniform from the least wait to the delay.
struct AtLeast(Duration);

impl Jitter for AtLeast {
    fn apply(&self, delay: Duration, cap: Duration, rng: &mut dyn Entropy) -> Duration {
        self.0 + Full.apply(delay.min(cap).saturating_sub(self.0), Duration::MAX, rng)
    }
}

fn chain(input: Fields<'_>) -> Result<AnyBackoff, Fault> {
    let waits = input.need_list("waits")?;
    let fixed: Option<Vec<_>> = waits.iter().map(|wait| duration(wait, Unit::Seconds)).collect();
    match fixed {
        Some(fixed) => Ok(Box::new(Staggered::new(fixed)?.last_repeats())),
        None => Ok(Box::new(Chain(parts(input)?))),
    }
}

/// The strategies in `waits`; a number is a fixed one.
fn parts(input: Fields<'_>) -> Result<Vec<AnyBackoff>, Fault> {
    let part = |wait: &Value| -> Result<AnyBackoff, Fault> {
        match duration(wait, Unit::Seconds) {
            Some(fixed) => Ok(Box::new(Constant::new(fixed))),
            None => of(input.within(wait)),
        }
    };
    input.need_list("waits")?.iter().map(part).collect()
}

/// Each strategy for one attempt, the last for all others; each knows the attempt's own number.
struct Chain(Vec<AnyBackoff>);

impl Backoff for Chain {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        let at = usize::try_from(failure.count() - 1).unwrap_or(usize::MAX);
        self.0.get(at).or_else(|| self.0.last())?.delay(failure, rng)
    }
    fn needs_time(&self) -> bool {
        false
    }
}

/// All strategies' waits together.
struct Sum(Vec<AnyBackoff>);

impl Backoff for Sum {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.0.iter().try_fold(Duration::ZERO, |sum, wait| Some(sum.saturating_add(wait.delay(failure, rng)?)))
    }
    fn needs_time(&self) -> bool {
        false
    }
}
