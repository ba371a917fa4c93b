//! What a server says.

mod enhanced;
mod line;
mod reader;

pub use enhanced::{EnhancedCode, NoEnhancedCode};
pub use reader::{ReplyError, ReplyReader};

/// A server's reply: code, enhanced status code, text.
///
/// It is read as leniently as possible (RFC 5321 section 4.2 asks clients for it): any three digits, a bare code, 8-bit
/// text (UTF-8, or else Latin-1), LF without CR, codes that differ between the lines. The text has one line a line of the
/// reply, without the codes.
///
/// | of several lines with different codes | counts |
/// |---|---|
/// | the code | the last line's |
/// | the severity | the last line's first digit; but 4 where the lines disagree, as nothing is lost by another try |
/// | the enhanced code | the first one |
///
/// ```
/// use retry_email::Reply;
///
/// let reply = Reply::parse(b"550-5.7.26 Not signed.\r\n550 5.7.26 See our rules.\r\n")?;
/// assert_eq!((reply.code(), reply.severity()), (550, 5));
/// assert_eq!(reply.enhanced().unwrap().to_string(), "5.7.26");
/// assert_eq!(reply.text(), "Not signed.\nSee our rules.");
/// # Ok::<(), retry_email::ReplyError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Reply {
    code: u16,
    severity: u16,
    enhanced: Option<EnhancedCode>,
    text: String,
}

impl Reply {
    /// Makes a reply of its parts: what a library has already taken apart. An enhanced code at the beginning of a line of
    /// `text` is taken from there.
    ///
    /// ```
    /// use retry_email::Reply;
    ///
    /// let reply = Reply::new(450, "4.2.0 Greylisted");
    /// assert_eq!(reply.enhanced().unwrap().to_string(), "4.2.0");
    /// assert_eq!(reply.text(), "Greylisted");
    /// ```
    #[must_use]
    pub fn new(code: u16, text: &str) -> Self {
        let mut lines = line::Lines::default();
        for text in text.lines() {
            lines.add(code, text);
        }
        lines.reply().unwrap_or_else(|| Self { code, severity: code / 100, enhanced: None, text: String::new() })
    }

    /// Parses one whole reply. A missing end of the last line is no fault; what follows the reply is ignored.
    ///
    /// ```
    /// use retry_email::Reply;
    ///
    /// assert_eq!(Reply::parse(b"571")?.code(), 571);
    /// assert_eq!(Reply::parse(b"550 bo\xeete inconnue\n")?.text(), "boîte inconnue");
    /// assert!(Reply::parse(b"hello").is_err());
    /// # Ok::<(), retry_email::ReplyError>(())
    /// ```
    ///
    /// # Errors
    /// Where it does not begin with three digits, or promises (2yz, 3yz) and has no end: [`ReplyError::NoCode`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ReplyError> {
        let mut lines = line::Lines::default();
        for line in bytes.split(|byte| *byte == b'\n') {
            if lines.take(line)? {
                return lines.reply().ok_or(ReplyError::NoCode);
            }
        }
        // The last line was not the last: only a refusal counts.
        lines.reply().filter(|reply| matches!(reply.severity, 4 | 5)).ok_or(ReplyError::NoCode)
    }

    /// A reply of one line, borrowed: code, enhanced code and text, the same as [`parse`](Self::parse) finds. `None` where it has
    /// more lines, or is none.
    #[cfg(feature = "classify")]
    pub(crate) fn one_line(text: &str) -> Option<(u16, Option<EnhancedCode>, &str)> {
        let line = text.split_once('\n').map_or(text, |(line, _)| line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.len() > line::MOST_LINE {
            return None;
        }
        let line::Line { code, text: rest, .. } = line::Line::parse(line.as_bytes()).filter(|line| !line.continues)?;
        let text = line.get(line.len() - rest.len()..)?.trim_start();
        let (enhanced, text) = EnhancedCode::leading(text).map_or((None, text), |(code, rest)| (Some(code), rest));
        Some((code, enhanced, text.trim()))
    }

    /// The code: three digits, of the last line.
    ///
    /// ```
    /// # use retry_email::Reply;
    /// assert_eq!(Reply::new(354, "go ahead").code(), 354);
    /// ```
    #[must_use]
    pub const fn code(&self) -> u16 {
        self.code
    }

    /// The first digit that counts: 2 success, 3 go on, 4 transient, 5 permanent; 4 where lines disagree.
    ///
    /// ```
    /// use retry_email::Reply;
    ///
    /// assert_eq!(Reply::parse(b"550-one thing\r\n450 and another\r\n")?.severity(), 4);
    /// assert_eq!(Reply::parse(b"450-one thing\r\n550 and another\r\n")?.severity(), 4);
    /// # Ok::<(), retry_email::ReplyError>(())
    /// ```
    #[must_use]
    pub const fn severity(&self) -> u16 {
        self.severity
    }

    /// The enhanced status code at the beginning of the text.
    ///
    /// ```
    /// # use retry_email::Reply;
    /// assert_eq!(Reply::new(250, "queued").enhanced(), None);
    /// ```
    #[must_use]
    pub const fn enhanced(&self) -> Option<EnhancedCode> {
        self.enhanced
    }

    /// The text without codes, `\n` between the lines.
    ///
    /// ```
    /// # use retry_email::Reply;
    /// assert_eq!(Reply::new(250, "2.0.0 queued").text(), "queued");
    /// ```
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[cfg(feature = "classify")]
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl std::fmt::Display for Reply {
    /// In one line: code, enhanced code, text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = self.enhanced {
            write!(f, " {enhanced}")?;
        }
        self.text.split('\n').filter(|line| !line.is_empty()).try_for_each(|line| write!(f, " {line}"))
    }
}
