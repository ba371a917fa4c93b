//! One line of a reply, and several of them.

use std::borrow::Cow;

use super::{EnhancedCode, Reply, ReplyError};

/// The most text that is kept of a reply, in bytes; what is longer is cut. RFC 5321 allows 512 a line.
const MOST_TEXT: usize = 8 * 1024;

/// The most bytes of a line that are looked at.
pub(super) const MOST_LINE: usize = 4 * 1024;

/// What a line begins with.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Line<'a> {
    pub(super) code: u16,
    /// Whether another line follows.
    pub(super) continues: bool,
    pub(super) text: &'a [u8],
}

impl<'a> Line<'a> {
    /// Takes a line, without its end, apart; `None` if it does not begin with a code.
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let (digits, rest) = line.split_first_chunk::<3>()?;
        if digits[0] == b'0' || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
        match rest {
            [] => Some(Self { code, continues: false, text: rest }),
            [b'-', text @ ..] => Some(Self { code, continues: true, text }),
            [b'0'..=b'9', ..] => None,
            // RFC 5321 wants a space; a tab or nothing at all is as clear.
            [b' ' | b'\t', text @ ..] | text => Some(Self { code, continues: false, text }),
        }
    }
}

/// The lines of a reply, as they come.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    code: Option<u16>,
    severity: u16,
    enhanced: Option<EnhancedCode>,
    text: String,
    count: usize,
}

impl Lines {
    pub(super) const fn new() -> Self {
        Self { code: None, severity: 0, enhanced: None, text: String::new(), count: 0 }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.code.is_none()
    }

    /// Adds a line as it came, without its end; whether it was the last of its reply.
    pub(super) fn take(&mut self, line: &[u8]) -> Result<bool, ReplyError> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = line.get(..MOST_LINE).unwrap_or(line);
        match Line::parse(line) {
            Some(Line { code, continues, text }) => {
                self.add(code, &decode(text));
                Ok(!continues)
            }
            None if line.iter().all(u8::is_ascii_whitespace) => Ok(false),
            None if self.is_empty() => Err(ReplyError::NoCode),
            None => {
                self.add_text(&decode(line));
                Ok(false)
            }
        }
    }

    /// Adds a line, its code and separator already taken off.
    pub(super) fn add(&mut self, code: u16, text: &str) {
        let digit = code / 100;
        self.severity = match self.code {
            None => digit,
            Some(_) if self.severity == digit => digit,
            // Lines that disagree.
            Some(_) => 4,
        };
        self.code = Some(code);
        let text = text.trim_start();
        let text = match EnhancedCode::leading(text) {
            Some((enhanced, rest)) => {
                self.enhanced.get_or_insert(enhanced);
                rest
            }
            None => text,
        };
        self.add_text(text);
    }

    /// Adds a line of text alone.
    pub(super) fn add_text(&mut self, text: &str) {
        if self.count > 0 && self.text.len() < MOST_TEXT {
            self.text.push('\n');
        }
        self.count = self.count.saturating_add(1);
        let room = MOST_TEXT.saturating_sub(self.text.len());
        let text = text.trim();
        self.text.push_str(&text[..text.floor_char_boundary(room)]);
    }

    /// The reply, if there was a line with a code.
    pub(super) fn reply(self) -> Option<Reply> {
        let Self { code, severity, enhanced, text, .. } = self;
        code.map(|code| Reply { code, severity, enhanced, text })
    }
}

/// UTF-8, or else Latin-1, in which every byte is a character.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_code_separator_and_text() {
        for (line, code, continues, text) in [
            ("250 Ok", 250, false, "Ok"),
            ("250-Ok", 250, true, "Ok"),
            ("250", 250, false, ""),
            ("250-", 250, true, ""),
            ("571\tno", 571, false, "no"),
            ("550no", 550, false, "no"),
            ("999  two", 999, false, " two"),
        ] {
            assert_eq!(Line::parse(line.as_bytes()), Some(Line { code, continues, text: text.as_bytes() }), "{line}");
        }
        for line in ["", "25", "2 50", "x50 no", "2500 no", "012 no", "-250"] {
            assert_eq!(Line::parse(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn text_is_cut_at_a_character() {
        let mut lines = Lines::default();
        lines.add(550, &format!("x{}", "é".repeat(MOST_TEXT)));
        lines.add(550, "more");
        let reply = lines.reply().unwrap();
        // One byte and 4,095 characters of two make 8,191; the line feed fills it up.
        assert_eq!(reply.text().len(), MOST_TEXT);
        assert!(reply.text().ends_with("é\n"));
    }
}
