//! What is said on the way, on stderr: a line for each try that is not the last word, and on a terminal how it stands.

use std::cell::Cell;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use retry_core::Class;
use retry_email::{Envelope, Tried};

use crate::exit::printable;

#[derive(Debug)]
pub(super) struct Progress<'a> {
    envelope: &'a Envelope,
    is_quiet: bool,
    delivered: Cell<usize>,
    bar: Option<ProgressBar>,
}

impl<'a> Progress<'a> {
    pub(super) fn new(envelope: &'a Envelope, is_quiet: bool) -> Self {
        let bar = (!is_quiet && io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(
                ProgressStyle::with_template("{spinner} {elapsed} {msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        let progress = Self { envelope, is_quiet, delivered: Cell::new(0), bar };
        progress.show();
        progress
    }

    fn show(&self) {
        if let Some(bar) = &self.bar {
            let (delivered, all) = (self.delivered.get(), self.envelope.recipients().len());
            bar.set_message(format!("sending, {delivered} of {all} delivered"));
        }
    }

    /// A try of the recipient with this number has ended.
    pub(super) fn tried(&self, n: usize, tried: &Tried) {
        let Tried { attempt, host, stage, class, text, .. } = tried;
        match class {
            None => {
                self.delivered.set(self.delivered.get() + 1);
                self.show();
            }
            // Of who is refused for good the report tells.
            Some(Class::Permanent) => {}
            Some(_) if self.is_quiet => {}
            Some(class) => {
                let address = self.envelope.recipients().get(n).map_or("", |recipient| recipient.address().as_str());
                let line = format!("{address}: attempt {attempt} at {host}, {stage}: {}: {text}", class.as_str());
                self.say(&printable(&line));
            }
        }
    }

    fn say(&self, line: &str) {
        // A closed stderr is no reason to stop.
        let write = || {
            let _ = writeln!(io::stderr(), "{line}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
