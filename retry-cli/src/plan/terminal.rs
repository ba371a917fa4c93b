//! Plans for people.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::time::Duration;

use console::{Term, style};

use super::axis::Axis;
use super::span::Span;
use super::subject::{Part, Subject};
use super::summary;
use super::table::Layout;
use crate::exit::Failure;

/// How wide lines may be where nobody says: on no terminal.
const WIDTH: usize = 100;

/// Prints each policy with its table, all on one scale of time.
pub(super) fn print(subjects: &[Subject], axis: &Axis) -> Result<(), Failure> {
    let stdout = io::stdout();
    let width = if stdout.is_terminal() { usize::from(Term::stdout().size().1) } else { WIDTH };
    let mut text = String::new();
    let layout = Layout::over(subjects, axis, width);
    for subject in subjects {
        write_subject(&mut text, subject, &layout);
    }
    if subjects.len() > 1 {
        summary::write(&mut text, subjects, width);
    }
    // Whoever closes stdout has seen enough.
    let _ = stdout.lock().write_all(text.as_bytes());
    Ok(())
}

fn write_subject(text: &mut String, subject: &Subject, layout: &Layout<'_>) {
    if !text.is_empty() {
        text.push('\n');
    }
    let [default, classes @ ..] = subject.parts() else { return };
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}", style(&subject.label).bold());
    if let Some(preset) = subject.preset {
        let _ = writeln!(text, "  {} ({})", preset.about(), preset.source());
    }
    if !classes.is_empty() {
        write_title(text, default);
    } else if default.text != subject.label {
        let _ = writeln!(text, "  {}", style(&default.text).cyan());
    }
    write_part(text, default, subject.longest(), layout);
    for part in classes {
        text.push('\n');
        write_title(text, part);
        write_part(text, part, None, layout);
    }
}

fn write_title(text: &mut String, part: &Part) {
    let _ = writeln!(text, "  {}: {}", style(part.name()).bold(), style(&part.text).cyan());
}

fn write_part(text: &mut String, part: &Part, longest: Option<(Duration, Duration)>, layout: &Layout<'_>) {
    for line in summary::bounds(part) {
        let _ = writeln!(text, "  {line}");
    }
    if let Some((timeout, longest)) = longest {
        let (timeout, longest) = (Span(timeout), Span(longest));
        let _ = writeln!(text, "  an attempt is cut after {timeout}, and the whole is over after {longest} at most");
    }
    layout.write(text, part);
}
