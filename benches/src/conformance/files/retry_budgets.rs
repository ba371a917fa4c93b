//! Retry budgets of tower, Finagle, Envoy and failsafe-go. To be wired to the engine's retry budget.

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        op if op.contains("budget") => Err(Fault::NotBuilt("the retry budget")),
        _ => Err(Fault::UnknownOp),
    }
}
