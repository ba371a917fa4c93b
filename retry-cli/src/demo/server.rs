//! The bad mail server.

use std::io;

use testkit::smtp::{Dialogue, Reaction, Script, SmtpServer, Stage};

use super::message::Message;

/// What the server says to the first attempt.
const DEFERRAL: &str = "450 4.2.0 Greylisted, please try again in 1 second";

/// Defers, drops the connection before the message, and then accepts.
pub(super) fn start(message: &Message) -> io::Result<SmtpServer> {
    let willing = || Dialogue::new().max_message(message.len().saturating_add(1));
    let script = Script::new()
        .connection(willing().on(Stage::Rcpt, DEFERRAL))
        .connection(willing().on(Stage::Data, Reaction::drop_connection()))
        .otherwise(willing());
    SmtpServer::start(script)
}
