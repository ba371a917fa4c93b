//! Instructions, counted by valgrind: no timing noise, so these are the figures that gate.

use std::env;
use std::error::Error;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::figures::Figures;
use crate::mode::Mode;
use crate::progress::Progress;
use crate::row::Row;

/// What a measurement may fail with, on whichever thread.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Two run lengths: whatever happens once (start-up, what the caller holds, the runtime) is in both and cancels.
const FEW: u64 = 200;
const MANY: u64 = 1200;
/// Processes at a time.
const WORKERS: usize = 2;

/// Whether valgrind can be run here.
#[must_use]
pub fn is_installed() -> bool {
    let version = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Counts every loop of every row and enters the results into the row's figures.
///
/// # Errors
/// If a child process fails or prints no count.
pub fn count(rows: &[Row], figures: &mut [Figures]) -> Result<(), Failure> {
    let loops = |row| Mode::ALL.into_iter().filter(move |mode| mode.of(row).is_some());
    let jobs: Vec<_> = rows.iter().flat_map(|row| loops(row).map(|mode| (row.name, mode))).collect();
    let progress = Progress::of("counting instructions of loops", jobs.len());
    let next = AtomicUsize::new(0);
    let figures = Mutex::new(figures);
    let work = || -> Result<(), Failure> {
        while let Some((row, mode)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            progress.step(row);
            let counted = an_iteration(row, *mode)?;
            let mut figures = figures.lock().map_err(|_| "another worker failed")?;
            if let Some(figures) = figures.iter_mut().find(|figures| figures.row == *row) {
                figures.enter(*mode, counted);
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "a worker panicked")?)
    })
}

fn an_iteration(row: &str, mode: Mode) -> Result<f64, Failure> {
    Ok(a_turn(&["measure", row, mode.name()])? / mode.units())
}

/// Instructions of one turn of what this very program does as `ARGUMENTS N`, N turns.
///
/// # Errors
/// If the process fails, or valgrind prints no count.
pub fn a_turn(arguments: &[&str]) -> Result<f64, Failure> {
    a_turn_by(&[], arguments)
}

/// The same without what the allocator does. That goes by the layout of the heap, so that rows which allocate the same differ by
/// hundreds of instructions; allocations are counted by themselves.
///
/// # Errors
/// If the process fails, or valgrind prints no count.
pub fn a_turn_beside_the_allocator(arguments: &[&str]) -> Result<f64, Failure> {
    // Counting begins at the start, stops where one of them is entered and goes on where it is left.
    let beside = ["malloc", "calloc", "realloc", "free"].map(|function| format!("--toggle-collect={function}"));
    let options = [&beside[..], &["--collect-atstart=yes".to_owned()]].concat();
    a_turn_by(&options, arguments)
}

fn a_turn_by(options: &[String], arguments: &[&str]) -> Result<f64, Failure> {
    let few = collected(options, arguments, FEW)?;
    let many = collected(options, arguments, MANY)?;
    let more = u32::try_from(many.saturating_sub(few))?;
    Ok(f64::from(more) / f64::from(u32::try_from(MANY - FEW)?))
}

fn collected(options: &[String], arguments: &[&str], n: u64) -> Result<u64, Failure> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(options)
        .arg(env::current_exe()?)
        .args(arguments)
        .arg(n.to_string())
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("`{} {n}` under valgrind: {}: {said}", arguments.join(" "), output.status).into());
    }
    let count = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    count.ok_or_else(|| format!("valgrind printed no count: {said}").into())
}
