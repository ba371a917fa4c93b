use std::fmt;

use super::trigger::Trigger;

/// Names a point of an SMTP connection at which the server acts.
///
/// A stage serves as the key of a reaction in [`Dialogue::on`](super::Dialogue::on), alone or narrowed to a [`Trigger`]
/// by [`nth`](Self::nth) and [`recipient`](Self::recipient). It is displayed in lower snake case.
///
/// # Examples
///
/// ```
/// use testkit::smtp::Stage;
///
/// assert_eq!(Stage::DataBody.to_string(), "data_body");
/// assert_eq!(Stage::ALL.len(), 11);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The connection was accepted, nothing is sent yet. A reply scripted here goes ahead of the greeting.
    Connect,
    /// The greeting, 220. After any other greeting every command but `QUIT` is answered 503 (RFC 5321, section 3.1).
    Greeting,
    /// `EHLO`, and `HELO` as well. To refuse the first and take the second, script the first occurrence.
    Ehlo,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`, usually answered 354; and a `BDAT` that is not the last.
    Data,
    /// The body is coming in. No reply is due here; a scripted one is sent into the middle of the body.
    DataBody,
    /// The body is complete: the final dot, or the end of the last `BDAT`.
    Dot,
    /// `RSET`.
    Rset,
    /// `NOOP`.
    Noop,
    /// `QUIT`. The connection ends after the reply, whatever its code.
    Quit,
}

impl Stage {
    /// Every stage, in the order in which a connection comes to them.
    pub const ALL: [Self; 11] = [
        Self::Connect,
        Self::Greeting,
        Self::Ehlo,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::DataBody,
        Self::Dot,
        Self::Rset,
        Self::Noop,
        Self::Quit,
    ];

    /// Narrows the stage to its `n`-th occurrence in the connection, see [`Trigger::nth`].
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, SmtpServer, Stage};
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Noop.nth(2), "450 4.2.0 later"))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"NOOP\r\nNOOP\r\nNOOP\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.contains("250 Ok\r\n450 4.2.0 later\r\n250 Ok\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn nth(self, n: usize) -> Trigger {
        Trigger::new(self).nth(n)
    }

    /// Narrows the stage to one recipient, see [`Trigger::recipient`].
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, SmtpServer, Stage};
    /// let dialogue = Dialogue::new().on(Stage::Rcpt.recipient("bob@b"), "550 5.1.1 no such user");
    /// let server = SmtpServer::start(dialogue)?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<bob@b>\r\nRCPT TO:<eve@b>\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.contains("550 5.1.1 no such user\r\n250 Ok\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn recipient(self, address: impl Into<String>) -> Trigger {
        Trigger::new(self).recipient(address)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Ehlo => "ehlo",
            Self::Mail => "mail",
            Self::Rcpt => "rcpt",
            Self::Data => "data",
            Self::DataBody => "data_body",
            Self::Dot => "dot",
            Self::Rset => "rset",
            Self::Noop => "noop",
            Self::Quit => "quit",
        })
    }
}
