//! Failsafe (Java): jitter arithmetic, configuration, composition.

use std::time::Duration;

use retry_core::{Additive, Backoff as _, Constant, Jitter as _, Policy};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::expectation::Expectation;
use crate::conformance::fault::{Fault, Outcome, refusal, same};
use crate::conformance::quantity::plus_minus;
use crate::conformance::runs;
use crate::conformance::unit::{GREATEST, Unit};

mod composition;
mod settings;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "random_in_range" => random_in_range(case),
        "jitter_factor" => jitter_factor(case),
        "jitter_duration" => jitter_duration(case),
        "config_error" => refusal(true, settings::of(case.input())),
        "config_ok" => refusal(false, settings::of(case.input())),
        "max_attempts_from_max_retries" => max_attempts(case),
        "composition" => composition::run(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// Delays of these tests are whole numbers of some unit, and so are the results: the rest is dropped.
const UNIT: Unit = Unit::Milliseconds;

fn check_whole(case: &Case, got: Option<Duration>) -> Outcome {
    Expectation::read(case.expect()?, UNIT)?.check(case, got.map(|delay| UNIT.floor(delay)))
}

/// Its jitter goes down where the draw goes up.
fn inverted(case: &Case) -> Result<draws::Draw, Fault> {
    Ok(draws::always(1.0 - case.input().need_number("random")?))
}

fn random_in_range(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["min", "max", "random"])?;
    let (min, max) = (UNIT.whole(input.need_whole("min")?), UNIT.whole(input.need_whole("max")?));
    let range = max.checked_sub(min).ok_or_else(|| Fault::refused("a least delay above the greatest"))?;
    let schedule = Constant::new(min).jittered(Additive::new(range));
    check_whole(case, schedule.delay(&runs::failure(1), &mut draws::always(input.need_number("random")?)))
}

fn jitter_factor(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["delay", "factor", "random"])?;
    let law = plus_minus(input.need_number("factor")?)?;
    check_whole(case, Some(law.apply(UNIT.whole(input.need_whole("delay")?), GREATEST, &mut inverted(case)?)))
}

fn jitter_duration(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["delay", "jitter", "random"])?;
    let law = Additive::around(UNIT.whole(input.need_whole("jitter")?));
    check_whole(case, Some(law.apply(UNIT.whole(input.need_whole("delay")?), GREATEST, &mut inverted(case)?)))
}

fn max_attempts(case: &Case) -> Outcome {
    let policy = settings::limited(Policy::constant(Duration::ZERO), case.input().need_integer("max_retries")?)?;
    let attempts = policy.max_attempts().map_or_else(|| Value::from("unlimited"), |attempts| attempts.get().into());
    same(case.expect()?, &attempts)
}
