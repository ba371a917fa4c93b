//! A peer's schedule as one line of the text form, as its user would write it down.
//!
//! A cap is set apart, by the builder: peers allow one below the first delay, which a line with both would rightly refuse.

use std::str::FromStr;
use std::time::Duration;

use retry_core::{ParseError, Policy, Schedule};

use super::fault::Fault;
use super::quantity::{millionths, ratio};

/// The policy of a line.
pub(crate) fn policy(line: &str) -> Result<Policy, Fault> {
    read(line)
}

/// The schedule of a line, to be combined with others.
pub(crate) fn schedule(line: &str) -> Result<Schedule, Fault> {
    read(line)
}

fn read<T: FromStr<Err = ParseError>>(line: &str) -> Result<T, Fault> {
    line.parse().map_err(|error| Fault::refused(format!("`{line}`: {error}")))
}

/// A duration, to the nanosecond.
pub(crate) fn time(duration: Duration) -> String {
    format!("{}ns", duration.as_nanos())
}

/// A factor, as in `exp 1s x3/2`.
pub(crate) fn factor(factor: f64) -> Result<String, Fault> {
    let ratio = ratio(factor)?;
    Ok(format!("x{}/{}", ratio.times(), ratio.per()))
}

/// A proportion to both sides, as in `+-12.5%`; nothing for 0.
pub(crate) fn plus_minus(proportion: f64) -> Result<String, Fault> {
    Ok(match millionths(proportion)? {
        0 => "none".into(),
        millionths => format!("+-{}.{:04}%", millionths / 10_000, millionths % 10_000),
    })
}
