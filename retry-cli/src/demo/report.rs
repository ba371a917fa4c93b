//! What is said before and after.

use std::error::Error as _;
use std::time::Duration;

use console::style;
use retry_core::GaveUp;
use retry_email::lettre::lettre::address::Address;
use retry_email::lettre::lettre::transport::smtp::Error;
use testkit::smtp::{Accepted, SmtpServer};

use super::message::Message;
use super::screen::Screen;
use super::{ATTEMPTS, BASE, CAP, words};
use crate::exit::{Exit, Failure};

/// Why the demonstration does what the adapter does not do by default.
const RESEND: [&str; 2] = [
    "yes: lettre cannot tell a lost reply from a lost mail, so our adapter by default holds what may have arrived;",
    "the demonstration resends it, because the Message-ID makes copies countable",
];

/// Says what is about to happen.
pub(super) fn introduce(screen: &Screen, server: &SmtpServer, message: &Message) {
    let say = |title, text: String| screen.line(style(title).bold(), text);
    let envelope = message.envelope();
    let sender = envelope.from().map_or("<>", Address::as_ref);
    let recipients = list(envelope.to().iter().map(Address::as_ref));

    say("server", format!("{}, which defers, drops, and then accepts", server.addr()));
    say("message", format!("{} bytes from {sender} to {recipients}", message.len()));
    if let Some(id) = message.added_id() {
        say("", format!("it has no Message-ID: {id} is added, once for all attempts"));
    }
    let (base, cap) = (words::duration(BASE), words::duration(CAP));
    say("policy", format!("{base}, doubling up to {cap}, equal jitter, at most {ATTEMPTS} attempts"));
    say("resend", String::from(RESEND[0]));
    say("", String::from(RESEND[1]));
}

/// Says what the server has.
pub(super) fn conclude(screen: &Screen, server: &SmtpServer, took: Duration) -> Result<(), Failure> {
    let accepted = server.accepted();
    let Some(last) = accepted.last() else {
        let line = "the server said yes but has no message; please report this";
        return Err(Failure::new(Exit::Unavailable, line));
    };
    let id = last.message_id.as_deref().unwrap_or("a message without Message-ID");
    let attempts = words::count(screen.attempts() as usize, "attempt", "attempts");
    let copies = words::count(server.copies(id), "copy", "copies");
    let Accepted { sender, recipients, message, .. } = last;
    screen.line(
        style("delivered").green().bold(),
        format!(
            "{id} after {attempts} in {}: {} bytes from {} to {}, {copies}",
            words::duration(took),
            message.len(),
            sender.address,
            list(recipients.iter().map(|one| &*one.address)),
        ),
    );
    Ok(())
}

/// Says why the message is still here.
pub(super) fn failure(end: &GaveUp<Error>) -> Failure {
    let error = end.source().map_or_else(String::new, |error| format!(" ({error})"));
    Failure::new(Exit::Unavailable, format!("the demonstration failed: {end}{error}; try again"))
}

fn list<'a>(addresses: impl Iterator<Item = &'a str>) -> String {
    addresses.collect::<Vec<_>>().join(", ")
}
