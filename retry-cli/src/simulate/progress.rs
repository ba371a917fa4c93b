//! How far it is, on stderr: a bar on a terminal, a line for each policy elsewhere.

use std::cell::RefCell;
use std::io::{self, IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressStyle};

use crate::exit::printable;

#[derive(Debug)]
pub(super) struct Progress {
    scenario: String,
    bar: Option<ProgressBar>,
    /// The policy that was named last.
    policy: RefCell<String>,
}

impl Progress {
    /// Of so many runs.
    pub(super) fn new(scenario: &str, runs: usize) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
            let bar = ProgressBar::new(runs as u64);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { scenario: scenario.to_owned(), bar, policy: RefCell::default() }
    }

    /// The next run begins.
    pub(super) fn step(&self, policy: &str) {
        let new = *self.policy.borrow() != policy;
        if new {
            policy.clone_into(&mut self.policy.borrow_mut());
        }
        match &self.bar {
            Some(bar) => {
                bar.set_message(printable(policy));
                bar.inc(1);
            }
            None if new => {
                let _ = writeln!(io::stderr(), "simulating {}: {}", self.scenario, printable(policy));
            }
            None => {}
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
