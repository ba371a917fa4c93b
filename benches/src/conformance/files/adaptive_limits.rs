//! Netflix concurrency-limits: AIMD.

use retry_core::AimdLimit;

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::quantity::ratio;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "aimd" => aimd(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// The limit after all samples.
fn aimd(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&["initial", "min", "max", "backoff_ratio", "timeout", "timeout_s", "timeout_ms"])?;
    let initial = given.count("initial")?;
    // Where a case begins without a number: as low as it may be.
    let (least, most) = (given.count("min")?.unwrap_or(20), given.count("max")?.unwrap_or(200));
    let mut limit = AimdLimit::new(initial.unwrap_or(least)).between(least, most);
    if let Some(factor) = given.number("backoff_ratio")? {
        limit = limit.decrease(ratio(factor)?);
    }
    if let Some(timeout) = given.duration("timeout")? {
        limit = limit.timeout(timeout);
    }
    for sample in case.all().need_list("samples")? {
        let sample = case.all().within(sample);
        sample.only(&["rtt_s", "rtt_ms", "rtt_us", "rtt_ns", "rtt", "inflight", "drop", "repeat"])?;
        for _ in 0..sample.count("repeat")?.unwrap_or(1) {
            limit.sample(
                sample.duration("rtt")?.unwrap_or_default(),
                sample.count("inflight")?.unwrap_or(0),
                sample.flag("drop")?,
            );
        }
    }
    same(case.expect()?, limit.limit())
}
