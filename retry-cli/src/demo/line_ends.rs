//! Line ends as mail has them.

/// `text` with CRLF for every line end: LF, CR and CRLF (RFC 5321, section 2.3.8). The last line gets one if it has none.
pub(super) fn to_crlf(text: &[u8]) -> Vec<u8> {
    let mut crlf = Vec::with_capacity(text.len() + text.len() / 32 + 2);
    let mut last = b'\n';
    for &byte in text {
        match (last, byte) {
            (b'\r', b'\n') => {}
            (_, b'\r' | b'\n') => crlf.extend_from_slice(b"\r\n"),
            (_, other) => crlf.push(other),
        }
        last = byte;
    }
    if !matches!(last, b'\r' | b'\n') {
        crlf.extend_from_slice(b"\r\n");
    }
    crlf
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_becomes_crlf() {
        for (text, expected) in [
            ("", ""),
            ("a", "a\r\n"),
            ("a\nb", "a\r\nb\r\n"),
            ("a\r\nb\r\n", "a\r\nb\r\n"),
            ("a\rb\r", "a\r\nb\r\n"),
            ("\n\r\n\r\r\n\n", "\r\n\r\n\r\n\r\n\r\n"),
            ("\r\r", "\r\n\r\n"),
            ("\n.\n", "\r\n.\r\n"),
        ] {
            assert_eq!(to_crlf(text.as_bytes()), expected.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn other_bytes_stay_as_they_are() {
        assert_eq!(to_crlf(b"\0\xff\xe9 \t.\n"), b"\0\xff\xe9 \t.\r\n");
    }
}
