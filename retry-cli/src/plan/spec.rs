//! Policies as they are given on the command line.

use retry_core::LimitedPolicy;
use retry_email::exim;
use retry_email::preset::Presets;

use crate::exit::{Exit, Failure};

/// Of a text that was refused, in the message.
const SHOWN: usize = 60;

/// Reads a policy, a preset's name, or a rule of Exim's.
pub(super) fn parse(text: &str) -> Result<LimitedPolicy, Failure> {
    if is_exim(text) {
        return exim::parse(text)
            .map(LimitedPolicy::from)
            .map_err(|error| usage(text, &error.to_string(), (error.line() == 1).then_some(error.column())));
    }
    let limited = LimitedPolicy::parse_with(&Presets, text)
        .map_err(|error| usage(text, &error.to_string(), Some(error.column())))?;
    if limited.budget_share().is_some() {
        // The text was read, so that the word can be nothing but the clause.
        let column = text.to_ascii_lowercase().find("budget").map(|at| text[..at].chars().count() + 1);
        let place = column.map_or_else(String::new, |column| format!("column {column}: "));
        let said =
            format!("{place}a plan cannot show a budget, which depends on all other calls; leave the clause out");
        return Err(usage(text, &said, column));
    }
    Ok(limited)
}

/// One line, and on a terminal the text with a caret below it.
fn usage(text: &str, said: &str, column: Option<usize>) -> Failure {
    let more = if text.chars().nth(SHOWN).is_some() { "..." } else { "" };
    let shown: String = text.chars().take(SHOWN).collect();
    let failure = Failure::new(Exit::Usage, format!("'{shown}{more}': {said}"));
    match column {
        Some(column) => failure.pointing_at(text, column),
        None => failure,
    }
}

/// No policy of ours begins with a letter and a comma, or with an asterisk.
fn is_exim(text: &str) -> bool {
    let text = text.trim_start();
    matches!(text.as_bytes(), [b'F' | b'G' | b'H' | b'f' | b'g' | b'h', b',', ..] | [b'*', ..])
}
