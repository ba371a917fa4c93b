//! The message to send.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use mail_parser::{HeaderName, HeaderValue, MessageParser};
use retry_core::{Entropy, ThreadEntropy};
use retry_email::{Address, identified};

use crate::exit::{Exit, Failure};

/// The most bytes that are read.
const LIMIT: u64 = 150 << 20;

pub(super) struct Message {
    name: String,
    bytes: Vec<u8>,
}

impl Message {
    /// Reads `file`, or stdin for `-`.
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let is_stdin = file.as_os_str() == "-";
        let name = if is_stdin { "stdin".to_owned() } else { file.display().to_string() };
        let mut bytes = Vec::new();
        let read = if is_stdin {
            io::stdin().take(LIMIT + 1).read_to_end(&mut bytes)
        } else {
            File::open(file).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
        };
        read.map_err(|error| {
            Failure::new(Exit::NoInput, format!("cannot read {name}: {error}; name a readable file"))
        })?;
        if bytes.is_empty() {
            return Err(bad(&name, "is empty; give a message with a header and a body"));
        }
        if bytes.len() as u64 > LIMIT {
            return Err(bad(&name, &format!("is larger than {} MiB; no server takes that", LIMIT >> 20)));
        }
        // The line that begins a message in a mailbox file is no field of it, and would end the header.
        if bytes.starts_with(b"From ") {
            let end = bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| at + 1);
            bytes.drain(..end);
        }
        Ok(Self { name, bytes })
    }

    /// The first address of Sender, or else of From.
    pub(super) fn sender(&self) -> Result<Address, Failure> {
        let found =
            self.addresses(&[HeaderName::Sender])?.into_iter().chain(self.addresses(&[HeaderName::From])?).next();
        found.ok_or_else(|| bad(&self.name, "has no sender; give --from ADDRESS, or a From header"))
    }

    /// The addresses of To, Cc and Bcc.
    pub(super) fn recipients(&self) -> Result<Vec<Address>, Failure> {
        self.addresses(&[HeaderName::To, HeaderName::Cc, HeaderName::Bcc])
    }

    fn addresses(&self, names: &[HeaderName<'_>]) -> Result<Vec<Address>, Failure> {
        let Some(parsed) = MessageParser::default().parse_headers(&self.bytes) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for header in parsed.headers().iter().filter(|header| names.contains(&header.name)) {
            let HeaderValue::Address(list) = &header.value else { continue };
            for address in list.iter().filter_map(|address| address.address()) {
                let parsed = address.trim().parse();
                found.push(parsed.map_err(|error| bad(&self.name, &format!("names {address:?}: {error}")))?);
            }
        }
        Ok(found)
    }

    /// Its bytes to send: with Message-ID and Date, without Bcc.
    pub(super) fn identified(&self, sender: Option<&Address>) -> Vec<u8> {
        #[expect(clippy::disallowed_methods, reason = "a Date header is of the wall clock")]
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let unique = u128::from(ThreadEntropy.next_u64()) << 64 | u128::from(ThreadEntropy.next_u64());
        let domain = sender.map_or("localhost", Address::domain);
        match identified(&without_bcc(&self.bytes), seconds, unique, domain) {
            Cow::Borrowed(bytes) => bytes.to_vec(),
            Cow::Owned(bytes) => bytes,
        }
    }
}

/// The message without its Bcc and Resent-Bcc fields: whoever is named there is not to be seen (RFC 5322 sections 3.6.3, 3.6.6).
fn without_bcc(message: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(message.len());
    let (mut rest, mut skips) = (message, false);
    while !rest.is_empty() {
        let end = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        if line.trim_ascii().is_empty() {
            break;
        }
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
            let name = if name.len() < line.len() { name.trim_ascii_end() } else { b"" };
            skips = name.eq_ignore_ascii_case(b"bcc") || name.eq_ignore_ascii_case(b"resent-bcc");
        }
        if !skips {
            kept.extend_from_slice(line);
        }
        rest = after;
    }
    kept.extend_from_slice(rest);
    kept
}

fn bad(name: &str, what: &str) -> Failure {
    Failure::new(Exit::BadData, format!("{name} {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bcc_is_taken_out_with_its_continuations_and_from_the_header_alone() {
        let message = b"From: a@b\r\nBCC: secret@x,\r\n other@y\r\nTo: c@d\r\n\r\nBcc: in the body\r\n";
        assert_eq!(without_bcc(message), b"From: a@b\r\nTo: c@d\r\n\r\nBcc: in the body\r\n");
        assert_eq!(without_bcc(b"bcc : x\nResent-Bcc: y\n\nbody"), b"\nbody");
        assert_eq!(without_bcc(b"Bcc"), b"Bcc");
    }
}
