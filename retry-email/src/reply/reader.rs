use super::Reply;
use super::line::{Lines, MOST_LINE};

/// The most bytes of one reply, kept or not: far beyond any reply, and an end for a server that never stops.
const MOST_BYTES: usize = 1024 * 1024;

/// Reads replies from a stream of bytes, which may be split anywhere. Does no I/O.
///
/// It keeps at most 12 KiB, whatever comes: of longer lines and replies the beginning counts. Line ends are CRLF or LF.
/// Empty lines before a reply are skipped. A line without code amid a reply of several lines is text.
///
/// ```
/// use retry_email::ReplyReader;
///
/// let mut reader = ReplyReader::new();
/// assert_eq!(reader.read(&mut b"250-mx.example.org\r\n25".as_slice())?, None);
///
/// let mut bytes = b"0 PIPELINING\r\n354 go ahead\r\n".as_slice();
/// assert_eq!(reader.read(&mut bytes)?.unwrap().text(), "mx.example.org\nPIPELINING");
/// assert_eq!(reader.read(&mut bytes)?.unwrap().code(), 354);
/// assert_eq!(reader.read(&mut bytes)?, None);
/// assert!(bytes.is_empty());
/// # Ok::<(), retry_email::ReplyError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReplyReader {
    line: Vec<u8>,
    lines: Lines,
    bytes: usize,
}

impl ReplyReader {
    /// A reader at the beginning of a reply.
    ///
    /// ```
    /// # use retry_email::ReplyReader;
    /// assert!(ReplyReader::new().is_at_start());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { line: Vec::new(), lines: Lines::new(), bytes: 0 }
    }

    /// Whether no byte of a reply has come since the last one was complete.
    ///
    /// ```
    /// # use retry_email::ReplyReader;
    /// let mut reader = ReplyReader::new();
    /// reader.read(&mut b"25".as_slice())?;
    /// assert!(!reader.is_at_start());
    /// # Ok::<(), retry_email::ReplyError>(())
    /// ```
    #[must_use]
    pub const fn is_at_start(&self) -> bool {
        self.bytes == 0
    }

    /// Takes bytes up to the end of the next reply, and gives it; `None` where all bytes are taken and it goes on.
    ///
    /// Never more than one reply: call again while bytes are left.
    ///
    /// # Errors
    /// A line that is no reply, or a reply without end: see [`ReplyError`]. The connection is of no use then; the reader
    /// begins anew.
    ///
    /// ```
    /// # use retry_email::{ReplyError, ReplyReader};
    /// let error = ReplyReader::new().read(&mut b"HTTP/1.1 400 Bad Request\r\n".as_slice());
    /// assert_eq!(error, Err(ReplyError::NoCode));
    /// ```
    pub fn read(&mut self, bytes: &mut &[u8]) -> Result<Option<Reply>, ReplyError> {
        while let Some((part, rest, is_end)) = split_line(bytes) {
            *bytes = rest;
            let room = MOST_LINE.saturating_sub(self.line.len());
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            self.bytes = self.bytes.saturating_add(part.len()).saturating_add(usize::from(is_end));
            if self.bytes > MOST_BYTES {
                *self = Self::new();
                return Err(ReplyError::Endless);
            }
            if is_end {
                match self.end_of_line() {
                    Ok(true) => {
                        self.bytes = 0;
                        return Ok(std::mem::take(&mut self.lines).reply());
                    }
                    Ok(false) => {}
                    Err(error) => {
                        *self = Self::new();
                        return Err(error);
                    }
                }
            }
        }
        Ok(None)
    }

    /// What the server had said when the connection ended, where that is a refusal (4yz or 5yz); an unfinished line
    /// counts. An unfinished promise (2yz or 3yz) is none. The reader begins anew.
    ///
    /// ```
    /// # use retry_email::ReplyReader;
    /// let mut reader = ReplyReader::new();
    /// reader.read(&mut b"554-5.7.1 go\r\n554-5.7.1 aw".as_slice())?;
    /// assert_eq!(reader.finish().unwrap().text(), "go\naw");
    ///
    /// reader.read(&mut b"250 2.0.0 qu".as_slice())?;
    /// assert_eq!(reader.finish(), None);
    /// # Ok::<(), retry_email::ReplyError>(())
    /// ```
    pub fn finish(&mut self) -> Option<Reply> {
        // An unreadable last line does not make the others undone.
        let _ = self.end_of_line();
        let reply = std::mem::take(self).lines.reply()?;
        matches!(reply.severity(), 4 | 5).then_some(reply)
    }

    /// Whether the line was the last of its reply.
    fn end_of_line(&mut self) -> Result<bool, ReplyError> {
        let is_last = self.lines.take(&self.line)?;
        self.line.clear();
        if self.lines.is_empty() {
            // A blank line, which is none.
            self.bytes = 0;
        }
        Ok(is_last)
    }
}

/// Why bytes are no reply.
///
/// ```
/// use retry_email::{Reply, ReplyError};
///
/// assert_eq!(Reply::parse(b"hello"), Err(ReplyError::NoCode));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplyError {
    /// A reply begins with three digits, and this does not.
    #[error("the server's line does not begin with a three-digit code: close the connection, this is not SMTP")]
    NoCode,
    /// Over a mebibyte, and still not complete.
    #[error("the server's reply has no end after 1 MiB: close the connection")]
    Endless,
}

/// Up to and without the next line feed: the part, what follows, and whether there was a line feed.
fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8], bool)> {
    if bytes.is_empty() {
        return None;
    }
    Some(match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..], true),
        None => (bytes, &[], false),
    })
}
