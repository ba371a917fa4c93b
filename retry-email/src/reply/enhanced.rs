use std::fmt;
use std::str::FromStr;

/// An enhanced status code (RFC 3463): `5.1.1`.
///
/// Class, subject and detail have one to three digits each; nothing is assumed of their meaning, so that codes of
/// providers (`5.7.708`) and codes still to come are read as well.
///
/// ```
/// use retry_email::EnhancedCode;
///
/// let code: EnhancedCode = "5.7.708".parse()?;
/// assert_eq!((code.class(), code.subject(), code.detail()), (5, 7, 708));
/// assert!("5.7".parse::<EnhancedCode>().is_err());
/// # Ok::<(), retry_email::NoEnhancedCode>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EnhancedCode {
    class: u16,
    subject: u16,
    detail: u16,
}

impl EnhancedCode {
    /// Makes a code of its three numbers; `None` where the class is none of 2, 4 and 5, or a number is over 999.
    ///
    /// ```
    /// use retry_email::EnhancedCode;
    ///
    /// assert_eq!(EnhancedCode::new(4, 2, 2).unwrap().to_string(), "4.2.2");
    /// assert_eq!(EnhancedCode::new(3, 2, 2), None);
    /// assert_eq!(EnhancedCode::new(4, 2, 1000), None);
    /// ```
    #[must_use]
    pub const fn new(class: u16, subject: u16, detail: u16) -> Option<Self> {
        if matches!(class, 2 | 4 | 5) && subject <= 999 && detail <= 999 {
            Some(Self { class, subject, detail })
        } else {
            None
        }
    }

    /// The class: 2 success, 4 transient, 5 permanent.
    ///
    /// ```
    /// # use retry_email::EnhancedCode;
    /// assert_eq!(EnhancedCode::new(5, 1, 1).unwrap().class(), 5);
    /// ```
    #[must_use]
    pub const fn class(self) -> u16 {
        self.class
    }

    /// The subject: 1 address, 2 mailbox, 3 mail system, 4 network, 5 protocol, 6 content, 7 security.
    ///
    /// ```
    /// # use retry_email::EnhancedCode;
    /// assert_eq!(EnhancedCode::new(5, 1, 2).unwrap().subject(), 1);
    /// ```
    #[must_use]
    pub const fn subject(self) -> u16 {
        self.subject
    }

    /// The detail within the subject.
    ///
    /// ```
    /// # use retry_email::EnhancedCode;
    /// assert_eq!(EnhancedCode::new(5, 1, 2).unwrap().detail(), 2);
    /// ```
    #[must_use]
    pub const fn detail(self) -> u16 {
        self.detail
    }

    /// The code at the very beginning of `text`, and what follows it.
    pub(crate) fn leading(text: &str) -> Option<(Self, &str)> {
        let (code, rest) = numbers(text)?;
        (!rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '@'))
            && !starts_with_dot_digit(rest))
        .then(|| Some((Self::new(code[0], code[1], code[2])?, rest)))?
    }

    /// The first code of this class anywhere in `text`: `(#5.1.1)`, `550-5.1.1`.
    ///
    /// Numbers of more parts (addresses, versions) are none, nor are subjects that RFC 3463 does not have.
    #[cfg(feature = "classify")]
    pub(crate) fn anywhere(text: &str, class: u16) -> Option<Self> {
        let bytes = text.as_bytes();
        dots(bytes).find_map(|dot| {
            let at = dot.checked_sub(1)?;
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'@')) {
                return None;
            }
            let (code, _) = Self::leading(text.get(at..)?)?;
            (code.class == class && code.subject <= 7).then_some(code)
        })
    }
}

impl fmt::Display for EnhancedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl FromStr for EnhancedCode {
    type Err = NoEnhancedCode;

    fn from_str(text: &str) -> Result<Self, NoEnhancedCode> {
        match Self::leading(text) {
            Some((code, "")) => Ok(code),
            _ => Err(NoEnhancedCode),
        }
    }
}

/// The text is no enhanced status code.
///
/// ```
/// use retry_email::EnhancedCode;
///
/// let error = "5-1-1".parse::<EnhancedCode>().unwrap_err();
/// assert!(error.to_string().contains("5.1.1"));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no enhanced status code; write it like 5.1.1, with a class of 2, 4 or 5 and up to three digits a number")]
#[non_exhaustive]
pub struct NoEnhancedCode;

/// Three numbers of one to three digits with dots between them, and what follows.
fn numbers(text: &str) -> Option<([u16; 3], &str)> {
    let mut rest = text;
    let mut numbers = [0; 3];
    for (n, number) in numbers.iter_mut().enumerate() {
        if n > 0 {
            rest = rest.strip_prefix('.')?;
        }
        let end = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, after) = rest.split_at_checked(end).filter(|_| matches!(end, 1..=3))?;
        *number = digits.parse().ok()?;
        rest = after;
    }
    Some((numbers, rest))
}

fn starts_with_dot_digit(text: &str) -> bool {
    matches!(text.as_bytes(), [b'.', b'0'..=b'9', ..])
}

#[cfg(feature = "classify")]
fn dots(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'.').map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leading(text: &str) -> Option<String> {
        EnhancedCode::leading(text).map(|(code, rest)| format!("{code}|{rest}"))
    }

    #[test]
    fn a_code_at_the_beginning_is_read_with_what_follows() {
        assert_eq!(leading("4.2.2 mailbox full").as_deref(), Some("4.2.2| mailbox full"));
        assert_eq!(leading("5.7.650").as_deref(), Some("5.7.650|"));
        assert_eq!(leading("5.1.1: no").as_deref(), Some("5.1.1|: no"));
        assert_eq!(leading("5.1.1. no").as_deref(), Some("5.1.1|. no"));
    }

    #[test]
    fn other_numbers_are_no_code() {
        for text in [
            "",
            "mailbox 4.2.2",
            "4.2",
            "4.2.",
            "4.2.2222",
            "4.2.+2",
            "3.2.1",
            "44.2.1",
            "4.2.1.1",
            "4.2.é",
            "...",
            "5.1.1x",
        ] {
            assert_eq!(leading(text), None, "{text}");
        }
    }

    #[cfg(feature = "classify")]
    #[test]
    fn a_code_is_found_anywhere_if_its_class_fits() {
        let found = |text, class| EnhancedCode::anywhere(text, class).map(|code| code.to_string());
        assert_eq!(found("no such mailbox (#5.1.1)", 5).as_deref(), Some("5.1.1"));
        assert_eq!(found("550-5.1.1 no", 5).as_deref(), Some("5.1.1"));
        assert_eq!(found("Postfix 2.10.1 says 4.2.0", 4).as_deref(), Some("4.2.0"));
        assert_eq!(found("client 5.1.1.7 refused", 5), None);
        assert_eq!(found("client 10.5.1.1 refused", 5), None);
        assert_eq!(found("deferred [#4.16.50]", 4), None, "no subject of RFC 3463");
        assert_eq!(found("é.5.1.1.é", 5), None);
    }
}
