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
        let mut wire = Wire::default();
        let (mut size, mut eight_bit, mut header_end, mut line_is_empty) = (0_u64, None, None, true);
        for (at, &byte) in message.iter().enumerate() {
            size += wire.length_of(byte);
            if byte >= 0x80 {
                eight_bit.get_or_insert(at);
            }
            match byte {
                b'\n' | b'\r' if header_end.is_none() => {
                    let ends_line = byte == b'\r' || at == 0 || message[at - 1] != b'\r';
                    if ends_line && line_is_empty {
                        header_end = Some(at);
                    }
                    line_is_empty = true;
                }
                _ => line_is_empty = false,
            }
        }
        size += wire.length_of_end();
        let header_end = header_end.unwrap_or(message.len());
        Self { size, eight_bit: eight_bit.is_some(), utf8_header: eight_bit.is_some_and(|at| at < header_end) }
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
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
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
        if self.wire.length_of(end) > 0 {
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
    /// How many bytes `byte` makes, doubled dots aside.
    fn length_of(&mut self, byte: u8) -> u64 {
        let after_cr = std::mem::take(&mut self.after_cr);
        match byte {
            b'\n' if after_cr => 0,
            b'\n' | b'\r' => {
                *self = Self { in_line: false, after_cr: byte == b'\r' };
                2
            }
            _ => {
                self.in_line = true;
                1
            }
        }
    }

    fn length_of_end(self) -> u64 {
        if self.in_line { 2 } else { 0 }
    }
}
