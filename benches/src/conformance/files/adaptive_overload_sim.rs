//! Overload and pacing experiments: who recovers, and who does not. The cases come from another simulator with other random
//! numbers, so that they are compared as far as their sense goes.

use retry_core::simulate::{Bin, Report};

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::fields::Fields;

mod label;
mod pacing;
mod policy;
mod reserved;
mod setting;
mod textbook;

use policy::Named;
use setting::Setting;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "overload_sim" => overload(case, SEEDS, single),
        "overload_sim_multi" => overload(case, case.all().need_whole("seeds")?.clamp(1, 20), multi),
        "provider_pacing_sim" => pacing::run(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// Runs for a case of one.
const SEEDS: u64 = 5;

/// What our runs gave: one figure a run.
struct Found {
    recoveries: Vec<Option<f64>>,
    success: Vec<f64>,
    success_after: Vec<f64>,
    amplification: Vec<f64>,
    amplification_during: Vec<f64>,
}

fn overload(case: &Case, seeds: u64, check: fn(&Setting, Fields<'_>, &Found) -> Outcome) -> Outcome {
    let all = case.all();
    let setting = Setting::of(all)?;
    let named = Named::parse(all.need_text("policy")?)?;
    let scenario = setting.scenario().attempts(named.attempts());
    let fleet = named.fleet()?;
    let mut found = Found {
        recoveries: Vec::new(),
        success: Vec::new(),
        success_after: Vec::new(),
        amplification: Vec::new(),
        amplification_during: Vec::new(),
    };
    for seed in 1..=seeds {
        let report = scenario.run(&fleet, seed).map_err(Fault::refused)?;
        found.recoveries.push(report.recovery().map(|recovery| recovery.as_secs_f64()));
        found.success.push(report.success());
        found.success_after.push(goodput_after(&setting, &report));
        found.amplification.push(report.amplification());
        found.amplification_during.push(report.all().amplification_during());
    }
    check(&setting, all, &found)
}

fn single(setting: &Setting, case: Fields<'_>, found: &Found) -> Outcome {
    let recovery = case.number("recover_s")?;
    if setting.is_disturbed() {
        recovers("recover_s", if recovery.is_some() { 1.0 } else { 0.0 }, recovery, found)?;
        near("amp_during", case.need_number("amp_during")?, mean(&found.amplification_during), 0.08, 0.1)?;
        // How much fails depends on how long the recovery takes, and one run is one run.
        let slack = if recovery.is_some_and(|recovery| recovery > 15.0) { 0.2 } else { 0.06 };
        return near("success_after", case.need_number("success_after")?, mean(&found.success_after), slack, 0.0);
    }
    near("success", case.need_number("success")?, mean(&found.success), 0.015, 0.0)?;
    near("amplification", case.need_number("amplification")?, mean(&found.amplification), 0.02, 0.02)
}

fn multi(_: &Setting, case: Fields<'_>, found: &Found) -> Outcome {
    let recoveries: Vec<Option<f64>> = case.need_list("recover_s")?.iter().map(serde_json::Value::as_f64).collect();
    let there: Vec<f64> = recoveries.iter().copied().flatten().collect();
    let share = real(there.len()) / real(recoveries.len().max(1));
    recovers("recover_s", share, (!there.is_empty()).then(|| mean(&there)), found)?;
    near("amp_during_mean", case.need_number("amp_during_mean")?, mean(&found.amplification_during), 0.05, 0.05)?;
    near("success_after_mean", case.need_number("success_after_mean")?, mean(&found.success_after), 0.05, 0.0)
}

/// As many recover as should, to half a run, and in as much time, to 2 s and a quarter.
fn recovers(what: &str, share: f64, expected: Option<f64>, found: &Found) -> Outcome {
    let ours: Vec<f64> = found.recoveries.iter().copied().flatten().collect();
    let got = real(ours.len()) / real(found.recoveries.len());
    if (got - share).abs() > 0.5 {
        return Err(Fault::differs(format!("{what}: {share:.2} recover"), format!("{got:.2} do")));
    }
    match expected {
        Some(expected) if !ours.is_empty() => near(what, expected, mean(&ours), 2.0, 0.25),
        _ => Ok(()),
    }
}

fn near(what: &str, expected: f64, got: f64, absolute: f64, relative: f64) -> Outcome {
    if (got - expected).abs() <= absolute + relative * expected.abs() {
        return Ok(());
    }
    Err(Fault::differs(format!("{what} {expected}"), format!("{got:.4}")))
}

/// As the cases define it: successes by requests from the end of the disturbance to a second before the end.
fn goodput_after(setting: &Setting, report: &Report) -> f64 {
    let bins = report.bins();
    let from = bins_until(setting.settled()).min(bins.len());
    let to = bins_until(setting.end() - 1.0).clamp(from, bins.len());
    let count = |of: fn(&Bin) -> u32| bins[from..to].iter().map(|bin| f64::from(of(bin))).sum::<f64>();
    count(|bin| bin.succeeded) / count(|bin| bin.requests).max(1.0)
}

fn mean(figures: &[f64]) -> f64 {
    figures.iter().sum::<f64>() / real(figures.len().max(1))
}

fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Bins that fit into so many seconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn bins_until(seconds: f64) -> usize {
    (seconds / Bin::WIDTH.as_secs_f64()).round() as usize
}
