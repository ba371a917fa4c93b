//! Runs the vectors of other retry libraries against the crates of this workspace.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use benches::conformance::{Deviations, run};
use clap::Parser;

/// Runs every case of every vector file of a directory and prints what passed. Exits with 1 if any case failed or a file skips more
/// than one case in eight, with 2 if there is nothing to run.
#[derive(Debug, Parser)]
struct Args {
    /// The directory of the vector files (*.json)
    dir: PathBuf,
    /// Another list of cases to skip than the reviewed one
    #[arg(long, value_name = "FILE")]
    deviations: Option<PathBuf>,
}

fn main() -> ExitCode {
    conform(&Args::parse()).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

fn conform(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let deviations = match &args.deviations {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            Deviations::parse(&text)?
        }
        None => Deviations::reviewed()?,
    };
    let report = run(&args.dir, &deviations)?;
    println!("{report}");
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
