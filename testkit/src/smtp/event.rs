use std::fmt;

use super::stage::Stage;

/// Holds one line of a transcript: what came in, or went out, at once.
///
/// A command is an event, and a whole reply. A message body is one event, too, without its final dot and with doubled
/// dots undone. What the client sends after the server has closed is not recorded.
///
/// Displayed as the number of the connection, `C:` or `S:` for the side that spoke, and the bytes; those that are not
/// printable ASCII are escaped, a final line break is left out.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use std::net::TcpStream;
///
/// use testkit::smtp::{Direction, Script, SmtpServer, Stage};
///
/// let server = SmtpServer::start(Script::new())?;
/// let mut client = TcpStream::connect(server.addr())?;
/// client.write_all(b"NOOP\r\nQUIT\r\n")?;
/// std::io::copy(&mut client, &mut std::io::sink())?; // up to the server's close
///
/// let transcript = server.transcript();
/// assert_eq!(transcript[1].connection, 1);
/// assert_eq!(transcript[1].direction, Direction::Received);
/// assert_eq!(transcript[1].stage, Some(Stage::Noop));
/// assert_eq!(transcript[1].bytes, b"NOOP\r\n");
/// assert_eq!(transcript[1].to_string(), "1 C: NOOP");
/// assert_eq!(transcript[2].to_string(), "1 S: 250 Ok");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The number of the connection, counted from 1.
    pub connection: usize,
    /// The way the bytes went.
    pub direction: Direction,
    /// The stage; `None` at a command that has none (`VRFY`, `AUTH`), is unknown, or came while the server hung.
    pub stage: Option<Stage>,
    /// The bytes with their line breaks. Of a line over 64 KiB, the beginning.
    pub bytes: Vec<u8>,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.direction {
            Direction::Received => 'C',
            Direction::Sent => 'S',
        };
        let line = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        write!(f, "{} {side}: {}", self.connection, line.escape_ascii())
    }
}

/// Says which way bytes went, as seen from the server.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use std::net::TcpStream;
///
/// use testkit::smtp::{Direction, Script, SmtpServer};
///
/// let server = SmtpServer::start(Script::new())?;
/// let mut client = TcpStream::connect(server.addr())?;
/// client.write_all(b"HELO c\r\nQUIT\r\n")?;
/// std::io::copy(&mut client, &mut std::io::sink())?; // up to the server's close
///
/// let transcript = server.transcript();
/// let replies: Vec<_> = transcript.iter().filter(|event| event.direction == Direction::Sent).collect();
/// assert_eq!(replies.len(), 3); // the greeting is the first
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// From the client to the server.
    Received,
    /// From the server to the client.
    Sent,
}
