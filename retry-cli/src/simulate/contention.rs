//! The scenario that is none of a service.

use std::io::{self, Write as _};

use retry_core::simulate::{Contention, Mean};
use serde_json::json;

use super::pace::Pace;
use super::report;
use super::spec::Spec;
use crate::exit::{Exit, Failure};

/// The article's.
pub(super) const DEFAULTS: &[(&str, &[Pace])] = &[
    ("const 0s", &[Pace::None]),
    ("exp 10ms..2s", &[Pace::None]),
    ("exp 10ms..2s equal", &[Pace::None]),
    ("exp 10ms..2s full", &[Pace::None]),
    ("decorrelated 5ms..2s", &[Pace::None]),
];

/// Clients of the scenario.
const CLIENTS: u32 = 100;

pub(super) fn run(specs: &[Spec], seeds: u32, as_json: bool) -> Result<(), Failure> {
    let contention = Contention::new().clients(CLIENTS);
    let mut rows = Vec::new();
    for spec in specs {
        if spec.pace != Pace::None || spec.breaker.is_some() {
            let line = "nobody is throttled or fails in contention; leave out --pace and --breaker";
            return Err(Failure::new(Exit::Usage, line));
        }
        if spec.budget().is_some() {
            let line = format!("a budget has no meaning for contention; leave it out of '{}'", spec.text);
            return Err(Failure::new(Exit::Usage, line));
        }
        let trials = contention
            .trials(&*spec.policy(), seeds, 1)
            .map_err(|error| Failure::new(Exit::Usage, format!("cannot simulate '{}': {error}", spec.text)))?;
        if as_json {
            let success = trials.success.mean;
            let object = json!({
                "scenario": Contention::NAME,
                "policy": spec.text,
                "seeds": seeds,
                "recovery_s": vec![None::<f64>; seeds as usize],
                "success": success,
                "success_after": success,
                "amplification": trials.calls.mean / f64::from(CLIENTS),
                "calls": { "mean": trials.calls.mean, "standard_error": trials.calls.error },
                "completion_s": { "mean": trials.took.mean, "standard_error": trials.took.error },
            });
            let _ = writeln!(io::stdout(), "{object}");
        } else {
            rows.push(vec![spec.text.clone(), plus_minus(trials.calls, 0), plus_minus(trials.took, 2)]);
        }
    }
    if !as_json {
        report::print(&["policy", "calls", "all done after s"], &rows);
    }
    Ok(())
}

/// A mean with its standard error.
fn plus_minus(mean: Mean, places: usize) -> String {
    format!("{:.places$} ± {:.places$}", mean.mean, mean.error)
}
