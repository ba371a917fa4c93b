//! Overload and pacing experiments: who recovers, and who does not. To be wired to the simulator.

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "overload_sim" | "overload_sim_multi" | "provider_pacing_sim" => {
            Err(Fault::NotBuilt("the simulator of overload and pacing"))
        }
        _ => Err(Fault::UnknownOp),
    }
}
