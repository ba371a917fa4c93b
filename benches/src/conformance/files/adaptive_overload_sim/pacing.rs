//! Twenty workers and a provider that limits them.

use std::time::Duration;

use retry_core::simulate::{Fleet, Scenario, Summary};
use retry_core::{Additive, Law, Policy};

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

const SEEDS: u64 = 5;

pub(super) fn run(case: &Case) -> Outcome {
    let all = case.all();
    let scenario = scenario(all.need_text("scenario")?)?;
    let policy = policy(all.need_text("policy")?)?;
    let fleet = Fleet::of(|_| policy.clone());
    let summary: Summary =
        (1..=SEEDS).map(|seed| scenario.run(&fleet, seed)).collect::<Result<_, _>>().map_err(Fault::refused)?;

    let drained: Option<Vec<f64>> =
        summary.drained().iter().map(|drained| drained.map(|drained| drained.as_secs_f64())).collect();
    match (all.number("drain_s")?, drained) {
        (None, None) => {}
        (Some(expected), Some(drained)) => near("drain_s", expected, super::mean(&drained), 0.2)?,
        (expected, got) => return Err(Fault::differs(format!("drain_s {expected:?}"), format!("{got:?}"))),
    }
    // A few refusals more or less are chance.
    let refused = summary.throttled();
    let expected = all.need_number("reject_ratio")?;
    if (refused - expected).abs() > 0.005 + 0.3 * expected {
        return Err(Fault::differs(format!("reject_ratio {expected}"), format!("{refused:.4}")));
    }
    Ok(())
}

fn near(what: &str, expected: f64, got: f64, relative: f64) -> Outcome {
    if (got - expected).abs() <= relative * expected {
        return Ok(());
    }
    Err(Fault::differs(format!("{what} {expected}"), format!("{got:.1}")))
}

fn scenario(label: &str) -> Result<Scenario, Fault> {
    let name = match label.split_whitespace().next().unwrap_or_default() {
        "P1" => "rate-limit",
        "P2" => "rate-cut",
        "P3" => "rate-ban",
        _ => return Err(Fault::unreadable(format!("no provider begins as `{label}` does"))),
    };
    Scenario::named(name).pop().ok_or_else(|| Fault::unreadable(format!("no scenario is called {name}")))
}

fn policy(label: &str) -> Result<Policy, Fault> {
    let second = Duration::from_secs(1);
    Ok(match label {
        "none" => Policy::constant(Duration::ZERO),
        "expo" => Policy::exponential(second, 60 * second).jitter(Law::FULL),
        // 300 s and up to a fifth more.
        "fixed300" => Policy::constant(300 * second).jitter(Law::from(Additive::new(60 * second))),
        _ => return Err(Fault::NotBuilt("pacing")),
    })
}
