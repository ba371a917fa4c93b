//! A plan in a line or two.

use std::fmt::Write;

use console::style;
use retry_core::{Planned, StopReason};

use super::span::Span;
use super::subject::{Part, Subject};

/// How many attempts, how much waiting, and how it ends.
pub(super) fn bounds(part: &Part) -> Vec<String> {
    let mut lines = vec![attempts(part)];
    match (part.plan.max_total_delay(), part.plan.mean_total_delay()) {
        _ if part.plan.attempts().len() < 2 => {}
        // The mean is known of the attempts that are listed.
        (Some(most), mean) if part.varies() && part.plan.ends().is_some() => {
            lines.push(format!("waits {} at most, {} on average", Span(most), Span(mean.value)));
        }
        (Some(most), _) => lines.push(format!("waits {} at most", Span(most))),
        (None, _) => lines.push(String::from("waits without end")),
    }
    lines
}

/// How often it tries, and why it stops.
fn attempts(part: &Part) -> String {
    let count = count(part);
    match (part.plan.ends(), part.time_limit) {
        (Some(StopReason::Deadline), Some(limit)) => format!("{count}: none starts later than {}", Span(limit)),
        (Some(StopReason::Attempts), _) => count,
        (Some(StopReason::Schedule), _) => format!("{count}: the schedule ends there"),
        (Some(reason), _) => format!("{count}: {reason}"),
        (None, Some(limit)) if part.plan.max_attempts().is_none() => {
            format!("as many attempts as fit into {}", Span(limit))
        }
        (None, Some(limit)) => format!("{count} at most: none starts later than {}", Span(limit)),
        (None, None) => count,
    }
}

/// How many attempts a run makes.
pub(super) fn count(part: &Part) -> String {
    let plan = &part.plan;
    let most = plan.attempts().len();
    let sure = plan.attempts().iter().take_while(|attempt| attempt.reached().value >= 1.0).count();
    match (plan.ends(), plan.max_attempts()) {
        (Some(_), _) if most == 1 => String::from("1 attempt"),
        (Some(_), _) if sure == most => format!("{most} attempts"),
        (Some(_), _) => format!("{sure} to {most} attempts"),
        (None, Some(attempts)) => format!("{attempts} attempts"),
        (None, None) => String::from("no limit on attempts"),
    }
}

/// When the last attempt starts, of a plan that has one.
pub(super) fn last(part: &Part) -> Option<&Planned> {
    part.plan.attempts().last().filter(|_| part.plan.ends().is_some())
}

/// All policies one below the other.
pub(super) fn write(text: &mut String, subjects: &[Subject], width: usize) {
    let rows: Vec<_> =
        subjects.iter().flat_map(|subject| subject.parts().iter().map(move |part| row(subject, part))).collect();
    let columns: [usize; 3] = [0, 1, 2].map(|n| rows.iter().map(|row| row[n].chars().count()).max().unwrap_or(0));
    let first = columns[0].min(width.saturating_sub(50).max(16)).max(6);
    let head = format!(
        "{:first$}  {:>attempts$}  {:>last$}  {}",
        "policy",
        "attempts",
        "last starts after",
        "waits at most",
        attempts = columns[1].max(8),
        last = columns[2].max(17),
    );
    // Writing to a string does not fail.
    let _ = writeln!(text, "\n{}", style(head).dim());
    for [name, attempts, last, waits] in rows {
        let _ = writeln!(
            text,
            "{:first$}  {attempts:>a$}  {last:>l$}  {waits}",
            shortened(&name, first),
            a = columns[1].max(8),
            l = columns[2].max(17),
        );
    }
}

fn row(subject: &Subject, part: &Part) -> [String; 4] {
    let name = match part.class {
        None => subject.label.clone(),
        Some(_) => format!("  {}", part.name()),
    };
    let attempts = count(part);
    let attempts = attempts.trim_end_matches(" attempts").trim_end_matches(" attempt");
    let attempts = attempts.trim_end_matches(" on").replace(" to ", "-");
    let last = last(part).map_or_else(|| String::from("-"), |attempt| Span(attempt.at().mean().value).to_string());
    let waits = part.plan.max_total_delay().map_or_else(|| String::from("no end"), |most| Span(most).to_string());
    [name, attempts, last, waits]
}

/// No more than `width` characters.
pub(super) fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(3)).collect();
    short.push_str("...");
    short
}
