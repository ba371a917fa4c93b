//! What is shown while it runs.

use std::fmt::{self, Display};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use console::{StyledObject, style};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use retry_core::{Failed, ObserveError, Observer, Scheduled, Started, Succeeded};

use super::words;
use crate::exit::printable;

/// How often a spinner turns.
const TICK: Duration = Duration::from_millis(80);

/// Prints lines, and between them a spinner where stderr is a terminal. Observes the attempts.
#[derive(Debug)]
pub(super) struct Screen {
    server: SocketAddr,
    attempts: AtomicU32,
    spinner: Mutex<ProgressBar>,
}

impl Screen {
    pub(super) fn new(server: SocketAddr) -> Self {
        Self { server, attempts: AtomicU32::new(0), spinner: Mutex::new(ProgressBar::hidden()) }
    }

    /// Attempts so far.
    pub(super) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// Prints a line: a title, and what belongs to it. Without terminal it has no colours, nor with `NO_COLOR`.
    pub(super) fn line(&self, title: StyledObject<&str>, text: impl AsRef<str>) {
        self.clear();
        // Whoever closes stdout has seen enough; the demonstration goes on for its exit code.
        let _ = writeln!(io::stdout(), "{title:<11}{}", printable(text.as_ref()));
    }

    /// Shows a spinner until the next line.
    fn spin(&self, message: String, left: Option<Duration>) {
        self.clear();
        let template = if left.is_some() { "{spinner} {msg} in {left}" } else { "{spinner} {msg}" };
        let left = left.unwrap_or_default();
        let remaining = move |state: &ProgressState, text: &mut dyn fmt::Write| {
            let _ = text.write_str(&words::duration(left.saturating_sub(state.elapsed())));
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let spinner = ProgressBar::new_spinner().with_style(style.with_key("left", remaining)).with_message(message);
        spinner.enable_steady_tick(TICK);
        self.replace(spinner);
    }

    fn clear(&self) {
        self.replace(ProgressBar::hidden());
    }

    fn replace(&self, spinner: ProgressBar) {
        let mut current = self.spinner.lock().unwrap_or_else(PoisonError::into_inner);
        current.finish_and_clear();
        *current = spinner;
    }
}

impl Observer for Screen {
    fn started(&self, event: Started) {
        self.attempts.store(event.attempt, Ordering::Relaxed);
        self.spin(format!("attempt {}: talking to {}", event.attempt, self.server), None);
    }

    fn scheduled(&self, event: Scheduled) {
        let mut text = format!("{} until attempt {}: ", words::duration(event.delay), event.attempt + 1);
        text.push_str(words::because(event.because));
        self.line(style("  wait").dim(), text);
        self.spin(format!("attempt {}", event.attempt + 1), Some(event.delay));
    }

    fn succeeded(&self, event: Succeeded) {
        let title = format!("attempt {}", event.attempts);
        self.line(style(title.as_str()).green().bold(), "accepted");
    }
}

impl<E: Display> ObserveError<E> for Screen {
    fn failed(&self, event: Failed<'_, E>) {
        let title = format!("attempt {}", event.attempt);
        self.line(style(title.as_str()).yellow().bold(), event.what.to_string());
        self.line(style("  verdict").dim(), words::verdict(event.verdict));
    }
}
