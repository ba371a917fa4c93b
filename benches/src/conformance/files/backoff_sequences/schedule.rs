//! A schedule that a case writes as a tree, put together from the engine's building blocks.

use std::time::Duration;

use retry_core::{Backoff, Constant, Entropy, Exponential, Failure, Linear, Staggered};

use crate::conformance::expression::{Expression, Value};
use crate::conformance::fault::Fault;
use crate::conformance::fields::Fields;
use crate::conformance::quantity::ratio;
use crate::conformance::runs::{AnyBackoff, failure};
use crate::conformance::unit::Unit;

/// The schedule of an object with a `type`.
pub(super) fn of(spec: Fields<'_>) -> Result<AnyBackoff, Fault> {
    let name = spec.need_text("type")?;
    let known = |keys: &[&str]| spec.only(&[keys, &["type", "max", "n"]].concat());
    let schedule: AnyBackoff = match name {
        "constant" => {
            known(&["ms"])?;
            Box::new(Constant::new(spec.need_duration("ms")?))
        }
        "linear" => {
            known(&["start", "step"])?;
            Box::new(Linear::new(spec.need_duration("step")?).starting_at(spec.need_duration("start")?))
        }
        "exponential" => {
            known(&["start", "mult"])?;
            let factor = ratio(spec.number("mult")?.unwrap_or(2.0))?;
            Box::new(Exponential::new(spec.need_duration("start")?).factor(factor))
        }
        "exponential_trunc_ms_each_step" => {
            known(&["start", "mult"])?;
            let step = Step::Truncated(spec.number("mult")?.unwrap_or(2.0));
            Box::new(Iterated { first: Some(spec.need_number("start")?), step, unit: Unit::Milliseconds })
        }
        "fn" => {
            known(&["start", "state0", "step"])?;
            Box::new(function(spec)?)
        }
        "list" => {
            known(&["ms", "repeat_last"])?;
            list(spec)?
        }
        "empty" => {
            known(&[])?;
            Box::new(Staggered::from_static(&[]))
        }
        "take" => {
            known(&["of"])?;
            return Ok(Box::new(of(spec.object("of"))?.take(spec.need_count("n")?)));
        }
        "take_until" => {
            known(&["of", "total"])?;
            Box::new(Until { inner: of(spec.object("of"))?, total: spec.need_duration("total")? })
        }
        "concat" => {
            known(&["parts"])?;
            let mut all: AnyBackoff = Box::new(Staggered::from_static(&[]));
            for part in spec.need_list("parts")? {
                all = Box::new(all.then(of(spec.within(part))?));
            }
            all
        }
        _ => return Err(Fault::unreadable(format!("there is no schedule `{name}`"))),
    };
    let schedule = match spec.duration("max")? {
        Some(max) => Box::new(schedule.capped(max)),
        None => schedule,
    };
    Ok(match spec.count("n")? {
        Some(n) => Box::new(schedule.take(n)),
        None => schedule,
    })
}

/// A second, doubling.
pub(super) fn node_retry_default() -> Exponential {
    Exponential::new(Duration::from_secs(1))
}

fn list(spec: Fields<'_>) -> Result<AnyBackoff, Fault> {
    let delays = spec.durations("ms")?.unwrap_or_default();
    if delays.is_empty() {
        return Ok(Box::new(Staggered::from_static(&[])));
    }
    let list = Staggered::new(delays)?;
    Ok(Box::new(if spec.flag("repeat_last")? { list.last_repeats() } else { list }))
}

/// `start`, and then what `step` makes of it again and again; or from `state0`, which itself is no delay.
fn function(spec: Fields<'_>) -> Result<Iterated, Fault> {
    let step = Expression::parse(spec.text("step")?.unwrap_or("null")).map_err(Fault::Unreadable)?;
    let (start, state) = (spec.number("start")?, spec.number("state0")?);
    let step = Step::Formula(step);
    // Without either it ends at once.
    let first = start.or_else(|| step.after(state?));
    Ok(Iterated { first, step, unit: Unit::Milliseconds })
}

/// A schedule that is a step repeated: what a user of the engine writes for a schedule of their own.
struct Iterated {
    first: Option<f64>,
    step: Step,
    unit: Unit,
}

enum Step {
    Formula(Expression),
    /// Multiplied, and cut to a whole number each time, as Java does in `long *= double`.
    Truncated(f64),
}

impl Step {
    fn after(&self, value: f64) -> Option<f64> {
        let names = |name: &str| match name {
            "x" | "n" | "state" | "delay" | "prev" | "previous" | "value" => Value::Number(value),
            _ => Value::Null,
        };
        match self {
            Self::Formula(formula) => formula.value(&names).number(),
            Self::Truncated(factor) => Some((value * factor).floor()),
        }
    }
}

impl Backoff for Iterated {
    fn delay(&self, failure: &Failure, _: &mut dyn Entropy) -> Option<Duration> {
        let mut value = self.first?;
        for _ in 1..failure.count() {
            value = self.step.after(value)?;
        }
        (value >= 0.0).then(|| self.unit.duration(value))
    }
    fn needs_time(&self) -> bool {
        false
    }
}

/// Finagle's `takeUntil`: ends once its delays so far come to `total`. By its own delays, and not by the time slept, since another
/// schedule may have been before it.
struct Until {
    inner: AnyBackoff,
    total: Duration,
}

impl Until {
    /// How many delays it has, if no more than `most`.
    fn length(&self, most: u32, rng: &mut dyn Entropy) -> Option<u32> {
        let mut sum = Duration::ZERO;
        for n in 0..most {
            if sum >= self.total {
                return Some(n);
            }
            match self.inner.delay(&failure(u64::from(n) + 1), rng) {
                Some(delay) => sum = sum.saturating_add(delay),
                None => return Some(n),
            }
        }
        None
    }
}

impl Backoff for Until {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        match self.length(failure.count(), rng) {
            Some(_) => None,
            None => self.inner.delay(failure, rng),
        }
    }
    fn needs_time(&self) -> bool {
        false
    }
    fn ends_after(&self) -> Option<u32> {
        const LONG: u32 = 10_000;
        self.length(LONG, &mut retry_core::Seeded::new(0))
    }
}
