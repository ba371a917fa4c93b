//! The message to send.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use mail_parser::MessageParser;
use retry_core::{Entropy, ThreadEntropy};
use retry_email::lettre::lettre::address::Envelope;

use super::{envelope, line_ends};
use crate::exit::{Exit, Failure};

const BUNDLED: &[u8] = include_bytes!("../../demo.eml");

/// Bytes of a message that we take; more is no message for a demonstration.
const LIMIT: u64 = 50 << 20;

/// A message with an envelope and a `Message-ID`, its lines ending in CRLF.
#[derive(Debug)]
pub(super) struct Message {
    bytes: Vec<u8>,
    envelope: Envelope,
    added_id: Option<String>,
}

impl Message {
    /// Reads the message in `file`, or the bundled one.
    pub(super) fn load(file: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = file else {
            return Self::parse(BUNDLED).map_err(|what| bad("the bundled message", &what));
        };
        let name = path.display();
        let bytes = read(path).map_err(|error| {
            let line = format!("cannot read {name}: {error}; name a readable file with a message in it");
            Failure::new(Exit::NoInput, line)
        })?;
        Self::parse(&bytes).map_err(|what| bad(name, &what))
    }

    /// The error says what is missing or wrong, and what to do.
    fn parse(raw: &[u8]) -> Result<Self, String> {
        if raw.is_empty() {
            return Err(String::from("is empty: give a message with From and To headers"));
        }
        if raw.len() as u64 > LIMIT {
            return Err(format!("is larger than {} MiB: give a smaller message", LIMIT >> 20));
        }
        let mut bytes = line_ends::to_crlf(raw);
        let Some(parsed) = MessageParser::default().parse_headers(&bytes) else {
            return Err(String::from("has no headers: give a message with From and To headers"));
        };
        let envelope = envelope::of(parsed.headers())?;
        let has_id = parsed.message_id().is_some();
        let added_id = (!has_id).then(|| new_id(&envelope));
        if let Some(id) = &added_id {
            bytes.splice(..0, format!("Message-ID: {id}\r\n").into_bytes());
        }
        Ok(Self { bytes, envelope, added_id })
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) const fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The `Message-ID`, if the message had none of its own.
    pub(super) fn added_id(&self) -> Option<&str> {
        self.added_id.as_deref()
    }

    /// The bytes for lettre, which ends the last line itself.
    pub(super) fn without_last_line_end(&self) -> &[u8] {
        self.bytes.strip_suffix(b"\r\n").unwrap_or(&self.bytes)
    }
}

fn bad(name: impl std::fmt::Display, what: &str) -> Failure {
    Failure::new(Exit::BadData, format!("{name} {what}"))
}

/// Reads one byte beyond the limit at most.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A `Message-ID` that no other message has, in the sender's domain.
fn new_id(envelope: &Envelope) -> String {
    let domain = envelope.from().map_or("retry.invalid", |sender| sender.domain());
    let (a, b) = (ThreadEntropy.next_u64(), ThreadEntropy.next_u64());
    format!("<{a:016x}.{b:016x}@{domain}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &str = "From: a@example.org\r\nTo: b@example.org\r\n";

    #[test]
    fn the_bundled_message_is_complete() {
        let message = Message::load(None).unwrap();
        assert_eq!(message.added_id(), None);
        assert_eq!(message.envelope().to().len(), 2);
        assert!(message.bytes.ends_with(b"\r\n"));
    }

    #[test]
    fn a_missing_message_id_is_added_in_front() {
        let message = Message::parse(format!("{HEADERS}\r\nHello\r\n").as_bytes()).unwrap();
        let id = message.added_id().unwrap();
        assert!(id.starts_with('<') && id.ends_with("@example.org>"), "{id}");
        assert_eq!(message.bytes, format!("Message-ID: {id}\r\n{HEADERS}\r\nHello\r\n").as_bytes());
    }

    #[test]
    fn a_message_with_an_id_is_not_touched() {
        let raw = format!("{HEADERS}Message-ID:\r\n <1@example.org>\r\n\r\nHello\r\n");
        let message = Message::parse(raw.as_bytes()).unwrap();
        assert_eq!((message.added_id(), &*message.bytes), (None, raw.as_bytes()));
        assert_eq!(message.without_last_line_end().len(), raw.len() - 2);
    }

    #[test]
    fn a_message_of_headers_alone_is_one() {
        let message = Message::parse(format!("{HEADERS}Message-ID: <1@b>\n").as_bytes()).unwrap();
        assert!(message.bytes.ends_with(b"<1@b>\r\n"));
    }

    #[test]
    fn any_bytes_are_parsed_without_panic() {
        for seed in 0..2_000 {
            let mut rng = retry_core::Seeded::new(seed);
            let mut raw = HEADERS.as_bytes().to_vec();
            for _ in 0..rng.next_u64() % 40 {
                let at = usize::try_from(rng.next_u64()).unwrap() % raw.len();
                raw[at] = rng.next_u64().to_le_bytes()[0];
            }
            let _ = Message::parse(&raw);
        }
    }
}
