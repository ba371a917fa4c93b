//! The exit code, from what became of the recipients.

use retry_core::Class;
use retry_email::{Reason, Sent, SentTo, State};

use crate::exit::{Exit, Failure};

/// Nothing if all were delivered.
pub(super) fn of(sent: &Sent) -> Result<(), Failure> {
    let count = |state| sent.recipients.iter().filter(|recipient| recipient.state == state).count();
    let (deferred, unknown, failed) = (count(State::Deferred), count(State::Unknown), count(State::Failed));
    let all = sent.recipients.len();
    if deferred + unknown > 0 {
        let parts = [(deferred, "deferred"), (unknown, "unknown: it may have arrived"), (failed, "failed")];
        let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        let what = match (deferred, unknown) {
            (_, 0) => "send to the deferred again later",
            (0, _) => "ask whether it arrived before you send it again",
            _ => "send to the deferred again later, and ask the unknown whether it arrived",
        };
        let line = format!("not delivered to all of {all}: {}; {what}", parts.join(", "));
        return Err(Failure::new(Exit::Unavailable, line));
    }
    let worst = sent.recipients.iter().filter(|recipient| recipient.state == State::Failed).map(code).max();
    let Some(exit) = worst else { return Ok(()) };
    let what = match exit {
        Exit::NoUser => "check the addresses",
        Exit::BadData => "change the message",
        Exit::ServiceUnavailable => "try another host",
        Exit::Configuration => "set right what the replies name, and send again",
        _ => "the replies say why",
    };
    Err(Failure::new(exit, format!("{failed} of {all} recipients were refused for good; {what}")))
}

fn code(recipient: &SentTo) -> Exit {
    let Some(last) = recipient.attempts.last() else { return Exit::ServiceUnavailable };
    // The server offers not what the message needs, and nobody was asked.
    if last.rule == "client" && last.class == Some(Class::Permanent) {
        return Exit::BadData;
    }
    match last.reason {
        _ if last.class == Some(Class::Misconfigured) => Exit::Configuration,
        Reason::MailboxUnknown | Reason::MailboxDisabled | Reason::MailboxMoved => Exit::NoUser,
        Reason::MessageTooBig | Reason::ContentRejected | Reason::Virus | Reason::Loop => Exit::BadData,
        Reason::HostUnknown
        | Reason::HostRefusesMail
        | Reason::Network
        | Reason::Timeout
        | Reason::SystemError
        | Reason::SystemFull
        | Reason::Protocol => Exit::ServiceUnavailable,
        _ => Exit::Refused,
    }
}
