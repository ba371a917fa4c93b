//! The AWS SDKs' adaptive mode: CUBIC, the rate clocker and the token bucket. To be wired to the engine's pacing.

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "cubic"
        | "cubic_k"
        | "clamp_2x"
        | "rate_clocker"
        | "limiter_enabled"
        | "token_bucket"
        | "client_rate_limiter"
        | "client_rate_limiter_acquire"
        | "client_rate_limiter_scenario"
        | "client_rate_limiter_concurrency" => Err(Fault::NotBuilt("CUBIC pacing")),
        _ => Err(Fault::UnknownOp),
    }
}
