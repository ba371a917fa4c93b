use std::time::Duration;

/// What the server does about one request.
///
/// # Examples
///
/// ```
/// use testkit::http::{Answer, HttpServer, Script};
///
/// let server = HttpServer::start(Script::of([Answer::status(503).header("retry-after", "2"), Answer::reset()]))?;
/// let said = server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?;
/// assert_eq!(said, "HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
/// assert!(server.ask("GET / HTTP/1.1\r\n\r\n").is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Answer {
    head: Head,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    worked: bool,
    pub(super) takes: Duration,
    pub(super) is_slow: bool,
    cut: Option<usize>,
    pub(super) end: End,
}

#[derive(Clone, Debug)]
enum Head {
    Status(u16),
    /// Bytes as they are; no head at all.
    Raw(Vec<u8>),
}

/// What becomes of the connection after an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    Stay,
    /// Announced.
    Close,
    Drop,
    Reset,
    Hang,
}

impl Answer {
    /// An answer with this status and nothing else; the connection stays open.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(404)]))?;
    /// assert!(server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?.starts_with("HTTP/1.1 404 Not Found\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn status(status: u16) -> Self {
        let worked = (200..300).contains(&status);
        Self::new(Head::Status(status), End::Stay, worked)
    }

    /// These bytes as they are, and then a close.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::raw("220 smtp.example.org ESMTP\r\n")]))?;
    /// assert_eq!(server.ask("GET / HTTP/1.1\r\n\r\n")?, "220 smtp.example.org ESMTP\r\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(Head::Raw(bytes.into()), End::Drop, false)
    }

    /// A close without a byte.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::hang_up()]))?;
    /// assert_eq!(server.ask("GET / HTTP/1.1\r\n\r\n")?, "");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn hang_up() -> Self {
        Self::raw([])
    }

    /// A reset (RST) without a byte.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::reset()]))?;
    /// assert!(server.ask("GET / HTTP/1.1\r\n\r\n").is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn reset() -> Self {
        Self::raw([]).then_reset()
    }

    /// No byte, on a connection that stays open until the client goes.
    ///
    /// ```
    /// # use std::{io::Write, net::TcpStream, time::Duration};
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::hang()]))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"GET / HTTP/1.1\r\n\r\n")?;
    /// drop(client); // who waits for the answer waits for ever
    /// assert!(server.wait_until_closed(1, Duration::from_secs(60)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn hang() -> Self {
        Self::raw([]).then_hang()
    }

    const fn new(head: Head, end: End, worked: bool) -> Self {
        Self {
            head,
            headers: Vec::new(),
            body: Vec::new(),
            worked,
            takes: Duration::ZERO,
            is_slow: false,
            cut: None,
            end,
        }
    }

    /// Adds a header; the value may be any bytes. The length of the body is stated unless a header states it otherwise.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(429).header("Retry-After", "30")]))?;
    /// assert!(server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?.contains("\r\nRetry-After: 30\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Replaces the body.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(200).body("hello")]))?;
    /// assert!(server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?.ends_with("\r\n\r\nhello"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Replaces the body by JSON, with its content type.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(422).json("{}")]))?;
    /// let said = server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?;
    /// assert!(said.contains("\r\nContent-Type: application/json\r\n") && said.ends_with("{}"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn json(self, body: impl Into<Vec<u8>>) -> Self {
        self.header("Content-Type", "application/json").body(body)
    }

    /// What was asked for is done, whatever the answer says.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(504).after_work()]))?;
    /// server.ask("POST / HTTP/1.1\r\nX-Request-Id: 7\r\nConnection: close\r\n\r\n")?;
    /// assert_eq!(server.processed("7"), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn after_work(mut self) -> Self {
        self.worked = true;
        self
    }

    /// Nothing is done, whatever the answer says.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(200).without_work()]))?;
    /// server.ask("POST / HTTP/1.1\r\nX-Request-Id: 7\r\nConnection: close\r\n\r\n")?;
    /// assert_eq!(server.processed("7"), 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn without_work(mut self) -> Self {
        self.worked = false;
        self
    }

    /// Sends so many bytes of the answer at the most, and then drops the connection unless told otherwise.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(200).cut_after(8)]))?;
    /// assert_eq!(server.ask("GET / HTTP/1.1\r\n\r\n")?, "HTTP/1.1");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn cut_after(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        if matches!(self.end, End::Stay | End::Close) {
            self.end = End::Drop;
        }
        self
    }

    /// Sends each byte by itself.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(200).body("slow").byte_by_byte()]))?;
    /// assert!(server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?.ends_with("slow"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn byte_by_byte(mut self) -> Self {
        self.is_slow = true;
        self
    }

    /// How long the answer takes, by the script's [`time`](super::Script::time); without one it takes none.
    ///
    /// ```
    /// # use std::{sync::mpsc, time::Duration};
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let (sender, taken) = mpsc::channel();
    /// let slow = Script::of([Answer::status(200).takes(Duration::from_secs(9))]);
    /// let server = HttpServer::start(slow.time(move |taken| _ = sender.send(taken)))?;
    /// server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?;
    /// assert_eq!(taken.recv(), Ok(Duration::from_secs(9)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn takes(mut self, time: Duration) -> Self {
        self.takes = time;
        self
    }

    /// Says that the connection ends, and ends it.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(200).then_close()]))?;
    /// assert!(server.ask("GET / HTTP/1.1\r\n\r\n")?.contains("\r\nConnection: close\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn then_close(mut self) -> Self {
        self.end = End::Close;
        self
    }

    /// Ends the connection without having said so.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(200).then_drop()]))?;
    /// assert!(!server.ask("GET / HTTP/1.1\r\n\r\n")?.contains("Connection"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn then_drop(mut self) -> Self {
        self.end = End::Drop;
        self
    }

    /// Ends the connection by a reset (RST), which may overtake what was sent.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(200).then_reset()]))?;
    /// let _ = server.ask("GET / HTTP/1.1\r\n\r\n");
    /// assert_eq!(server.requests().len(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn then_reset(mut self) -> Self {
        self.end = End::Reset;
        self
    }

    /// Sends nothing more, and leaves the connection open until the client goes.
    ///
    /// ```
    /// # use std::{io::{Read, Write}, net::TcpStream};
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(200).cut_after(4).then_hang()]))?;
    /// let (mut client, mut start) = (TcpStream::connect(server.addr())?, [0; 4]);
    /// client.write_all(b"GET / HTTP/1.1\r\n\r\n")?;
    /// client.read_exact(&mut start)?; // and here it would wait
    /// assert_eq!(&start, b"HTTP");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn then_hang(mut self) -> Self {
        self.end = End::Hang;
        self
    }

    /// Whether what was asked for is done.
    pub(super) const fn does_work(&self) -> bool {
        self.worked
    }

    /// What is sent, to a request that wants the body or not.
    pub(super) fn bytes(&self, is_head: bool) -> Vec<u8> {
        let mut bytes = match &self.head {
            Head::Raw(bytes) => bytes.clone(),
            Head::Status(status) => self.with_head(*status, is_head),
        };
        bytes.truncate(self.cut.unwrap_or(usize::MAX));
        bytes
    }

    fn with_head(&self, status: u16, is_head: bool) -> Vec<u8> {
        let states = |name: &str| self.headers.iter().any(|(header, _)| header.eq_ignore_ascii_case(name));
        let mut bytes = format!("HTTP/1.1 {status} {}\r\n", phrase(status)).into_bytes();
        let mut add = |name: &str, value: &[u8]| {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        };
        for (name, value) in &self.headers {
            add(name, value);
        }
        if self.end == End::Close && !states("connection") {
            add("Connection", b"close");
        }
        // RFC 9110 section 8.6: no length in these.
        let has_body = !matches!(status, 100..200 | 204 | 304);
        if has_body && !states("content-length") && !states("transfer-encoding") {
            add("Content-Length", self.body.len().to_string().as_bytes());
        }
        bytes.extend(b"\r\n");
        if has_body && !is_head {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

/// As RFC 9110 section 15 has it.
const fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        409 => "Conflict",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        // Nobody reads it, and it may be empty.
        _ => "",
    }
}
