//! Twenty workers and a provider that limits them.

use std::time::Duration;

use retry_core::simulate::{Fleet, Scenario, Summary};
use retry_core::{Additive, Aimd, Cubic, Law, Policy, RetryPolicy, Time};

use super::textbook::Textbook;
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

const SEEDS: u64 = 10;
const SECOND: Duration = Duration::from_secs(1);
const EXPO: Policy = Policy::exponential(SECOND, Duration::from_secs(60)).jitter(Law::FULL);
const SOON: Policy = Policy::constant(SECOND).jitter(Law::FULL);
const GIVES_UP: f64 = 2000.0;

pub(super) fn run(case: &Case) -> Outcome {
    let all = case.all();
    let scenario = scenario(all.need_text("scenario")?)?;
    let label = all.need_text("policy")?;
    let summary = runs(&scenario, &fleet(label)?)?;

    // The cases give up a run after 2,000 s; whether the last message makes it is chance.
    let drained = times(&summary);
    match all.number("drain_s")? {
        Some(expected) => among(expected, &drained)?,
        None if drained.iter().any(|drained| *drained > GIVES_UP) => {}
        None => return Err(Fault::differs("drain_s null", format!("{drained:?}"))),
    }
    // A few refusals more or less are chance.
    let refused = summary.throttled();
    let expected = all.need_number("reject_ratio")?;
    if (refused - expected).abs() > 0.005 + 0.3 * expected {
        return Err(Fault::differs(format!("reject_ratio {expected}"), format!("{refused:.4}")));
    }
    match (ours(label), all.number("drain_s")?) {
        (Some(fleet), Some(expected)) => no_worse(expected, &times(&runs(&scenario, &fleet)?)),
        _ => Ok(()),
    }
}

/// Where the case has the law of the textbook, ours is to be as soon done, in each run.
fn no_worse(expected: f64, drained: &[f64]) -> Outcome {
    let most = drained.iter().copied().fold(0.0, f64::max);
    if drained.len() as u64 == SEEDS && most <= expected {
        return Ok(());
    }
    Err(Fault::differs(format!("at most drain_s {expected}, by Aimd"), format!("{drained:?}")))
}

fn runs(scenario: &Scenario, fleet: &Fleet<'_>) -> Result<Summary, Fault> {
    (1..=SEEDS).map(|seed| scenario.run(fleet, seed)).collect::<Result<_, _>>().map_err(Fault::refused)
}

fn times(summary: &Summary) -> Vec<f64> {
    summary.drained().iter().flatten().map(|drained| drained.as_secs_f64()).collect()
}

/// One run of theirs is among ours, or a tenth beside: how often the last few workers meet a ban is chance.
fn among(expected: f64, drained: &[f64]) -> Outcome {
    let least = drained.iter().copied().fold(f64::INFINITY, f64::min);
    let most = drained.iter().copied().fold(0.0, f64::max);
    if (0.9 * least..=1.1 * most).contains(&expected) {
        return Ok(());
    }
    Err(Fault::differs(format!("drain_s {expected}"), format!("{least:.1} to {most:.1}")))
}

fn scenario(label: &str) -> Result<Scenario, Fault> {
    let name = match label.split_whitespace().next().unwrap_or_default() {
        "P1" => "rate-limit",
        "P2" => "rate-cut",
        "P3" => "rate-ban",
        _ => return Err(Fault::unreadable(format!("no provider begins as `{label}` does"))),
    };
    let scenario = Scenario::named(name).pop().map(|scenario| scenario.duration(Duration::from_secs(20_000)));
    scenario.ok_or_else(|| Fault::unreadable(format!("no scenario is called {name}")))
}

/// All workers share the pacer.
fn fleet(label: &str) -> Result<Fleet<'static>, Fault> {
    // 300 s and up to a fifth more.
    let fixed = Policy::constant(300 * SECOND).jitter(Law::from(Additive::new(60 * SECOND)));
    Ok(match label {
        "none" => Fleet::of(|_| Policy::constant(Duration::ZERO)),
        "expo" => Fleet::of(|_| EXPO),
        "fixed300" => Fleet::of(move |_| fixed.clone()),
        "cubic" => Fleet::of(|_| EXPO.paced(Cubic::new(Time::default()))),
        "aimd" => Fleet::of(|_| EXPO.paced(Textbook::new())),
        "aimd_fast" => Fleet::of(|_| SOON.paced(Textbook::new())),
        _ => return Err(Fault::unreadable(format!("no policy is called `{label}`"))),
    })
}

/// The same sender with our law.
fn ours(label: &str) -> Option<Fleet<'static>> {
    match label {
        "aimd" => Some(Fleet::of(|_| EXPO.paced(Aimd::new(Time::default())))),
        "aimd_fast" => Some(Fleet::of(|_| SOON.paced(Aimd::new(Time::default())))),
        _ => None,
    }
}
