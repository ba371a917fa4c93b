//! SMTP replies, and what it costs to classify them.

use std::hint::black_box;
use std::sync::LazyLock;

use clap::ValueEnum;
use retry_email::{Answer, Classifier, Reply};

/// Replies of every kind and length: accepted, refused by words, by codes alone, in several lines, in other languages, with
/// waiting times, and one that no rule knows.
pub const REPLIES: [&str; 16] = [
    "250 2.0.0 Ok: queued as 4FZx1k2vQz9rxK",
    "354 End data with <CR><LF>.<CR><LF>",
    "550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
    "450 4.2.0 <bob@example.org>: Recipient address rejected: Greylisted, try again in 5 minutes",
    "552-5.2.2 The mailbox you tried to reach is over its quota.\r\n552 5.2.2 See the help pages of example.org",
    "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.example.org; see https://bl.example.org/q?ip=192.0.2.7",
    "421 4.7.0 mx7.example.org too many connections from 192.0.2.7, slow down",
    "451 4.3.0 Internal error, please try again later",
    "550 5.7.26 The message does not pass DMARC for example.org; see https://example.org/help/dmarc#rejected for what to do about it",
    "535 5.7.8 Error: authentication failed: invalid user or password",
    "552 5.3.4 Message size exceeds fixed maximum message size (10240000)",
    "550 Boîte de réception pleine, veuillez réessayer plus tard",
    "550 5.4.1",
    "571",
    "554 a83kd zq17 [x9]",
    "451 4.7.1 Try again later",
];

/// The same, parsed.
static PARSED: LazyLock<Vec<Reply>> =
    LazyLock::new(|| REPLIES.iter().filter_map(|text| Reply::parse(text.as_bytes()).ok()).collect());

/// What is given to the classifier.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
#[non_exhaustive]
pub enum Form {
    /// The text of a reply, to be parsed.
    Text,
    /// A reply that is parsed already, as connections have them.
    Parsed,
}

impl Form {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Text, Self::Parsed];

    /// As it stands on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Parsed => "parsed",
        }
    }

    /// Classifies all replies, `turns` times.
    pub fn run(self, turns: u64) {
        let classifier = Classifier::builtin();
        match self {
            Self::Text => {
                for _ in 0..turns {
                    for text in black_box(&REPLIES) {
                        black_box(classifier.classify(&Answer::from_text(text)));
                    }
                }
            }
            Self::Parsed => {
                let replies = &*PARSED;
                for _ in 0..turns {
                    for reply in black_box(replies) {
                        black_box(classifier.classify(&Answer::from(reply)));
                    }
                }
            }
        }
    }
}
