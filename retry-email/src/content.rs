//! A message's bytes, on their way to the wire.

/// What must be known of a message before it is offered to a server: one look over its bytes.
///
/// ```
/// use retry_email::Content;
///
/// let content = Content::of(b"Subject: hello\n\nHello, B\xc3\xb6b\n");
/// // Two lines and an empty one, each with CRLF on the wire.
/// assert_eq!(content.size(), 31);
/// assert!(content.is_eight_bit() && !content.has_utf8_header());
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Content {
    size: u64,
    eight_bit: bool,
    utf8_header: bool,
}

impl Content {
    /// Looks over a message, header and body. Line ends may be CRLF, LF or CR.
    ///
    /// ```
    /// # use retry_email::Content;
    /// assert_eq!(Content::of(b"a\r\n").size(), Content::of(b"a\n").size());
    /// ```
    #[must_use]
    pub fn of(message: &[u8]) -> Self {
        let (mut line, mut ends, mut end_bytes, mut header_end) = (0, 0, 0, None);
        for at in memchr::memchr2_iter(b'\n', b'\r', message) {
            end_bytes += 1;
            let is_after_cr = at > 0 && message[at - 1] == b'\r';
            if !(message[at] == b'\n' && is_after_cr) {
                ends += 1;
                if line == at {
                    header_end.get_or_insert(at);
                }
            }
            line = at + 1;
        }
        // The last line gets an end, if it has none.
        ends += usize::from(line < message.len());
        let size = u64::try_from(message.len() - end_bytes + 2 * ends).unwrap_or(u64::MAX);
        let eight_bit = !message.is_ascii();
        let header = &message[..header_end.unwrap_or(message.len())];
        Self { size, eight_bit, utf8_header: eight_bit && !header.is_ascii() }
    }

    /// Its length in bytes as `SIZE` counts it (RFC 1870): with CRLF line ends, without the dots that are doubled.
    ///
    /// ```
    /// # use retry_email::Content;
    /// assert_eq!(Content::of(b".\n").size(), 3);
    /// ```
    #[must_use]
    pub const fn size(self) -> u64 {
        self.size
    }

    /// Whether it needs 8BITMIME.
    ///
    /// ```
    /// # use retry_email::Content;
    /// assert!(!Content::of(b"Subject: plain\n\nplain").is_eight_bit());
    /// ```
    #[must_use]
    pub const fn is_eight_bit(self) -> bool {
        self.eight_bit
    }

    /// Whether its header holds bytes outside ASCII, so that it needs SMTPUTF8.
    ///
    /// ```
    /// # use retry_email::Content;
    /// assert!(Content::of("Subject: Grüße\n\n".as_bytes()).has_utf8_header());
    /// ```
    #[must_use]
    pub const fn has_utf8_header(self) -> bool {
        self.utf8_header
    }
}

/// Turns a message into what follows a 354: CRLF line ends, and a dot at the beginning of a line doubled (RFC 5321 section
/// 4.5.2).
///
/// A lone LF or CR becomes CRLF, so that no server can see an end of the message where another sees none (SMTP smuggling).
/// It may be fed in pieces, cut anywhere. The final dot itself is [`Transaction`](crate::Transaction)'s.
///
/// ```
/// use retry_email::DotStuffing;
///
/// let (mut stuffing, mut wire) = (DotStuffing::default(), Vec::new());
/// stuffing.push(b"one\n.two\r", &mut wire);
/// stuffing.push(b"\nthree", &mut wire);
/// stuffing.finish(&mut wire);
/// assert_eq!(wire, b"one\r\n..two\r\nthree\r\n");
/// ```
#[derive(Clone, Debug, Default)]
pub struct DotStuffing {
    wire: Wire,
}

impl DotStuffing {
    /// Appends the next piece to `wire`.
    ///
    /// ```
    /// # use retry_email::DotStuffing;
    /// let mut wire = Vec::new();
    /// DotStuffing::default().push(b".", &mut wire);
    /// assert_eq!(wire, b"..");
    /// ```
    pub fn push(&mut self, piece: &[u8], wire: &mut Vec<u8>) {
        wire.reserve(piece.len() + piece.len() / 32);
        let mut rest = piece;
        while let Some(at) = memchr::memchr2(b'\n', b'\r', rest) {
            self.push_run(&rest[..at], wire);
            self.push_end(rest[at], wire);
            rest = &rest[at + 1..];
        }
        self.push_run(rest, wire);
    }

    /// Ends the last line, if it has no end. Afterwards it is as new.
    ///
    /// ```
    /// # use retry_email::DotStuffing;
    /// let mut wire = Vec::new();
    /// DotStuffing::default().finish(&mut wire);
    /// assert_eq!(wire, b"");
    /// ```
    pub fn finish(&mut self, wire: &mut Vec<u8>) {
        if self.wire.in_line {
            wire.extend_from_slice(b"\r\n");
        }
        self.wire = Wire::default();
    }

    fn push_run(&mut self, run: &[u8], wire: &mut Vec<u8>) {
        let Some(first) = run.first() else { return };
        if *first == b'.' && !self.wire.in_line {
            wire.push(b'.');
        }
        wire.extend_from_slice(run);
        self.wire = Wire { in_line: true, after_cr: false };
    }

    fn push_end(&mut self, end: u8, wire: &mut Vec<u8>) {
        if self.wire.end(end) {
            wire.extend_from_slice(b"\r\n");
        }
    }
}

/// Where in its lines a message is.
#[derive(Clone, Copy, Debug, Default)]
struct Wire {
    in_line: bool,
    /// The last byte was a CR, whose line end is written already.
    after_cr: bool,
}

impl Wire {
    /// Whether this line end is one of its own, and not the LF of a CRLF.
    const fn end(&mut self, end: u8) -> bool {
        let is_new = !(end == b'\n' && self.after_cr);
        *self = Self { in_line: false, after_cr: end == b'\r' };
        is_new
    }
}
