//! Oban: `15 + 2^attempt` seconds and up to a tenth more, where more than 20 attempts are scaled to 20; and its building blocks.

use std::time::Duration;

use retry_core::{Backoff, Constant, Exponential, Jitter as _, Proportional};

use super::{Both, Seconds};
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::quantity::millionths;
use crate::conformance::runs::{self, check_delay};
use crate::conformance::unit::{GREATEST, Unit};

/// The most attempts that are not scaled.
const SCALE: u64 = 20;

/// `pad + mult * 2^attempt`, with an exponent of at most `max_pow`. The exponent counts from 0, and so does the attempt here.
fn padded(pad: Duration, mult: Duration, max_pow: u32) -> impl Backoff {
    let most = Exponential::new(mult);
    let most = most.delay(&runs::failure(u64::from(max_pow) + 1), &mut retry_core::Seeded::new(0));
    Both(Constant::new(pad), Exponential::new(mult).capped(most.unwrap_or(GREATEST)))
}

/// The delay of a worker that says nothing else.
pub(super) fn delay(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["attempt", "max_attempts", "random"])?;
    let (attempt, most) = (input.need_whole("attempt")?, input.whole("max_attempts")?.unwrap_or(SCALE));
    let attempt = if most <= SCALE {
        attempt
    } else {
        // To the nearest, halves up.
        (attempt.saturating_mul(2 * SCALE) + most) / (2 * most)
    };
    const SECOND: Duration = Duration::from_secs(1);
    let schedule = Seconds(padded(15 * SECOND, SECOND, 100).jittered(Proportional::later(10)?));
    let failure = runs::failure(attempt.saturating_add(1));
    check_delay(case, |draw| schedule.delay(&failure, draw))
}

pub(super) fn exponential(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["attempt", "mult", "min_pad", "max_pow"])?;
    let pad = input.duration("min_pad")?.unwrap_or_default();
    let mult = input.duration("mult")?.unwrap_or(Duration::from_secs(1));
    let schedule = padded(pad, mult, input.count("max_pow")?.unwrap_or(10));
    let failure = runs::failure(input.need_whole("attempt")?.saturating_add(1));
    check_delay(case, |draw| schedule.delay(&failure, draw))
}

/// A time spread by a proportion: later, sooner, or both.
pub(super) fn jitter(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["time", "mode", "mult", "random"])?;
    let proportion = millionths(input.number("mult")?.unwrap_or(0.1))?;
    let law = match input.text("mode")?.unwrap_or("both") {
        "both" => Proportional::millionths(proportion),
        "inc" => Proportional::between(0, proportion),
        "dec" => Proportional::between(proportion, 0),
        other => return Err(Fault::unreadable(format!("there is no mode `{other}`"))),
    }?;
    let time = input.need_duration("time")?;
    check_delay(case, |draw| Some(Unit::Seconds.floor(law.apply(time, GREATEST, draw))))
}
