//! urllib3: limits by category, backoff, history. To be wired to `retry-http`.

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "counters" | "backoff_after_n_failures" | "backoff_sequence" | "history" => {
            Err(Fault::NotBuilt("the rule set of urllib3 in retry-http"))
        }
        _ => Err(Fault::UnknownOp),
    }
}
