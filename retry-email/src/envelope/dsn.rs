//! Parameters of delivery status notifications: RFC 3461.

/// What a failure notice carries of the message: `RET`.
///
/// ```
/// assert_ne!(retry_email::Return::Full, retry_email::Return::Headers);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Return {
    /// All of it: `RET=FULL`.
    Full,
    /// Its header: `RET=HDRS`.
    Headers,
}

/// Of what a recipient's sender is notified: `NOTIFY`.
///
/// ```
/// use retry_email::Notify;
///
/// assert_eq!(Notify::FAILURE.and(Notify::DELAY), Notify::DELAY.and(Notify::FAILURE));
/// // Never excludes all else.
/// assert_eq!(Notify::NEVER.and(Notify::SUCCESS), Notify::SUCCESS);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Notify {
    bits: u8,
}

impl Notify {
    /// Of nothing.
    pub const NEVER: Self = Self { bits: 0 };
    /// Of a delivery.
    pub const SUCCESS: Self = Self { bits: 1 };
    /// Of a failure.
    pub const FAILURE: Self = Self { bits: 2 };
    /// Of a delay.
    pub const DELAY: Self = Self { bits: 4 };

    /// Of both.
    ///
    /// ```
    /// # use retry_email::Notify;
    /// assert_eq!(Notify::FAILURE.and(Notify::FAILURE), Notify::FAILURE);
    /// ```
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits }
    }
}

const WORDS: [(Notify, &[u8]); 3] =
    [(Notify::SUCCESS, b"SUCCESS"), (Notify::FAILURE, b"FAILURE"), (Notify::DELAY, b"DELAY")];

pub(super) fn write_mail(returned: Option<Return>, id: Option<&str>, out: &mut Vec<u8>) {
    match returned {
        Some(Return::Full) => out.extend_from_slice(b" RET=FULL"),
        Some(Return::Headers) => out.extend_from_slice(b" RET=HDRS"),
        None => {}
    }
    if let Some(id) = id {
        out.extend_from_slice(b" ENVID=");
        write_xtext(id, out);
    }
}

pub(super) fn write_rcpt(notify: Option<Notify>, original: Option<&str>, out: &mut Vec<u8>) {
    if let Some(notify) = notify {
        out.extend_from_slice(b" NOTIFY=");
        let of = WORDS.iter().filter(|(of, _)| notify.bits & of.bits != 0).map(|(_, word)| *word);
        let words: Vec<&[u8]> = of.collect();
        out.extend_from_slice(&if words.is_empty() { b"NEVER".to_vec() } else { words.join(&b","[..]) });
    }
    if let Some(original) = original {
        // RFC 6533: an address outside ASCII has a type of its own.
        out.extend_from_slice(if original.is_ascii() { b" ORCPT=rfc822;" } else { b" ORCPT=utf-8;" });
        write_xtext(original, out);
    }
}

/// Whatever is no printable ASCII, `+` and `=` in hexadecimal (RFC 3461 section 4).
fn write_xtext(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text.as_bytes() {
        if matches!(byte, b'!'..=b'~') && byte != b'+' && byte != b'=' {
            out.push(byte);
        } else {
            out.extend_from_slice(&[b'+', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
}
