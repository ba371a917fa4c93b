use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use retry_core::Policy;

use super::line::{Line, is_space};
use super::scanner::Scanner;
use super::{Problem, SyntaxError, error_name, set, write};

/// A retry rule of Exim's: for whom it is, and the policy.
///
/// It does not match addresses and errors itself: the first rule whose fields fit is the one to take.
///
/// `Display` writes it as Exim would read it.
///
/// ```
/// use retry_email::exim::Rule;
///
/// let rule: Rule = "alice@example.org  quota_5d  senders=:  F,7d,3h".parse()?;
/// assert_eq!((rule.address(), rule.error(), rule.senders()), ("alice@example.org", "quota_5d", Some(":")));
/// assert_eq!(rule.to_string(), "alice@example.org quota_5d senders=: F,1w,3h");
/// assert_eq!("F,2h,15m".parse::<Rule>()?.to_string(), "* * F,2h,15m");
/// # Ok::<(), retry_email::exim::SyntaxError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rule {
    address: String,
    error: String,
    senders: Option<String>,
    policy: Policy,
}

/// The rules of a `retry` section, in order: one a line, with comments, and with lines that end with a backslash joined.
///
/// # Errors
/// The first [`SyntaxError`].
///
/// ```
/// use retry_email::exim;
///
/// let rules = exim::parse_rules(
///     "begin retry
///      ## full mailboxes that nobody reads
///      *  quota_5d
///      *  *         F,2h,15m; \\
///                   F,4d,6h",
/// )?;
/// assert_eq!(rules.len(), 2);
/// assert_eq!(rules[0].policy().max_attempts().unwrap().get(), 1);
/// # Ok::<(), exim::SyntaxError>(())
/// ```
pub fn parse_rules(text: &str) -> Result<Vec<Rule>, SyntaxError> {
    let lines = Line::all(text);
    let begin = usize::from(lines.first().is_some_and(|line| line.text.split(is_space).eq(["begin", "retry"])));
    lines[begin..].iter().map(|line| Ok(Fields::read(line)?.rule)).collect()
}

pub(super) fn parse_for_all(text: &str) -> Result<Policy, SyntaxError> {
    let lines = Line::all(text);
    let line = only(&lines)?;
    let Fields { rule, selective } = Fields::read(line)?;
    match selective {
        None => Ok(rule.policy),
        Some(at) => Err(line.error(at, Problem::Selective)),
    }
}

/// The one line of a text.
fn only(lines: &[Line]) -> Result<&Line, SyntaxError> {
    match lines {
        [line] => Ok(line),
        [] => Err(Line::default().error(0, Problem::Unexpected { expected: "a retry rule, such as F,2h,15m" })),
        [_, second, ..] => {
            Err(second.error(0, Problem::Unexpected { expected: "one rule only; read several by parse_rules" }))
        }
    }
}

/// A rule as it is read.
struct Fields {
    rule: Rule,
    /// The first byte of a field that chooses.
    selective: Option<usize>,
}

impl Fields {
    fn read(line: &Line) -> Result<Self, SyntaxError> {
        let mut scanner = Scanner::new(line);
        let (mut address, mut error, mut senders, mut selective) = (String::from("*"), String::from("*"), None, None);
        scanner.skip_spaces();
        if !begins_with_a_set(scanner.rest()) {
            let at = scanner.at();
            address = scanner.string()?;
            selective = (address != "*").then_some(at);

            scanner.skip_spaces();
            let (at, name) = scanner.word(is_space);
            if name.is_empty() {
                return Err(scanner.expected("an error, such as * or rcpt_4xx, after the address"));
            }
            if !error_name::is_known(name) {
                return Err(scanner.error(at, Problem::ErrorName));
            }
            name.clone_into(&mut error);
            if name != "*" {
                selective = selective.or(Some(at));
            }

            scanner.skip_spaces();
            let at = scanner.at();
            if scanner.eat_word("senders") {
                scanner.skip_spaces();
                if !scanner.eat('=') {
                    return Err(scanner.expected("= after senders"));
                }
                scanner.skip_spaces();
                senders = Some(scanner.string()?);
                selective = selective.or(Some(at));
            }
        }
        let policy = set::policy(&mut scanner)?;
        Ok(Self { rule: Rule { address, error, senders, policy }, selective })
    }
}

/// Whether the sets come at once, without address and error.
fn begins_with_a_set(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b',', ..] if letter.is_ascii_alphabetic())
}

impl Rule {
    /// Which addresses it is for: a pattern of one of Exim's address lists.
    ///
    /// ```
    /// # use retry_email::exim::Rule;
    /// assert_eq!("example.org * F,1h,5m".parse::<Rule>().unwrap().address(), "example.org");
    /// ```
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Which error it is for, by Exim's name; `*` for any.
    ///
    /// ```
    /// # use retry_email::exim::Rule;
    /// assert_eq!("* rcpt_452 F,1h,5m".parse::<Rule>().unwrap().error(), "rcpt_452");
    /// ```
    #[must_use]
    pub fn error(&self) -> &str {
        &self.error
    }

    /// Which senders it is for: an address list of Exim's, of which `:` is the empty sender of bounces. `None`: any.
    ///
    /// ```
    /// # use retry_email::exim::Rule;
    /// let rule: Rule = "* * senders=\"xb.dom : yc.dom\" F,1h,5m".parse().unwrap();
    /// assert_eq!(rule.senders(), Some("xb.dom : yc.dom"));
    /// ```
    #[must_use]
    pub fn senders(&self) -> Option<&str> {
        self.senders.as_deref()
    }

    /// Its policy. A rule without sets has one that never retries.
    ///
    /// ```
    /// # use retry_email::exim::Rule;
    /// let rule: Rule = "* quota_5d".parse().unwrap();
    /// assert_eq!(rule.policy().max_attempts().unwrap().get(), 1);
    /// ```
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}

impl FromStr for Rule {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        let lines = Line::all(text);
        Ok(Fields::read(only(&lines)?)?.rule)
    }
}

impl Display for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", Quoted(&self.address), self.error)?;
        if let Some(senders) = &self.senders {
            write!(f, " senders={}", Quoted(senders))?;
        }
        // What was read can be written, but for the policy that never retries, which has no sets.
        match write(&self.policy) {
            Ok(sets) => write!(f, " {sets}"),
            Err(_) => Ok(()),
        }
    }
}

/// A string with quotes where it would be read as something else without.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let plain = !(self.0.is_empty()
            || self.0.starts_with('#')
            || self.0.contains(|c| is_space(c) || c == '"' || c == '\\')
            || begins_with_a_set(self.0));
        if plain {
            return f.write_str(self.0);
        }
        f.write_str("\"")?;
        for c in self.0.chars() {
            let escape = if c == '"' || c == '\\' { "\\" } else { "" };
            write!(f, "{escape}{c}")?;
        }
        f.write_str("\"")
    }
}
