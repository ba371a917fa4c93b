//! What is wrong with a text, and where.

use std::fmt;

use crate::Invalid;

/// Why a text is no policy: where, what stands there, and what would be right.
///
/// `Display` is one line that begins with the column; [`pointing_at`](Self::pointing_at) shows the text with a caret
/// below the place.
///
/// ```
/// use retry_core::Policy;
///
/// let error = "exp 1s..1h ful, 8 attempts".parse::<Policy>().unwrap_err();
/// assert_eq!((error.column(), error.found(), error.suggestion()), (12, "ful", Some("full")));
/// assert!(error.to_string().starts_with("column 12: found `ful`"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParseError {
    column: usize,
    found: String,
    kind: ParseErrorKind,
}

/// What kind of mistake a [`ParseError`] is.
///
/// ```
/// use retry_core::{Invalid, Policy, ParseErrorKind};
///
/// let kind = |text: &str| text.parse::<Policy>().unwrap_err().kind().clone();
/// assert_eq!(kind("exp 1h..1s"), ParseErrorKind::Contradiction(Invalid::Bounds));
/// assert!(matches!(kind("const 5x"), ParseErrorKind::Unexpected { .. }));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// Something else should stand here.
    #[non_exhaustive]
    Unexpected {
        /// What could.
        expected: Vec<String>,
        /// The word that was probably meant.
        suggestion: Option<String>,
    },
    /// A number that is too great, too small or too fine.
    #[non_exhaustive]
    Number {
        /// What would be right.
        expected: String,
    },
    /// The same setting a second time.
    #[non_exhaustive]
    Twice {
        /// The setting.
        what: &'static str,
        /// The column at which it stands first.
        first: usize,
    },
    /// What is right elsewhere, but not here.
    #[non_exhaustive]
    Misplaced {
        /// Why, and what to do.
        instead: &'static str,
    },
    /// Settings that contradict each other; the column is that of the part to change.
    Contradiction(Invalid),
    /// More than a text may hold: see the limits in the [grammar](crate::grammar).
    #[non_exhaustive]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        most: usize,
    },
}

impl ParseError {
    pub(super) const fn new(column: usize, found: String, kind: ParseErrorKind) -> Self {
        Self { column, found, kind }
    }

    /// Where it is: in characters, from 1; one more than the text has where something is missing at its end.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// assert_eq!("const".parse::<Policy>().unwrap_err().column(), 6);
    /// ```
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// What stands there, shortened to 24 characters; empty at the end of the text.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// assert_eq!("const soon".parse::<Policy>().unwrap_err().found(), "soon");
    /// ```
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What kind of mistake it is.
    ///
    /// ```
    /// # use retry_core::{Policy, ParseErrorKind};
    /// let error = "const 5s, 3 attempts, 2 retries".parse::<Policy>().unwrap_err();
    /// assert!(matches!(error.kind(), ParseErrorKind::Twice { what: "the number of attempts", first: 11, .. }));
    /// ```
    #[must_use]
    pub const fn kind(&self) -> &ParseErrorKind {
        &self.kind
    }

    /// What could stand there; empty where that is not the problem.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// let error = "const 5s, 3".parse::<Policy>().unwrap_err();
    /// assert_eq!(error.expected(), ["`attempts`", "`retries`"]);
    /// ```
    #[must_use]
    pub fn expected(&self) -> &[String] {
        match &self.kind {
            ParseErrorKind::Unexpected { expected, .. } => expected,
            _ => &[],
        }
    }

    /// The word that was probably meant, where one is near.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// assert_eq!("cosnt 5s".parse::<Policy>().unwrap_err().suggestion(), Some("const"));
    /// ```
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        match &self.kind {
            ParseErrorKind::Unexpected { suggestion, .. } => suggestion.as_deref(),
            _ => None,
        }
    }

    /// `text` with a caret below the place, and the message below that: three lines for a terminal.
    ///
    /// `text` is the one that was parsed. Of a long one the part around the place is shown; control characters, line ends
    /// among them, show as spaces. No line ends with a line feed but for the first two.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// let text = "const 5s, 3 atempts";
    /// let error = text.parse::<Policy>().unwrap_err();
    /// assert_eq!(error.pointing_at(text).lines().take(2).collect::<Vec<_>>(), [
    ///     "const 5s, 3 atempts",
    ///     "            ^",
    /// ]);
    /// ```
    #[must_use]
    pub fn pointing_at(&self, text: &str) -> String {
        const BEFORE: usize = 60;
        const SHOWN: usize = 100;
        let from = (self.column - 1).saturating_sub(BEFORE);
        let (lead, shift) = if from == 0 { ("", 0) } else { ("...", 3) };
        let shown = text.chars().skip(from).take(SHOWN).map(|c| if c.is_control() { ' ' } else { c });
        let tail = if text.chars().nth(from + SHOWN).is_some() { "..." } else { "" };
        let (line, indent) = (shown.collect::<String>(), self.column - 1 - from + shift);
        format!("{lead}{line}{tail}\n{:indent$}^\n{self}", "")
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: ", self.column)?;
        match &self.kind {
            ParseErrorKind::Unexpected { expected, suggestion } => {
                self.write_found(f)?;
                if let Some(suggestion) = suggestion {
                    return write!(f, "; did you mean `{suggestion}`?");
                }
                f.write_str("; expected ")?;
                write_list(f, expected)
            }
            ParseErrorKind::Number { expected } => {
                self.write_found(f)?;
                write!(f, "; expected {expected}")
            }
            ParseErrorKind::Twice { what, first } => {
                write!(f, "{what} is given twice, first at column {first}; leave one out")
            }
            ParseErrorKind::Misplaced { instead } => f.write_str(instead),
            ParseErrorKind::Contradiction(invalid) => invalid.fmt(f),
            ParseErrorKind::TooLarge { what, most } => write!(f, "{what}; at most {most} are allowed"),
        }
    }
}

impl std::error::Error for ParseError {}

impl ParseError {
    fn write_found(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.found.is_empty() {
            return f.write_str("the text ends here");
        }
        // Escaped, so that the message stays one line whatever the text holds.
        write!(f, "found `{}`", self.found.escape_debug())
    }
}

/// `a`, `a or b`, `a, b or c`.
fn write_list(f: &mut fmt::Formatter<'_>, items: &[String]) -> fmt::Result {
    for (n, item) in items.iter().enumerate() {
        let lead = match n {
            0 => "",
            _ if n + 1 == items.len() => " or ",
            _ => ", ",
        };
        write!(f, "{lead}{item}")?;
    }
    Ok(())
}
