//! The IETF's RateLimit fields and Idempotency-Key. To be wired to `retry-http`.

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "parse_ratelimit" | "next_allowed" | "idempotency_key_header" | "idempotency_outcome" => {
            Err(Fault::NotBuilt("the headers of retry-http"))
        }
        _ => Err(Fault::UnknownOp),
    }
}
