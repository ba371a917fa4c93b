//! How the command ends.

use std::io::{self, Write};
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
    /// The system refused something.
    System = 71,
    /// It failed for now.
    Unavailable = 75,
    /// It was refused.
    Refused = 77,
    /// Something is set up wrongly.
    Configuration = 78,
}

/// What went wrong and what to do about it, in one line.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    line: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, line: impl AsRef<str>) -> Self {
        Self { exit, line: printable(line.as_ref()) }
    }

    /// Says so on stderr.
    pub(crate) fn report(&self) -> ExitCode {
        // A closed stderr leaves the exit code.
        let _ = writeln!(io::stderr(), "retry: {}", self.line);
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
}
