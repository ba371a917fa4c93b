use std::io::{self, BufRead, Read};

/// A request as the server received it.
///
/// ```
/// # use testkit::http::{HttpServer, Script};
/// let server = HttpServer::start(Script::new())?;
/// server.ask("PUT /a HTTP/1.1\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")?;
/// let request = &server.requests()[0];
/// assert_eq!((&*request.method, &*request.target, &*request.body), ("PUT", "/a", &b"hello"[..]));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// The number of its connection, from 1.
    pub connection: usize,
    /// As it was sent.
    pub method: String,
    /// The path, with its query.
    pub target: String,
    /// Names in lower case, in their order.
    pub headers: Vec<(String, String)>,
    /// The body, without its chunks' framing.
    pub body: Vec<u8>,
}

/// The most that is read of a head or a body. A test that sends more has gone astray.
const MOST: u64 = 16 << 20;

impl Request {
    /// A header's first value.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new())?;
    /// server.ask("GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n")?;
    /// assert_eq!(server.requests()[0].header("Host"), Some("example.org"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// By what its work is counted: `idempotency-key` without quotes, else `x-request-id`.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new())?;
    /// server.ask("POST / HTTP/1.1\r\nIdempotency-Key: \"7\"\r\nConnection: close\r\n\r\n")?;
    /// assert_eq!(server.requests()[0].id(), Some("7"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        let key = self.header("idempotency-key").map(|key| key.trim_matches('"'));
        key.or_else(|| self.header("x-request-id"))
    }

    pub(super) fn has_key(&self) -> bool {
        self.header("idempotency-key").is_some()
    }

    pub(super) fn wants_close(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    /// Reads the next request; `None`: the client has gone, or speaks another protocol.
    pub(super) fn read(stream: &mut impl BufRead, connection: usize) -> io::Result<Option<Self>> {
        let Some(first) = line(stream)? else { return Ok(None) };
        let mut words = first.split_ascii_whitespace();
        let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
        let mut request = Self {
            connection,
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        loop {
            match line(stream)?.as_deref() {
                None => return Ok(None),
                Some("") => break,
                Some(header) => {
                    let (name, value) = header.split_once(':').unwrap_or((header, ""));
                    request.headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
        }
        let is_chunked = request.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
        let length = request.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        let is_whole =
            if is_chunked { chunks(stream, &mut request.body)? } else { exactly(stream, length, &mut request.body)? };
        Ok(is_whole.then_some(request))
    }
}

/// A line without its end; `None` at the end of the stream.
fn line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    stream.take(MOST).read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(line.trim_ascii_end()).into_owned()))
}

/// Whether so many bytes came.
fn exactly(stream: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<bool> {
    let length = length.min(MOST);
    Ok(stream.take(length).read_to_end(body)? as u64 == length)
}

/// RFC 9112 section 7.1, without extensions and trailers.
fn chunks(stream: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        let Some(size) = line(stream)? else { return Ok(false) };
        let Ok(size) = u64::from_str_radix(size.trim(), 16) else { return Ok(false) };
        if !exactly(stream, size, body)? || line(stream)?.is_none() {
            return Ok(false);
        }
        if size == 0 {
            return Ok(true);
        }
    }
}
