//! Expectations of several figures by name.

use serde_json::Value;

use super::case::Case;
use super::fault::{Fault, Outcome, same};
use super::fields::Fields;

/// Checks every key of `expected`: a figure's name, or its name with `_ge`, `_gt`, `_le` or `_lt`. `measured` knows the figures;
/// one that nobody measures fails.
pub(crate) fn check(case: &Case, expected: Fields<'_>, mut measured: impl FnMut(&str) -> Option<Value>) -> Outcome {
    for key in expected.keys() {
        let expected = expected.need(key)?;
        if let Some(got) = measured(key) {
            equal(case, key, expected, &got)?;
            continue;
        }
        let compared = key.rsplit_once('_').and_then(|(name, relation)| Some((measured(name)?.as_f64()?, relation)));
        let (Some((got, relation)), Some(bound)) = (compared, expected.as_f64()) else {
            return Err(Fault::unreadable(format!("nothing measures `{key}`")));
        };
        let slack = case.tolerance(bound)?;
        let holds = match relation {
            "ge" => got >= bound - slack,
            "gt" => got > bound,
            "le" => got <= bound + slack,
            "lt" => got < bound,
            _ => return Err(Fault::unreadable(format!("nothing measures `{key}`"))),
        };
        if !holds {
            return Err(Fault::differs(format!("{key} {bound}"), got));
        }
    }
    Ok(())
}

/// Numbers by the case's tolerance and a nanosecond, all else as it is written.
pub(crate) fn equal(case: &Case, key: &str, expected: &Value, got: &Value) -> Outcome {
    match (expected.as_f64(), got.as_f64()) {
        (Some(number), Some(value)) if (number - value).abs() <= case.tolerance(number)? + 1e-9 => Ok(()),
        _ => same((key, expected), (key, got)),
    }
}
