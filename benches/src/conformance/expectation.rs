//! What a case expects of one delay.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::case::Case;
use super::fault::{Fault, Outcome};
use super::fields::Fields;
use super::unit::GREATEST;

/// What a case expects of a delay, in the file's unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expectation {
    /// This delay.
    Exactly(f64),
    /// As long as a delay can be.
    Greatest,
    /// Between these. Ours are closed at both ends, to the nanosecond.
    Within(Bounds),
    /// No delay: the schedule, the attempts or the time are over.
    Stop,
}

/// Bounds, each of which may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bounds {
    above: Option<f64>,
    at_least: Option<f64>,
    below: Option<f64>,
    at_most: Option<f64>,
}

impl Expectation {
    /// From `expect`, `expect_range` or `expect_range_halfopen`.
    pub(crate) fn of(case: &Case) -> Result<Self, Fault> {
        let all = case.all();
        if let Some(range) = all.get("expect_range") {
            return Ok(Self::Within(Bounds::closed(range)?));
        }
        if let Some(range) = all.get("expect_range_halfopen") {
            let Bounds { at_least, at_most: below, .. } = Bounds::closed(range)?;
            return Ok(Self::Within(Bounds { at_least, below, ..Bounds::default() }));
        }
        Self::read(case.expect()?, all)
    }

    /// From a value: a number, a word, or bounds.
    pub(crate) fn read(value: &Value, all: Fields<'_>) -> Result<Self, Fault> {
        let bounds = all.within(value);
        match value {
            Value::Null => Ok(Self::Stop),
            Value::Number(number) => number.as_f64().map(Self::Exactly).ok_or_else(|| unknown(value)),
            Value::String(word) if word == "DURATION_MAX" => Ok(Self::Greatest),
            Value::String(word) if ["done", "stop"].contains(&word.to_ascii_lowercase().as_str()) => Ok(Self::Stop),
            Value::Array(_) => Ok(Self::Within(Bounds::closed(value)?)),
            Value::Object(_) if bounds.only(&["gt", "ge", "lt", "le"]).is_ok() => Ok(Self::Within(Bounds {
                above: bounds.number("gt")?,
                at_least: bounds.number("ge")?,
                below: bounds.number("lt")?,
                at_most: bounds.number("le")?,
            })),
            _ => Err(unknown(value)),
        }
    }

    /// Passes if `got` is it.
    pub(crate) fn check(&self, case: &Case, got: Option<Duration>) -> Outcome {
        let passes = match (self, got) {
            (Self::Stop, None) => true,
            (Self::Stop, Some(_)) | (_, None) => false,
            (Self::Greatest, Some(delay)) => delay == GREATEST,
            (Self::Exactly(expected), Some(delay)) => {
                (case.unit.count(delay) - expected).abs() <= case.tolerance(*expected)?
            }
            (Self::Within(bounds), Some(delay)) => bounds.hold(case, case.unit.count(delay))?,
        };
        let shown = |delay: Duration| case.unit.count(delay).to_string();
        if passes { Ok(()) } else { Err(Fault::differs(self, got.map_or_else(|| "no delay".into(), shown))) }
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

    fn hold(&self, case: &Case, value: f64) -> Result<bool, Fault> {
        let slack = |bound: Option<f64>| bound.map_or(Ok(0.0), |bound| case.tolerance(bound));
        Ok(self.above.is_none_or(|bound| value > bound)
            && self.below.is_none_or(|bound| value < bound + slack(self.below).unwrap_or(0.0))
            && self.at_least.is_none_or(|bound| value >= bound - slack(self.at_least).unwrap_or(0.0))
            && self.at_most.is_none_or(|bound| value <= bound + slack(self.at_most).unwrap_or(0.0)))
    }
}

impl fmt::Display for Expectation {
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
