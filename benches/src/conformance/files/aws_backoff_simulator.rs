//! Contention after a conflict, from the article that gave the jitters their names. To be wired to the simulator.

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "occ_sim" => Err(Fault::NotBuilt("the simulator of contention")),
        _ => Err(Fault::UnknownOp),
    }
}
