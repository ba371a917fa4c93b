//! What is sent, and over how many connections.

use clap::Args;
use serde::Serialize;

/// So many connections at the same time, and recipients a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Args, Serialize)]
pub struct Setting {
    /// Connections that send at the same time
    #[arg(long, default_value_t = 1)]
    pub connections: usize,
    /// Recipients of each message
    #[arg(long, default_value_t = 1)]
    pub recipients: usize,
}

/// What is measured.
pub const SETTINGS: [Setting; 4] = [
    Setting { connections: 1, recipients: 1 },
    Setting { connections: 1, recipients: 50 },
    Setting { connections: 10, recipients: 1 },
    Setting { connections: 10, recipients: 50 },
];

/// The sender of every message.
pub const FROM: &str = "alice@example.org";

impl Setting {
    /// The recipients of a message.
    pub fn to(self) -> impl Iterator<Item = String> {
        (0..self.recipients).map(|number| format!("recipient-{number}@example.net"))
    }
}

/// A message of about 2.5 KiB, in ASCII and without a line that begins with a dot.
#[must_use]
pub fn message() -> String {
    let header = "From: Alice <alice@example.org>\r\nTo: undisclosed-recipients:;\r\nSubject: The numbers of the month\r\n\
         Message-ID: <1.bench@example.org>\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\r\n";
    let line = "Of all that was sent this month, most has arrived at the first attempt.\r\n";
    [header, &line.repeat(30)].concat()
}
