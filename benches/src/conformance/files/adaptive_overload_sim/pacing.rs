//! Twenty workers and a provider that limits them.

use std::time::Duration;

use retry_core::simulate::{Fleet, Scenario, Summary};
use retry_core::{Additive, Aimd, Cubic, Law, Policy, RetryPolicy, Time};

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

const SEEDS: u64 = 10;
const GIVES_UP: f64 = 2000.0;

pub(super) fn run(case: &Case) -> Outcome {
    let all = case.all();
    let scenario = scenario(all.need_text("scenario")?)?;
    let fleet = fleet(all.need_text("policy")?)?;
    let summary: Summary =
        (1..=SEEDS).map(|seed| scenario.run(&fleet, seed)).collect::<Result<_, _>>().map_err(Fault::refused)?;

    // The cases give up a run after 2,000 s; whether the last message makes it is chance.
    let drained: Vec<f64> = summary.drained().iter().flatten().map(|drained| drained.as_secs_f64()).collect();
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
    Ok(())
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
    let second = Duration::from_secs(1);
    let expo = Policy::exponential(second, 60 * second).jitter(Law::FULL);
    // 300 s and up to a fifth more.
    let fixed = Policy::constant(300 * second).jitter(Law::from(Additive::new(60 * second)));
    let soon = Policy::constant(second).jitter(Law::FULL);
    Ok(match label {
        "none" => Fleet::of(|_| Policy::constant(Duration::ZERO)),
        "expo" => Fleet::of(move |_| expo.clone()),
        "fixed300" => Fleet::of(move |_| fixed.clone()),
        "cubic" => Fleet::of(move |_| expo.clone().paced(Cubic::new(Time::default()))),
        "aimd" => Fleet::of(move |_| expo.clone().paced(Aimd::new(Time::default()))),
        "aimd_fast" => Fleet::of(move |_| soon.clone().paced(Aimd::new(Time::default()))),
        _ => return Err(Fault::unreadable(format!("no policy is called `{label}`"))),
    })
}
