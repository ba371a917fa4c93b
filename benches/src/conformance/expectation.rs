//! What a case expects of one delay.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::case::Case;
use super::fault::{Fault, Outcome};
use super::fields::Fields;
use super::unit::{GREATEST, Unit};

/// What a case expects of a delay.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expectation {
    what: What,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    /// This delay.
    Exactly(f64),
    /// As long as a delay can be.
    Greatest,
    /// Between these.
    Within(Bounds),
    /// No delay: the schedule, the attempts or the time are over.
    Stop,
}

/// Bounds, each of which may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bounds {
    above: Option<f64>,
    at_least: Option<f64>,
    below: Option<f64>,
    at_most: Option<f64>,
}

impl Expectation {
    /// From `expect`, `expect_range` or `expect_range_halfopen`, in the file's unit.
    pub(crate) fn of(case: &Case) -> Result<Self, Fault> {
        let all = case.all();
        let within = |bounds| Self { what: What::Within(bounds), unit: case.unit };
        if let Some(range) = all.get("expect_range") {
            return Ok(within(Bounds::closed(range)?));
        }
        if let Some(range) = all.get("expect_range_halfopen") {
            let Bounds { at_least, at_most: below, .. } = Bounds::closed(range)?;
            return Ok(within(Bounds { at_least, below, ..Bounds::default() }));
        }
        Self::read(case.expect()?, case.unit)
    }

    /// From a value: a number, a word, or bounds, in `unit`.
    pub(crate) fn read(value: &Value, unit: Unit) -> Result<Self, Fault> {
        let bounds = Fields::of(value, unit);
        let what = match value {
            Value::Null => What::Stop,
            Value::Number(number) => number.as_f64().map(What::Exactly).ok_or_else(|| unknown(value))?,
            Value::String(word) if word == "DURATION_MAX" => What::Greatest,
            Value::String(word) if ["done", "stop"].contains(&word.to_ascii_lowercase().as_str()) => What::Stop,
            Value::Array(_) => What::Within(Bounds::closed(value)?),
            Value::Object(_) if bounds.only(&["gt", "ge", "lt", "le"]).is_ok() => What::Within(Bounds {
                above: bounds.number("gt")?,
                at_least: bounds.number("ge")?,
                below: bounds.number("lt")?,
                at_most: bounds.number("le")?,
            }),
            _ => return Err(unknown(value)),
        };
        Ok(Self { what, unit })
    }

    /// With its bounds closed: for draws at the ends of their range, which a random source gives once in 2^64. Ours reach the ends.
    pub(crate) fn closed(&self) -> Self {
        let what = match self.what {
            What::Within(Bounds { above, at_least, below, at_most }) => {
                let (at_least, at_most) = (at_least.or(above), at_most.or(below));
                What::Within(Bounds { at_least, at_most, ..Bounds::default() })
            }
            what => what,
        };
        Self { what, ..*self }
    }

    /// Passes if `got` is it.
    pub(crate) fn check(&self, case: &Case, got: Option<Duration>) -> Outcome {
        let slack = |bound: f64| -> Result<f64, Fault> { Ok(case.tolerance(bound)? + self.unit.tick()) };
        let passes = match (&self.what, got.map(|delay| self.unit.count(delay))) {
            (What::Stop, None) => true,
            (What::Stop, Some(_)) | (_, None) => false,
            (What::Greatest, Some(_)) => got == Some(GREATEST),
            (What::Exactly(expected), Some(delay)) => (delay - expected).abs() <= slack(*expected)?,
            (What::Within(bounds), Some(delay)) => bounds.hold(delay, slack)?,
        };
        let shown = |delay: Duration| self.unit.count(delay).to_string();
        if passes { Ok(()) } else { Err(Fault::differs(self.what, got.map_or_else(|| "no delay".into(), shown))) }
    }
}

impl Bounds {
    /// From a list of two numbers.
    fn closed(range: &Value) -> Result<Self, Fault> {
        match range.as_array().map(Vec::as_slice) {
            Some([least, most]) if least.is_number() && most.is_number() => {
                Ok(Self { at_least: least.as_f64(), at_most: most.as_f64(), ..Self::default() })
            }
            _ => Err(Fault::unreadable(format!("{range} is no range of two numbers"))),
        }
    }

    fn hold(&self, value: f64, slack: impl Fn(f64) -> Result<f64, Fault>) -> Result<bool, Fault> {
        let slack = |bound: Option<f64>| bound.map_or(Ok(0.0), &slack);
        let (below, least, most) = (slack(self.below)?, slack(self.at_least)?, slack(self.at_most)?);
        Ok(self.above.is_none_or(|bound| value > bound)
            && self.below.is_none_or(|bound| value < bound + below)
            && self.at_least.is_none_or(|bound| value >= bound - least)
            && self.at_most.is_none_or(|bound| value <= bound + most))
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(delay) => delay.fmt(f),
            Self::Greatest => f.write_str("the greatest delay"),
            Self::Stop => f.write_str("no delay"),
            Self::Within(bounds) => bounds.fmt(f),
        }
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signs = [(">", self.above), (">=", self.at_least), ("<", self.below), ("<=", self.at_most)];
        let shown = signs.into_iter().filter_map(|(sign, bound)| bound.map(|bound| format!("{sign} {bound}")));
        f.write_str(&shown.collect::<Vec<_>>().join(" and "))
    }
}

fn unknown(value: &Value) -> Fault {
    Fault::unreadable(format!("the runner does not know what to expect by {value}"))
}
