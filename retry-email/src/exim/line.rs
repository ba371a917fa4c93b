//! Logical lines: what is one line to Exim.

use super::{Problem, SyntaxError};

/// A line with its continuations joined, and where each of its parts came from.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) text: String,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    /// Where it begins in the joined text, in bytes.
    begins: usize,
    line: usize,
    /// Characters before it on that line.
    before: usize,
}

impl Line {
    /// The logical lines of a text, without comments and empty ones.
    pub(super) fn all(text: &str) -> Vec<Self> {
        let (mut lines, mut open) = (Vec::new(), Self::default());
        for (at, physical) in text.split('\n').enumerate() {
            let content = physical.trim_start_matches(is_space);
            // Exim passes over comments and empty lines between a line and its continuation as well.
            if content.starts_with('#') || content.trim_end_matches(is_space).is_empty() {
                continue;
            }
            let before = physical[..physical.len() - content.len()].chars().count();
            open.parts.push(Part { begins: open.text.len(), line: at + 1, before });
            let content = content.trim_end_matches(is_space);
            if let Some(content) = content.strip_suffix('\\') {
                open.text.push_str(content);
            } else {
                open.text.push_str(content);
                lines.push(std::mem::take(&mut open));
            }
        }
        if !open.parts.is_empty() {
            lines.push(open);
        }
        lines
    }

    /// The error at a byte of the joined text.
    pub(super) fn error(&self, at: usize, problem: Problem) -> SyntaxError {
        let (read, rest) = self.text.split_at_checked(at).unwrap_or((&self.text, ""));
        let part = self.parts.iter().rev().find(|part| part.begins <= read.len());
        let (line, column) =
            part.map_or((1, 1), |part| (part.line, part.before + read[part.begins..].chars().count() + 1));
        // Up to what separates words, or that itself.
        let word = rest.find(|c| is_space(c) || c == ',' || c == ';').unwrap_or(rest.len());
        let word = if word == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { word };
        SyntaxError::new(line, column, rest[..word].chars().take(24).collect(), problem)
    }
}

/// White space to Exim, which knows no other than ASCII's.
pub(super) fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}
