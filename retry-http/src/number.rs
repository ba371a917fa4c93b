//! Numbers in header values.

use crate::InvalidHeader;

/// The value as text, without white space around.
pub(crate) fn text(value: &[u8]) -> Result<&str, InvalidHeader> {
    let value = value.trim_ascii();
    if value.is_empty() {
        return Err(InvalidHeader::Empty);
    }
    std::str::from_utf8(value).map_err(|_| InvalidHeader::NoDelay)
}

/// ASCII digits alone, as a number; the greatest where they are more than fit.
pub(crate) fn digits(text: &str) -> Option<u64> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().unwrap_or(u64::MAX))
}
