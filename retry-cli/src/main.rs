//! The `retry` command: see retry policies at work.

mod cli;
mod demo;
mod exit;
mod simulate;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
