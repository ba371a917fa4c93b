//! Replies within other text: diagnostic codes of delivery reports (RFC 3464 section 2.3.6), log lines, error messages.

use crate::Stage;

/// What was found in a text that is no reply itself.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub(super) code: Option<u16>,
    /// From behind the code on; all of it where there is none.
    pub(super) text: &'a str,
    /// From the code on, where it says that lines follow; they may have been joined to one.
    pub(super) lines: Option<&'a str>,
}

/// Finds the first reply code: three digits of a refusal that stand where a reply begins.
pub(super) fn find(text: &str) -> Found<'_> {
    let bytes = text.as_bytes();
    let is_code = |at: usize| match bytes.get(at..) {
        Some([b'4' | b'5', b'0'..=b'9', b'0'..=b'9', rest @ ..]) => {
            let is_end = matches!(rest, [] | [b' ' | b'-' | b'\r' | b'\n' | b'\'' | b'"' | b',', ..]);
            is_end && is_beginning(text.get(..at).unwrap_or_default())
        }
        _ => false,
    };
    let Some(at) = (0..bytes.len()).find(|at| is_code(*at)) else {
        return Found { code: None, text, lines: None };
    };
    let digits = text.get(at..at + 3).and_then(|digits| digits.parse().ok());
    let lines = text.get(at..).filter(|_| bytes.get(at + 3) == Some(&b'-'));
    Found { code: digits, text: text.get(at + 4..).unwrap_or_default(), lines }
}

/// Whether a reply may begin behind `before`.
fn is_beginning(before: &str) -> bool {
    let trimmed = before.trim_end_matches([' ', '\t']);
    let said = ["said", "returned", "responded", "response", "reply", "code", "error", "<<<"];
    trimmed.is_empty()
        || trimmed.ends_with([';', ':', '\'', '"', '[', '(', '\n', '>', '='])
        || said.iter().any(|word| ends_with(trimmed, word))
}

fn ends_with(text: &str, word: &str) -> bool {
    let start = text.len().saturating_sub(word.len());
    text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// What mail servers write behind or before a reply to tell at which command it came.
const STAGES: [(&str, Stage); 17] = [
    ("in reply to end of data", Stage::Dot),
    ("after end of data", Stage::Dot),
    ("after pipelined end of data", Stage::Dot),
    ("in reply to rcpt to", Stage::Rcpt),
    ("after rcpt to", Stage::Rcpt),
    ("after pipelined rcpt to", Stage::Rcpt),
    ("in reply to mail from", Stage::Mail),
    ("after mail from", Stage::Mail),
    ("after pipelined mail from", Stage::Mail),
    ("in reply to data", Stage::Data),
    ("after data", Stage::Data),
    ("in reply to ehlo", Stage::Ehlo),
    ("in reply to helo", Stage::Ehlo),
    ("after ehlo", Stage::Ehlo),
    ("in reply to starttls", Stage::Tls),
    ("after initial connection", Stage::Greeting),
    ("refused to talk to me", Stage::Greeting),
];

/// The stage that the text names.
pub(super) fn stage(text: &str) -> Option<Stage> {
    let may_name = text.contains("in reply to ") || text.contains("after ") || text.contains("refused to talk");
    if !may_name {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    STAGES.iter().find(|(words, _)| lower.contains(words)).map(|(_, stage)| *stage)
}

/// The text without Postfix's remark at its end, whose words are not the server's: `(in reply to MAIL FROM command)`.
pub(super) fn without_stage(text: &str) -> &str {
    let Some(at) = text.rfind("(in reply to ") else { return text };
    let (before, remark) = text.split_at(at);
    let is_end = remark.find(')').is_some_and(|end| !remark[end..].contains(|c: char| c.is_alphanumeric()));
    if is_end { before } else { text }
}

/// Whether it begins with an IP address, as qmail's reports do: its first number is no reply code.
pub(super) fn begins_with_address(text: &str) -> bool {
    // A reply has no dot so early; most texts are replies.
    let is_dotted = text.as_bytes().iter().take(4).any(|byte| *byte == b'.');
    is_dotted
        && text
            .split_whitespace()
            .next()
            .is_some_and(|word| word.trim_end_matches(':').parse::<std::net::Ipv4Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_where_a_reply_begins() {
        for (text, code, rest) in [
            ("smtp; 550 5.1.1 no", 550, "5.1.1 no"),
            ("SMTP;450-4.2.0 later", 450, "4.2.0 later"),
            ("host mx.example.org[192.0.2.1] said: 554 no", 554, "no"),
            ("Remote Server returned '550 5.1.10 no'", 550, "5.1.10 no'"),
            ("<<< 552 full", 552, "full"),
            ("SMTP error from remote mail server after RCPT TO:<a@b>: host mx [192.0.2.1]: 550 no", 550, "no"),
            ("ERROR_CODE :550, ERROR_CODE :5.1.1 no", 550, " ERROR_CODE :5.1.1 no"),
        ] {
            let found = find(text);
            assert_eq!((found.code, found.text), (Some(code), rest), "{text}");
        }
        for text in ["", "no such user", "waited 500 seconds", "call 5501234", "at 250 ok", "message 4.2.2"] {
            assert_eq!(find(text).code, None, "{text}");
        }
    }
}
