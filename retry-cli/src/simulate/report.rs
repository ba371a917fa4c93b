//! What people read.

use std::io::{self, Write as _};
use std::time::Duration;

use retry_core::simulate::{Contention, Scenario};

use super::outcome::{Outcome, Population};
use crate::exit::printable;

/// Each scenario in a line.
pub(super) fn list() {
    let all = Scenario::all();
    let mut lines: Vec<_> = all.iter().map(|scenario| (scenario.name(), scenario.about())).collect();
    lines.dedup();
    lines.push((Contention::NAME, Contention::ABOUT));
    for (name, about) in lines {
        line(&format!("{name:<24} {about}"));
    }
}

/// The figures of each policy and population.
pub(super) fn table(scenario: &Scenario, outcomes: &[Outcome]) {
    line(&format!("{}: {}", scenario.name(), scenario.about()));
    line("");
    let drains = scenario.ideal_drain();
    let heading: &[&str] = match drains {
        Some(_) => &["policy", "drained", "/ ideal", "refused", "attempts/message", "lost"],
        None => &["policy", "clients", "recovery", "success", "afterwards", "attempts/request", "p50", "p99"],
    };
    let cells = if drains.is_some() { drained } else { served };
    let rows = outcomes.iter().flat_map(|outcome| outcome.populations.iter().map(|one| cells(&outcome.name, one)));
    print(heading, &rows.collect::<Vec<_>>());
    if let Some(ideal) = drains {
        line(&format!("\nideal: drained after {}", seconds(Some(ideal))));
    }
}

/// A table whose first column stands left.
pub(super) fn print(heading: &[&str], rows: &[Vec<String>]) {
    let heading = heading.iter().map(|&cell| cell.to_owned()).collect();
    let lines: Vec<&Vec<String>> = std::iter::once(&heading).chain(rows).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    for cells in &lines {
        let mut text = String::new();
        for (column, cell) in cells.iter().enumerate() {
            let width = width(column);
            text.push_str(&if column == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") });
        }
        line(&text);
    }
}

fn served(policy: &str, one: &Population) -> Vec<String> {
    let summary = &one.summary;
    let latency = |percent| seconds(summary.latencies().percentile(percent));
    vec![
        policy.to_owned(),
        one.clients.to_string(),
        if one.recovers { times(summary.recoveries(), "never") } else { "-".to_owned() },
        percent(summary.success()),
        percent(summary.success_after()),
        format!("{:.2}", summary.amplification()),
        latency(50.0),
        latency(99.0),
    ]
}

fn drained(policy: &str, one: &Population) -> Vec<String> {
    let summary = &one.summary;
    vec![
        policy.to_owned(),
        times(summary.drained(), "not in time"),
        against(summary.drained(), one.ideal_drain),
        percent(summary.throttled()),
        format!("{:.3}", summary.amplification()),
        percent(1.0 - summary.success()),
    ]
}

/// The mean, and how many of them there are not.
fn times(times: &[Option<Duration>], missing: &str) -> String {
    let there: Vec<_> = times.iter().flatten().collect();
    let mean = there.iter().copied().sum::<Duration>().checked_div(u32::try_from(there.len()).unwrap_or(u32::MAX));
    match (mean, times.len() - there.len()) {
        (None, _) => missing.to_owned(),
        (mean, 0) => seconds(mean),
        (mean, none) => format!("{} ({missing}: {none} of {})", seconds(mean), times.len()),
    }
}

/// The mean over the ideal one; nothing where one of them is missing.
fn against(times: &[Option<Duration>], ideal: Option<f64>) -> String {
    let sum = times.iter().copied().sum::<Option<Duration>>();
    let mean = sum.and_then(|sum| sum.checked_div(u32::try_from(times.len()).ok()?));
    match mean.zip(ideal.filter(|ideal| *ideal > 0.0)) {
        Some((mean, ideal)) => format!("{:.2}", mean.as_secs_f64() / ideal),
        None => "-".to_owned(),
    }
}

fn seconds(duration: Option<Duration>) -> String {
    match duration {
        None => "-".to_owned(),
        Some(short) if !short.is_zero() && short < Duration::from_secs(1) => {
            format!("{:.1} ms", short.as_secs_f64() * 1000.0)
        }
        Some(long) => format!("{:.1} s", long.as_secs_f64()),
    }
}

fn percent(part: f64) -> String {
    format!("{:.2} %", part * 100.0)
}

/// A line on stdout; whoever closes it has seen enough.
fn line(text: &str) {
    let text: Vec<_> = text.split('\n').map(printable).collect();
    let _ = writeln!(io::stdout(), "{}", text.join("\n").trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_say_what_is_missing() {
        let second = Some(Duration::from_secs(1));
        assert_eq!(times(&[second, second], "never"), "1.0 s");
        assert_eq!(times(&[None, None], "never"), "never");
        assert_eq!(times(&[second, None], "never"), "1.0 s (never: 1 of 2)");
        assert_eq!(seconds(Some(Duration::from_micros(2460))), "2.5 ms");
    }
}
