//! What came of it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::case::{Case, VectorFile};
use super::deviation::Deviations;
use super::fault::{Fault, Outcome};
use super::files;

/// Of how many cases one may be skipped, in each file.
const SKIPS_ONE_IN: usize = 8;

/// The results of a run. It displays as the runner prints it.
#[derive(Debug)]
pub struct Report {
    files: Vec<FileReport>,
    /// Rules that matched no case.
    unused: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct FileReport {
    name: String,
    passed: usize,
    failed: Vec<Failed>,
    skipped: Vec<Skipped>,
    /// Rules that matched, whether the case passed or not.
    used: Vec<usize>,
}

#[derive(Debug)]
struct Failed {
    id: String,
    op: String,
    fault: Fault,
}

#[derive(Debug)]
struct Skipped {
    id: String,
    op: String,
    reason: String,
}

impl FileReport {
    /// Runs the cases of `file`.
    pub(crate) fn of(file: &VectorFile, deviations: &Deviations) -> Self {
        let mut report =
            Self { name: file.name.clone(), passed: 0, failed: Vec::new(), skipped: Vec::new(), used: Vec::new() };
        for case in &file.cases {
            let rule = deviations.matching(&file.name, case);
            report.used.extend(rule);
            let (id, op) = (case.id.clone(), case.op.clone());
            match (run(&file.name, case), rule.and_then(|rule| deviations.rules.get(rule))) {
                (Ok(()), _) => report.passed += 1,
                (Err(_), Some(rule)) => report.skipped.push(Skipped { id, op, reason: rule.reason.clone() }),
                (Err(fault), None) => report.failed.push(Failed { id, op, fault }),
            }
        }
        report
    }

    fn total(&self) -> usize {
        self.passed + self.failed.len() + self.skipped.len()
    }

    fn skips_too_many(&self) -> bool {
        self.skipped.len() * SKIPS_ONE_IN > self.total()
    }
}

/// Runs one case. One that panics has failed, and the others still run.
fn run(file: &str, case: &Case) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| files::run(file, case))).unwrap_or_else(|panic| {
        let message =
            panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Err(Fault::differs("an answer", format!("a panic: {}", message.unwrap_or("without a message"))))
    })
}

impl Report {
    pub(crate) fn new(files: Vec<FileReport>, deviations: &Deviations) -> Self {
        let is_used = |rule: &usize| files.iter().any(|file| file.used.contains(rule));
        let unused = deviations.rules.iter().enumerate().filter(|(at, _)| !is_used(at));
        let unused = unused.map(|(_, rule)| format!("{} {} when {}", rule.file, rule.op, rule.text)).collect();
        Self { files, unused }
    }

    /// Whether no case failed, and no file skips more than one case in eight.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.files.iter().all(|file| file.failed.is_empty() && !file.skips_too_many())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            writeln!(f, "{} {}/{}", file.name, file.passed, file.total())?;
            for Failed { id, op, fault } in &file.failed {
                writeln!(f, "  failed: {id} {op}: {fault}")?;
            }
            for Skipped { id, op, reason } in &file.skipped {
                writeln!(f, "  skipped: {id} {op}: {reason}")?;
            }
            if file.skips_too_many() {
                let (skipped, total) = (file.skipped.len(), file.total());
                writeln!(f, "  {skipped} of {total} skipped, and no more than one in {SKIPS_ONE_IN} may be")?;
            }
        }
        for rule in &self.unused {
            writeln!(f, "no case matches the deviation: {rule}")?;
        }
        let sum = |count: fn(&FileReport) -> usize| self.files.iter().map(count).sum::<usize>();
        let (passed, failed) = (sum(|file| file.passed), sum(|file| file.failed.len()));
        write!(f, "{passed} passed, {failed} failed, {} skipped", sum(|file| file.skipped.len()))
    }
}
