/// Holds the bytes of a server's reply, exactly as they are sent.
///
/// Nothing is checked or mended: a reply may be as wrong as a test needs it.
///
/// # Examples
///
/// ```
/// use testkit::smtp::Reply;
///
/// let reply = Reply::new("450 4.2.0 try later");
/// assert_eq!(reply.as_bytes(), b"450 4.2.0 try later\r\n");
/// assert_eq!(reply.code(), Some(450));
///
/// let reply = Reply::lines(["550-5.7.1 the codes of one reply", "554 5.7.1 may differ"]);
/// assert_eq!(reply.code(), Some(554));
///
/// let reply = Reply::raw(b"550 5.1.1 inconnu \xe0 cette adresse\n");
/// assert_eq!(reply.code(), Some(550));
///
/// assert_eq!(Reply::raw(b"25").code(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Reply {
    bytes: Vec<u8>,
}

impl Reply {
    /// Creates a reply of one line. CRLF is added.
    ///
    /// ```
    /// # use testkit::smtp::Reply;
    /// let busy = Reply::new("450 4.2.1 mailbox busy");
    /// assert_eq!(busy.as_bytes(), b"450 4.2.1 mailbox busy\r\n");
    /// ```
    pub fn new(line: impl AsRef<str>) -> Self {
        Self::lines([line])
    }

    /// Creates a reply of several lines, each complete with code and hyphen or space. CRLF is added to each.
    ///
    /// ```
    /// # use testkit::smtp::Reply;
    /// let lines = ["550-5.7.1 Refused.", "550 5.7.1 Ask the postmaster."];
    /// assert_eq!(Reply::lines(lines).as_bytes(), b"550-5.7.1 Refused.\r\n550 5.7.1 Ask the postmaster.\r\n");
    /// ```
    pub fn lines<I>(lines: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut bytes = Vec::new();
        for line in lines {
            bytes.extend_from_slice(line.as_ref().as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        Self { bytes }
    }

    /// Creates a reply of any bytes. Nothing is added.
    ///
    /// ```
    /// # use testkit::smtp::Reply;
    /// let wrong = Reply::raw(b"250 re\xe7u\n"); // neither ASCII nor UTF-8, and no CR
    /// assert_eq!(wrong.as_bytes(), b"250 re\xe7u\n");
    /// ```
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into() }
    }

    /// Returns the bytes that are sent.
    ///
    /// ```
    /// # use testkit::smtp::Reply;
    /// let reply = Reply::new("250 Ok");
    /// let half = Reply::raw(&reply.as_bytes()[..2]);
    /// assert_eq!(half.code(), None);
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the code of the last line, `None` if that does not begin with three digits.
    ///
    /// ```
    /// # use testkit::smtp::Reply;
    /// assert_eq!(Reply::lines(["250-One thing", "451 and another"]).code(), Some(451));
    /// assert_eq!(Reply::new("Ok").code(), None);
    /// ```
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        let text = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        let last = text.rsplit(|byte| *byte == b'\n').next()?;
        let digits = last.get(..3).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
        Some(digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0')))
    }

    /// Whether the server thereby does what it was asked to do (2yz).
    pub(super) fn is_positive(&self) -> bool {
        matches!(self.code(), Some(200..=299))
    }

    /// Whether the server thereby asks the client to go on (3yz).
    pub(super) fn is_intermediate(&self) -> bool {
        matches!(self.code(), Some(300..=399))
    }

    pub(super) const fn none() -> Self {
        Self { bytes: Vec::new() }
    }
}

impl From<&str> for Reply {
    fn from(line: &str) -> Self {
        Self::new(line)
    }
}

impl From<String> for Reply {
    fn from(line: String) -> Self {
        Self::new(line)
    }
}
