use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The longest address in bytes: 64 for the local part, `@`, 255 for the domain (RFC 5321 section 4.5.3.1).
const LONGEST: usize = 64 + 1 + 255;

/// An address as an SMTP command carries it: `local@domain`, without angle brackets.
///
/// What would break out of the command, or could not be sent, is refused: control characters, spaces and brackets outside
/// quotes, a missing part, more than 320 bytes. Otherwise it is lenient, as mailboxes exist that RFC 5321 forbids
/// (`a..b@example.org`). Non-ASCII addresses (RFC 6531) need a server with SMTPUTF8. `postmaster` may stand alone.
///
/// ```
/// use retry_email::Address;
///
/// let address: Address = "\"a b\"@example.org".parse()?;
/// assert_eq!(address.domain(), "example.org");
/// assert!("bob@example.org>\r\nRSET".parse::<Address>().is_err());
/// # Ok::<(), retry_email::InvalidAddress>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Address {
    /// Shared: each transaction and each outcome has a copy.
    text: Arc<str>,
    at: usize,
}

impl Address {
    /// The whole of it.
    ///
    /// ```
    /// # use retry_email::Address;
    /// assert_eq!("bob@example.org".parse::<Address>()?.as_str(), "bob@example.org");
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the last `@`.
    ///
    /// ```
    /// # use retry_email::Address;
    /// assert_eq!("bob@example.org".parse::<Address>()?.local(), "bob");
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// What stands after the last `@`; empty for `postmaster` alone.
    ///
    /// ```
    /// # use retry_email::Address;
    /// assert_eq!("postmaster".parse::<Address>()?.domain(), "");
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub fn domain(&self) -> &str {
        self.text.get(self.at + 1..).unwrap_or_default()
    }

    /// Whether it needs SMTPUTF8.
    ///
    /// ```
    /// # use retry_email::Address;
    /// assert!("jörg@example.org".parse::<Address>()?.needs_smtp_utf8());
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub fn needs_smtp_utf8(&self) -> bool {
        !self.text.is_ascii()
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        if text.is_empty() {
            return Err(InvalidAddress::Empty);
        }
        if text.len() > LONGEST {
            return Err(InvalidAddress::TooLong);
        }
        if text.eq_ignore_ascii_case("postmaster") {
            return Ok(Self { at: text.len(), text: text.into() });
        }
        let at = text.rfind('@').ok_or(InvalidAddress::NoDomain)?;
        let (local, domain) = (&text[..at], &text[at + 1..]);
        if domain.is_empty() {
            return Err(InvalidAddress::NoDomain);
        }
        if local.is_empty() {
            return Err(InvalidAddress::NoLocalPart);
        }
        check_local(local)?;
        let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match literal.unwrap_or(domain).chars().find(|&c| is_special(c) || c == '"') {
            None => Ok(Self { text: text.into(), at }),
            Some(c) => Err(InvalidAddress::Forbidden(c)),
        }
    }
}

fn check_local(local: &str) -> Result<(), InvalidAddress> {
    let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
    if !quoted {
        return match local.chars().find(|&c| is_special(c) || c == '"') {
            None => Ok(()),
            Some(c) => Err(InvalidAddress::Forbidden(c)),
        };
    }
    let mut escaped = false;
    for c in local[1..local.len() - 1].chars() {
        if c.is_control() || c == '"' && !escaped {
            return Err(InvalidAddress::Forbidden(c));
        }
        escaped = c == '\\' && !escaped;
    }
    // The closing quote must not be an escaped one.
    if escaped { Err(InvalidAddress::Forbidden('\\')) } else { Ok(()) }
}

/// What may not stand outside quotes.
fn is_special(c: char) -> bool {
    c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '\\' | ',' | ';')
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Why a text is no address.
///
/// ```
/// use retry_email::{Address, InvalidAddress};
///
/// assert_eq!("bob".parse::<Address>(), Err(InvalidAddress::NoDomain));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidAddress {
    /// Nothing at all.
    #[error("the address is empty; for the empty sender of a bounce leave the sender out")]
    Empty,
    /// Longer than any server must take.
    #[error("the address is longer than 320 bytes")]
    TooLong,
    /// No `@`, or nothing after it.
    #[error("the address has no domain; write it like bob@example.org")]
    NoDomain,
    /// Nothing before the `@`.
    #[error("the address has nothing before the @; write it like bob@example.org")]
    NoLocalPart,
    /// A character that would break out of the command, or must be quoted.
    #[error("the address holds {0:?}; leave it out, or put the part before the @ in quotes")]
    Forbidden(char),
}
