use std::fmt::{self, Display, Formatter, Write};
use std::time::Duration;

use super::time::Written;

/// Why a text is no retry rule: where, what stands there, and what would be right.
///
/// ```
/// use retry_email::exim::{self, Problem};
///
/// let error = exim::parse_rules("# mine\n* * F,2h,15").unwrap_err();
/// assert_eq!((error.line(), error.column(), error.found()), (2, 12, "the end of the line"));
/// assert_eq!(error.problem(), Problem::Unit);
/// assert_eq!(
///     error.to_string(),
///     "line 2, column 12: found the end of the line; a number needs a unit: w, d, h, m or s, such as 15m"
/// );
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SyntaxError {
    line: usize,
    column: usize,
    found: String,
    problem: Problem,
}

/// What kind of mistake a [`SyntaxError`] is.
///
/// ```
/// use retry_email::exim::{self, Problem};
///
/// let problem = |text| exim::parse(text).unwrap_err().problem();
/// assert_eq!(problem("F,2h,0s"), Problem::Zero);
/// assert_eq!(problem("G,2h,1m,0.5"), Problem::Factor);
/// assert_eq!(problem("bob@example.org * F,2h,15m"), Problem::Selective);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// Something else should stand here.
    #[non_exhaustive]
    Unexpected {
        /// What should.
        expected: &'static str,
    },
    /// A number without a unit of time.
    Unit,
    /// A time of nothing.
    Zero,
    /// A time that Exim's 32 bits do not hold.
    TooLong,
    /// A factor below 1, or one that Exim's 32 bits do not hold.
    Factor,
    /// A cutoff that is not later than the one before it.
    #[non_exhaustive]
    Order {
        /// The one before it.
        before: Duration,
    },
    /// A string without its closing quote.
    Quote,
    /// An error that Exim does not know.
    ErrorName,
    /// A rule that does not hold for all addresses, errors and senders, where a policy would.
    Selective,
}

impl SyntaxError {
    pub(super) fn new(line: usize, column: usize, found: String, problem: Problem) -> Self {
        Self { line, column, found, problem }
    }

    /// The line, from 1.
    ///
    /// ```
    /// # use retry_email::exim;
    /// assert_eq!(exim::parse("F").unwrap_err().line(), 1);
    /// ```
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, from 1; one more than the line has where something is missing at its end.
    ///
    /// ```
    /// # use retry_email::exim;
    /// assert_eq!(exim::parse("F,2h").unwrap_err().column(), 5);
    /// ```
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// What stands there, shortened to 24 characters.
    ///
    /// ```
    /// # use retry_email::exim;
    /// assert_eq!(exim::parse("F,2h,soon").unwrap_err().found(), "soon");
    /// ```
    #[must_use]
    pub fn found(&self) -> &str {
        if self.found.is_empty() { "the end of the line" } else { &self.found }
    }

    /// What kind of mistake it is.
    ///
    /// ```
    /// # use retry_email::exim::{self, Problem};
    /// assert!(matches!(exim::parse("X,2h,1m").unwrap_err().problem(), Problem::Unexpected { .. }));
    /// ```
    #[must_use]
    pub const fn problem(&self) -> Problem {
        self.problem
    }
}

impl Display for SyntaxError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.line > 1 {
            write!(f, "line {}, ", self.line)?;
        }
        write!(f, "column {}: found ", self.column)?;
        if self.found.is_empty() {
            f.write_str(self.found())?;
        } else {
            write!(f, "`{}`", Printable(&self.found))?;
        }
        write!(f, "; {}", self.problem)
    }
}

impl std::error::Error for SyntaxError {}

/// Does nothing to a terminal.
struct Printable<'a>(&'a str);

impl Display for Printable<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0
            .chars()
            .try_for_each(|c| if c.is_control() { write!(f, "{}", c.escape_default()) } else { f.write_char(c) })
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected { expected } => write!(f, "expected {expected}"),
            Self::Unit => f.write_str("a number needs a unit: w, d, h, m or s, such as 15m"),
            Self::Zero => f.write_str("it must be longer than 0s"),
            Self::TooLong => write!(f, "Exim counts to {} at most", Written(super::time::MOST)),
            Self::Factor => write!(f, "the factor must be 1 or more, and {} at most", super::factor::MOST / 1000),
            Self::Order { before } => {
                write!(f, "the cutoff must be later than that of the set before, {}", Written(before.as_secs()))
            }
            Self::Quote => f.write_str("the string has no closing quote"),
            Self::ErrorName => f.write_str(
                "no error that Exim knows; expected * or one of auth_failed, data_4xx, mail_4xx, rcpt_4xx, \
                 lost_connection, lookup, quota, refused, timeout, tls_required",
            ),
            Self::Selective => f.write_str(
                "a policy holds for every address, error and sender; leave the rule's fields out or make them *, or read it by \
                 parse_rules and match it yourself",
            ),
        }
    }
}
