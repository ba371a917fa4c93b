use std::time::Duration;

use super::reply::Reply;

/// Says what the server does at a stage: which reply it gives, how, and what becomes of the connection.
///
/// A line of text or a [`Reply`] is a reaction too, by `From`: the connection goes on after it.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use testkit::smtp::{Reaction, Reply};
///
/// // A busy server that closes.
/// let busy = Reaction::reply("421 4.3.2 closing").then_close();
///
/// // The acknowledgement comes late, two bytes at a time, and breaks off in the middle by a reset.
/// let late = Reaction::accept().delayed(Duration::from_millis(5));
/// let broken = late.paced(2, Duration::ZERO).cut_after(7).then_reset();
///
/// assert_ne!(busy, broken);
/// assert_eq!(Reaction::from("450 4.2.0 later"), Reaction::reply(Reply::new("450 4.2.0 later")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Reaction {
    /// `None` for the reply of a well-behaved server.
    pub(super) reply: Option<Reply>,
    pub(super) delay: Duration,
    pub(super) pace: Option<Pace>,
    pub(super) cut: Option<usize>,
    pub(super) then: Then,
    pub(super) body_bytes: usize,
}

/// How the bytes of a reply are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) chunk: usize,
    pub(super) pause: Duration,
}

/// What follows the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Continue,
    Close,
    Reset,
    Hang,
}

impl Reaction {
    /// Does what a well-behaved server does. The base of a reaction that differs in manner only.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let dialogue = Dialogue::new().on(Stage::Noop.nth(1), Reaction::accept()).on(Stage::Noop, "450 4.2.0 later");
    /// let server = SmtpServer::start(dialogue)?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"NOOP\r\nNOOP\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.contains("250 Ok\r\n450 4.2.0 later\r\n")); // all but the first are refused
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn accept() -> Self {
        Self { reply: None, delay: Duration::ZERO, pace: None, cut: None, then: Then::Continue, body_bytes: 0 }
    }

    /// Gives `reply`, and acts upon its code: a refusal leaves the recipient out, or the message.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Mail, Reaction::reply("451 4.3.0 not now")))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.contains("451 4.3.0 not now\r\n503 Say MAIL first\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn reply(reply: impl Into<Reply>) -> Self {
        Self { reply: Some(reply.into()), ..Self::accept() }
    }

    /// Closes the connection (FIN) where the reply should be.
    ///
    /// At [`Stage::Dot`](super::Stage::Dot) the server has taken the message all the same. For a server that has not,
    /// cut a refusal: `Reaction::reply("451 4.3.0 lost").cut_after(0)`.
    ///
    /// ```
    /// # use std::{io::read_to_string, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Greeting, Reaction::drop_connection()))?;
    /// assert_eq!(read_to_string(TcpStream::connect(server.addr())?)?, ""); // an end, and no error
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn drop_connection() -> Self {
        Self::accept().cut_after(0)
    }

    /// Resets the connection (RST) where the reply should be; otherwise as [`drop_connection`](Self::drop_connection).
    ///
    /// ```
    /// # use std::{io::{ErrorKind, Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Noop, Reaction::reset_connection()))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"NOOP\r\n")?;
    /// assert_eq!(read_to_string(client).unwrap_err().kind(), ErrorKind::ConnectionReset);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn reset_connection() -> Self {
        Self::drop_connection().then_reset()
    }

    /// Never replies. The connection ends when the client closes it or the server is dropped.
    ///
    /// At [`Stage::Dot`](super::Stage::Dot) the server has taken the message all the same.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::{Shutdown, TcpStream}};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Noop, Reaction::hang()))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"NOOP\r\nQUIT\r\n")?;
    /// client.shutdown(Shutdown::Write)?; // the client gives up
    /// assert_eq!(read_to_string(client)?, "220 testkit.invalid ESMTP\r\n");
    /// assert_eq!(server.transcript()[2].to_string(), "1 C: QUIT"); // heard, and not answered
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn hang() -> Self {
        Self::drop_connection().then_hang()
    }

    /// Waits for `delay` of real time before the reply.
    ///
    /// Dropping the server ends the wait; a client that gives up meanwhile is noticed after it.
    ///
    /// ```
    /// # use std::{io::{ErrorKind, Read}, net::TcpStream, time::Duration};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let late = Reaction::accept().delayed(Duration::MAX);
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Greeting, late))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.set_read_timeout(Some(Duration::from_millis(1)))?; // a client of little patience
    /// let error = client.read(&mut [0]).unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends the reply in pieces of `chunk` bytes, with a `pause` of real time between two pieces.
    ///
    /// 0 bytes are taken for 1. The pieces are separate writes without Nagle's algorithm, so they mostly arrive apart
    /// even with a pause of zero.
    ///
    /// ```
    /// # use std::{io::Read, net::TcpStream, time::Duration};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let slow = Reaction::accept().paced(3, Duration::MAX);
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Greeting, slow))?;
    /// let mut greeting = [0; 64];
    /// let read = TcpStream::connect(server.addr())?.read(&mut greeting)?;
    /// assert_eq!(greeting[..read], *b"220"); // one read need not be one reply
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn paced(mut self, chunk: usize, pause: Duration) -> Self {
        self.pace = Some(Pace { chunk: if chunk == 0 { 1 } else { chunk }, pause });
        self
    }

    /// Closes the connection after `bytes` bytes of the reply, or after all of it if it is not longer.
    ///
    /// ```
    /// # use std::{io::read_to_string, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Greeting, Reaction::accept().cut_after(2)))?;
    /// assert_eq!(read_to_string(TcpStream::connect(server.addr())?)?, "22"); // of "220 ..."
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn cut_after(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        if matches!(self.then, Then::Continue) {
            self.then = Then::Close;
        }
        self
    }

    /// Closes the connection after the reply, in the manner of 421.
    ///
    /// The server sends FIN and still reads until the client closes, so the client gets every byte of the reply.
    ///
    /// ```
    /// # use std::{io::read_to_string, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let busy = Reaction::reply("421 4.3.2 closing").then_close();
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Greeting, busy))?;
    /// assert_eq!(read_to_string(TcpStream::connect(server.addr())?)?, "421 4.3.2 closing\r\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn then_close(mut self) -> Self {
        self.then = Then::Close;
        self
    }

    /// Resets the connection (RST) after the reply. The client may lose bytes that were sent before.
    ///
    /// ```
    /// # use std::{io::{ErrorKind, Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Noop, Reaction::accept().then_reset()))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"NOOP\r\n")?;
    /// assert_eq!(read_to_string(client).unwrap_err().kind(), ErrorKind::ConnectionReset);
    /// assert_eq!(server.transcript()[2].to_string(), "1 S: 250 Ok"); // sent; whether it was read is open
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn then_reset(mut self) -> Self {
        self.then = Then::Reset;
        self
    }

    /// Says nothing more after the reply, until the client closes the connection or the server is dropped.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::{Shutdown, TcpStream}};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Noop, Reaction::accept().then_hang()))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"NOOP\r\nNOOP\r\n")?;
    /// client.shutdown(Shutdown::Write)?; // else both would wait for ever
    /// assert_eq!(read_to_string(client)?, "220 testkit.invalid ESMTP\r\n250 Ok\r\n"); // one reply for two commands
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn then_hang(mut self) -> Self {
        self.then = Then::Hang;
        self
    }

    /// Waits at [`Stage::DataBody`](super::Stage::DataBody) for that many bytes of the body, and only then reacts.
    ///
    /// The bytes are counted as they come in, with doubled dots and the final dot; of a `BDAT`, those of the one chunk.
    /// At the default of 0 the server reacts before the first byte; if the body ends earlier, not at all. At other
    /// stages the number means nothing.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let cut = Reaction::drop_connection().after_body_bytes(4);
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::DataBody, cut))?;
    /// # let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nHello\r\n.\r\n")?;
    /// read_to_string(client)?; // up to the server's close
    /// assert_eq!(server.transcript().last().unwrap().bytes, b"Hell");
    /// assert_eq!(server.accepted(), []); // half a message is none
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn after_body_bytes(mut self, bytes: usize) -> Self {
        self.body_bytes = bytes;
        self
    }
}

impl<R: Into<Reply>> From<R> for Reaction {
    fn from(reply: R) -> Self {
        Self::reply(reply)
    }
}
