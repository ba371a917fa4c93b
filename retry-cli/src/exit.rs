//! How the command ends.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// Exit codes, as in `sysexits.h`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Exit {
    /// The command was given wrongly.
    Usage = 64,
    /// The input is not what it should be.
    BadData = 65,
    /// The input cannot be read.
    NoInput = 66,
    /// The recipient does not exist.
    NoUser = 67,
    /// A server or a service cannot do it.
    ServiceUnavailable = 69,
    /// The command itself is wrong.
    Software = 70,
    /// The system refused something.
    System = 71,
    /// A file cannot be written.
    CannotCreate = 73,
    /// It failed for now.
    Unavailable = 75,
    /// It was refused.
    Refused = 77,
    /// Something is set up wrongly.
    Configuration = 78,
}

/// What went wrong and what to do about it, in one line; and on a terminal where.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    line: String,
    place: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, line: impl AsRef<str>) -> Self {
        Self { exit, line: printable(line.as_ref()), place: None }
    }

    /// Shows `text` as well, with a caret below its column, from 1.
    pub(crate) fn pointing_at(mut self, text: &str, column: usize) -> Self {
        // As much as fits a line, without what would move the caret.
        const BEFORE: usize = 40;
        let from = column.saturating_sub(BEFORE + 1);
        let shown: String = text.chars().skip(from).take(76).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let indent = column.saturating_sub(from + 1);
        self.place = Some(format!("  {shown}\n  {:indent$}^", ""));
        self
    }

    /// Says so on stderr.
    pub(crate) fn report(&self) -> ExitCode {
        // A closed stderr leaves the exit code.
        let _ = writeln!(io::stderr(), "retry: {}", self.line);
        if let Some(place) = self.place.as_ref().filter(|_| io::stderr().is_terminal()) {
            let _ = writeln!(io::stderr(), "{place}");
        }
        ExitCode::from(self.exit as u8)
    }
}

/// `text` in one line that does nothing to a terminal: control characters are escaped.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escaped = c.is_control().then(|| c.escape_default());
            let plain = escaped.is_none().then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_one_line_without_control_characters() {
        assert_eq!(printable("a\nb\u{1b}[31m\u{85}é"), "a\\nb\\u{1b}[31m\\u{85}é");
        assert_eq!(Failure::new(Exit::Usage, "a\r\nb").line, "a\\r\\nb");
    }

    #[test]
    fn the_caret_stands_below_its_column() {
        let place = |text: &str, column| Failure::new(Exit::Usage, "").pointing_at(text, column).place.unwrap();
        assert_eq!(place("exp 1x", 6), "  exp 1x\n       ^");
        assert_eq!(place("é\tx", 3), "  é x\n    ^");
        assert_eq!(place("", 1), "  \n  ^");
        // column 1000 of a thousand: the 40 before it, and it
        let long = place(&"a".repeat(1000), 1000);
        assert_eq!(long, format!("  {}\n  {}^", "a".repeat(41), " ".repeat(40)));
    }
}
