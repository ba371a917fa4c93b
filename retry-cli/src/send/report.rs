//! What is said at the end, of each recipient.

use std::io::{self, Write};

use retry_email::{Sent, SentTo, State};

use crate::exit::printable;

/// A line on stdout for each recipient; for those alone who were not delivered to if it is to be `quiet`.
pub(super) fn ends(sent: &Sent, json: bool, quiet: bool) {
    let mut out = io::stdout().lock();
    for recipient in &sent.recipients {
        if json || !quiet || recipient.state != State::Delivered {
            // Whoever closed stdout has the exit code.
            let _ = writeln!(out, "{}", if json { object(recipient) } else { line(recipient) });
        }
    }
}

fn object(recipient: &SentTo) -> String {
    let last = recipient.attempts.last();
    serde_json::json!({
        "recipient": recipient.address.as_str(),
        "state": recipient.state.as_str(),
        "attempts": last.map_or(0, |tried| tried.attempt),
        "host": last.map(|tried| tried.host.as_str()),
        "reply": last.map(|tried| tried.text.as_str()),
        "reason": last.filter(|tried| tried.class.is_some()).map(|tried| tried.reason.as_str()),
    })
    .to_string()
}

fn line(recipient: &SentTo) -> String {
    let last = recipient.attempts.last();
    let attempts = last.map_or(0, |tried| tried.attempt);
    let plural = if attempts == 1 { "" } else { "s" };
    let reply = last.map_or("never tried", |tried| tried.text.as_str());
    printable(&format!("{}: {} after {attempts} attempt{plural}: {reply}", recipient.address, recipient.state.as_str()))
}
