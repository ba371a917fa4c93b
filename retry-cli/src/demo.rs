//! `retry demo`: a message survives a mail server that defers, drops, and then accepts.

use std::path::PathBuf;
use std::time::Duration;

use retry_core::{Clock, Law, Policy, TokioSleeper};
use retry_email::lettre::lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use retry_email::lettre::{RetryTransport, UnknownOutcome};
use tokio::runtime;

use crate::exit::{Exit, Failure};
use message::Message;
use screen::Screen;

mod envelope;
mod line_ends;
mod message;
mod report;
mod screen;
mod server;
mod words;

const EXAMPLES: &str = "\
Examples:
  retry demo                     send the bundled message
  retry demo --eml message.eml   send a message of yours, to the server on this machine only
  retry demo | cat               plain lines, as everywhere but on a terminal
  NO_COLOR=1 retry demo          no colours

The envelope is made of the headers: the sender of Sender or From, the recipients of To, Cc and Bcc. No mail leaves \
this machine: only the demonstration's own server hears of them.";

/// Send a message to a mail server that defers, drops, and then accepts it
///
/// Starts a mail server on 127.0.0.1 that defers the first attempt (450), drops the connection of the second before the
/// message, and accepts the third. Shows each attempt, what became of it, how it was understood, and how long it waits
/// for the next and why. Takes about two seconds.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The message to send, as a file with headers and body (RFC 5322), with any line ends; a bundled one by default
    #[arg(long, value_name = "FILE")]
    eml: Option<PathBuf>,
}

/// The first delay, before it doubles.
const BASE: Duration = Duration::from_millis(250);
const CAP: Duration = Duration::from_secs(2);
const ATTEMPTS: u32 = 5;
const POLICY: Policy = Policy::exponential(BASE, CAP).jitter(Law::EQUAL).attempts(ATTEMPTS);

/// Runs the demonstration.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let message = Message::load(options.eml.as_deref())?;
    let server = server::start(&message)
        .map_err(|error| Failure::new(Exit::System, format!("cannot listen on 127.0.0.1: {error}; try again")))?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::System, format!("cannot start a runtime: {error}; try again")))?;

    let screen = Screen::new(server.addr());
    report::introduce(&screen, &server, &message);
    let sent = runtime.block_on(async {
        let begun = TokioSleeper.now();
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host()).port(server.port());
        let mailer = RetryTransport::new(smtp.build(), POLICY)
            .unknown_outcome(UnknownOutcome::Resend)
            .map_retry(|retry| retry.observe(&screen));
        let sent = mailer.send_raw(message.envelope(), message.without_last_line_end()).await;
        sent.map(|_| TokioSleeper.now().since(begun))
    });
    match sent {
        Ok(took) => report::conclude(&screen, &server, took),
        Err(end) => Err(report::failure(&end)),
    }
}
