//! How V2 delays are distributed, by sampling.

use std::time::Duration;

use retry_core::Seeded;

use super::{Delays, v2};
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::unit::GREATEST;

const RUNS: u64 = 20_000;

/// For each attempt from 0: `median`, `mean`, and percentiles as `p05`.
pub(super) fn run(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["base", "max"])?;
    let policy = v2(input.need_duration("base")?, input.duration("max")?.unwrap_or(GREATEST));
    let rows = case.all().need_list("expect")?;
    let runs: Vec<Vec<Duration>> = (0..RUNS)
        .map(|seed| {
            let seed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            Delays::new(&policy, Seeded::new(seed)).take(rows.len()).collect()
        })
        .collect();
    for (at, row) in rows.iter().enumerate() {
        let row = case.all().within(row);
        let at = row.whole("attempt")?.and_then(|attempt| usize::try_from(attempt).ok()).unwrap_or(at);
        let mut sample: Vec<f64> = runs.iter().filter_map(|run| run.get(at)).map(|d| case.unit.count(*d)).collect();
        sample.sort_by(f64::total_cmp);
        for key in row.keys().filter(|key| *key != "attempt") {
            let (expected, got) = (row.need_number(key)?, statistic(key, &sample)?);
            if (got - expected).abs() > case.tolerance(expected)? {
                return Err(Fault::differs(format!("{key} of {expected} at attempt {at}"), got));
            }
        }
    }
    Ok(())
}

/// Of a sample in order.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small counts"
)]
fn statistic(name: &str, sample: &[f64]) -> Result<f64, Fault> {
    let none = || Fault::unreadable(format!("there is no statistic `{name}`"));
    let percentile = match name {
        "mean" => return Ok(sample.iter().sum::<f64>() / sample.len() as f64),
        "median" => 50.0,
        _ => name.strip_prefix('p').and_then(|percent| percent.parse().ok()).ok_or_else(none)?,
    };
    let at = (percentile / 100.0 * sample.len() as f64) as usize;
    sample.get(at.min(sample.len().saturating_sub(1))).copied().ok_or_else(none)
}
