//! The `retry` command: see retry policies at work.

mod classify;
mod cli;
mod demo;
mod exit;
mod plan;
mod send;
mod simulate;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
