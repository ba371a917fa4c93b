//! The whole of it, as the engine's pacer has it: with the constants of the SDKs, and no others.

use std::time::Duration;

use retry_core::{Class, Cubic, Pacer as _, Time};
use serde_json::Value;

use super::{at, is_throttled};
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::measures;

/// The constants of the SDKs.
const CONSTANTS: [(&str, f64); 6] = [
    ("beta", 0.7),
    ("scale_constant", 0.4),
    ("smooth", 0.8),
    ("min_fill_rate", 0.5),
    ("min_capacity", 1.0),
    ("bucket_s", 0.5),
];

pub(super) fn told(pacer: &Cubic, throttled: bool, now: Time) {
    match throttled {
        true => pacer.failed(Class::Throttled, now),
        false => pacer.succeeded(now),
    }
}

pub(super) fn figure(pacer: &Cubic, name: &str) -> Option<Value> {
    Some(match name {
        "fill_rate" => pacer.rate().into(),
        "measured_tx_rate" | "measured_rate" => pacer.measured().into(),
        "capacity" | "current_capacity" => pacer.tokens().into(),
        "enabled" => pacer.is_engaged().into(),
        _ => return None,
    })
}

pub(super) fn rates(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&["beta", "scale_constant", "smooth", "min_fill_rate", "min_capacity", "bucket_s", "start_time"])?;
    for (key, constant) in CONSTANTS {
        if given.number(key)?.is_some_and(|value| value.to_bits() != constant.to_bits()) {
            return Err(Fault::unreadable(format!("the engine's `{key}` is {constant}, as in every SDK")));
        }
    }
    let pacer = Cubic::new(at(given, "start_time")?);
    for step in case.all().need_list("steps")? {
        let step = case.all().within(step);
        step.only(&["response", "t", "expect"])?;
        told(&pacer, is_throttled(step)?, at(step, "t")?);
        measures::check(case, step.object("expect"), |name| figure(&pacer, name))?;
    }
    Ok(())
}

/// Nobody is paced before something was throttled.
pub(super) fn enabled(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["events"])?;
    let (pacer, mut now) = (Cubic::new(Time::default()), Time::default());
    for event in input.need_list("events")? {
        now = now.after(Duration::from_secs(1));
        match event.as_str() {
            Some("throttle") => pacer.failed(Class::Throttled, now),
            Some("success") => pacer.succeeded(now),
            Some("error" | "failure") => pacer.failed(Class::Transient, now),
            _ => return Err(Fault::unreadable(format!("there is no event {event}"))),
        }
    }
    // The one token that there may be is taken by the first; a bucket that is not asked has any number.
    let waits = (0..2).any(|_| pacer.acquire(now).is_err());
    same(pacer.is_engaged(), waits)?;
    let expected = case.all().object("expect");
    measures::check(case, expected, |name| (name == "bucket_consulted").then(|| waits.into()))
}

/// Many tasks that were throttled together try again round by round; whoever gets a token succeeds.
pub(super) fn scenario(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&["tasks", "throttles_each_0_001s", "rounds", "round_step"])?;
    let (tasks, throttles) = (given.need_whole("tasks")?, given.whole("throttles_each_0_001s")?.unwrap_or(0));
    let step = given.need_duration("round_step")?;
    let (pacer, mut now) = (Cubic::new(Time::default()), Time::default());
    for _ in 0..throttles {
        pacer.failed(Class::Throttled, now);
        now = now.after(Duration::from_millis(1));
    }
    let mut seen = Seen { rate: pacer.rate(), acquired: 0, least: pacer.tokens() };
    for _ in 0..given.need_whole("rounds")? {
        now = now.after(step);
        for _ in 0..tasks {
            if pacer.acquire(now).is_ok() {
                seen.acquired += 1;
                pacer.succeeded(now);
            }
            seen.least = seen.least.min(pacer.tokens());
        }
    }
    seen.check(case, &pacer, case.all().object("expect"))
}

struct Seen {
    /// After the throttles.
    rate: f64,
    acquired: u64,
    /// The fewest tokens at any time.
    least: f64,
}

impl Seen {
    fn check(&self, case: &Case, pacer: &Cubic, expected: Fields<'_>) -> Outcome {
        measures::check(case, expected, |name| match name {
            "fill_rate_after_throttles" => Some(self.rate.into()),
            "total_acquired" => Some(self.acquired.into()),
            "capacity" => Some(self.least.into()),
            _ => figure(pacer, name),
        })
    }
}
