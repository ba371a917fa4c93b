//! Retry-After, reset headers and gRPC push-back. To be wired to `retry-http`.

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "parse_retry_after" | "parse_reset_header" | "parse_grpc_pushback" | "delay_with_hint" => {
            Err(Fault::NotBuilt("the headers of retry-http"))
        }
        _ => Err(Fault::UnknownOp),
    }
}
