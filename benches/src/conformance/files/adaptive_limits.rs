//! Netflix concurrency-limits: AIMD. To be wired to the engine's pacing.

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "aimd" => Err(Fault::NotBuilt("AIMD pacing")),
        _ => Err(Fault::UnknownOp),
    }
}
