//! What is worth a retry over HTTP, for AWS, .NET, HashiCorp and urllib3. To be wired to `retry-http`.

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "attempts_left"
        | "http_transient_hashicorp"
        | "http_transient_ms"
        | "is_throttling"
        | "is_transient"
        | "method_idempotent_default"
        | "urllib3_is_retry" => Err(Fault::NotBuilt("the verdicts of retry-http")),
        _ => Err(Fault::UnknownOp),
    }
}
