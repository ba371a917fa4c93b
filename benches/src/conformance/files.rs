//! One module a file of vectors. A new file is a module here and a line below.

use super::case::Case;
use super::fault::{Fault, Outcome};

mod adaptive_limits;
mod adaptive_overload_sim;
mod aws_adaptive;
mod aws_backoff_simulator;
mod aws_standard;
mod backoff_sequences;
mod classification;
mod failsafe;
mod go_backoff;
mod grpc_retry;
mod polly_backoff;
mod queue_schedules;
mod rate_limit_headers;
mod retry_after;
mod retry_budgets;
mod temporal;
mod tenacity;
mod urllib3_retry;

/// Runs a case of `file`.
pub(crate) fn run(file: &str, case: &Case) -> Outcome {
    match file {
        "adaptive_limits" => adaptive_limits::run(case),
        "adaptive_overload_sim" => adaptive_overload_sim::run(case),
        "aws_adaptive" => aws_adaptive::run(case),
        "aws_backoff_simulator" => aws_backoff_simulator::run(case),
        "aws_standard" => aws_standard::run(case),
        "backoff_sequences" => backoff_sequences::run(case),
        "classification" => classification::run(case),
        "failsafe" => failsafe::run(case),
        "go_backoff" => go_backoff::run(case),
        "grpc_retry" => grpc_retry::run(case),
        "polly_backoff" => polly_backoff::run(case),
        "queue_schedules" => queue_schedules::run(case),
        "rate_limit_headers" => rate_limit_headers::run(case),
        "retry_after" => retry_after::run(case),
        "retry_budgets" => retry_budgets::run(case),
        "temporal" => temporal::run(case),
        "tenacity" => tenacity::run(case),
        "urllib3_retry" => urllib3_retry::run(case),
        _ => Err(Fault::UnknownOp),
    }
}
