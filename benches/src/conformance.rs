//! The conformance runner: cases that other retry libraries' tests, sources and specifications state, run against ours.
//!
//! A file of vectors has a module here. It holds the shim for that peer: how the peer's settings are said with the public
//! building blocks of our crates, what the peer's configuration forbids, and what it rounds. No shim looks at a case's id or at
//! what is expected.

use std::fs;
use std::path::{Path, PathBuf};

mod case;
mod deviation;
mod draws;
mod expectation;
mod expression;
mod fault;
mod fields;
mod files;
mod headers;
mod instant;
mod law;
mod line;
mod measures;
mod quantity;
mod report;
mod runs;
mod unit;

pub use deviation::{BadDeviations, Deviations};
pub use report::Report;

use case::VectorFile;
use report::FileReport;

/// Runs every case of every `.json` file of `dir`.
///
/// # Errors
/// [`Unreadable`] if a file cannot be read or is no file of vectors, or if there is none.
pub fn run(dir: &Path, deviations: &Deviations) -> Result<Report, Unreadable> {
    let mut paths = Vec::new();
    let entries = fs::read_dir(dir).map_err(|error| Unreadable::io(dir, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| Unreadable::io(dir, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        return Err(Unreadable { path: dir.into(), why: "no .json file is in it".into() });
    }
    paths.sort();
    let mut reports = Vec::new();
    for path in &paths {
        reports.push(FileReport::of(&read(path)?, deviations));
    }
    Ok(Report::new(reports, deviations))
}

fn read(path: &Path) -> Result<VectorFile, Unreadable> {
    let text = fs::read_to_string(path).map_err(|error| Unreadable::io(path, &error))?;
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    VectorFile::parse(name, &text).map_err(|why| Unreadable { path: path.into(), why })
}

/// A directory or file that is not what the runner needs.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", path.display())]
pub struct Unreadable {
    path: PathBuf,
    why: String,
}

impl Unreadable {
    fn io(path: &Path, error: &std::io::Error) -> Self {
        Self { path: path.into(), why: error.to_string() }
    }
}
