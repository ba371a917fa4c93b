//! How far a long measurement is, on standard error.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts steps: in place on a terminal, one line at the start elsewhere.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    total: usize,
    done: AtomicUsize,
    in_place: bool,
}

impl Progress {
    /// Of `total` steps.
    #[must_use]
    pub fn of(what: &'static str, total: usize) -> Self {
        let in_place = stderr().is_terminal();
        if !in_place {
            eprintln!("{what}: {total}");
        }
        Self { what, total, done: AtomicUsize::new(0), in_place }
    }

    /// Begins the next step.
    pub fn step(&self, name: &str) {
        let step = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.in_place {
            eprint!("\r\x1b[K{} {step}/{}: {name}", self.what, self.total);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.in_place {
            eprint!("\r\x1b[K");
        }
    }
}
