use std::fmt;

use super::mailbox::Mailbox;

/// Holds a message that the server took, and says whether the client could know.
///
/// # Example: a message whose acknowledgement was lost
///
/// ```
/// use std::io::Write;
/// use std::net::TcpStream;
///
/// use testkit::smtp::{Dialogue, Outcome, Reaction, SmtpServer, Stage};
///
/// let server = SmtpServer::start(Dialogue::new().on(Stage::Dot, Reaction::drop_connection()))?;
/// let mut client = TcpStream::connect(server.addr())?;
/// client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nMessage-Id: <7@b>\r\n.\r\n")?;
/// std::io::copy(&mut client, &mut std::io::sink())?; // up to the server's close
///
/// let accepted = server.accepted();
/// assert_eq!(accepted.len(), 1);
/// assert_eq!(accepted[0].outcome, Outcome::ReplyLost);
/// assert_eq!(accepted[0].message, b"Message-Id: <7@b>\r\n");
/// assert_eq!(accepted[0].message_id.as_deref(), Some("<7@b>"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// The number of the connection that brought the message, counted from 1.
    pub connection: usize,
    /// What became of the reply.
    pub outcome: Outcome,
    /// The sender of the envelope.
    pub sender: Mailbox,
    /// The recipients that were answered 2yz, in their order.
    pub recipients: Vec<Mailbox>,
    /// The recipients that were answered otherwise, in their order.
    pub refused: Vec<Mailbox>,
    /// The message: header and body without the final dot, doubled dots undone, otherwise byte by byte as it came.
    pub message: Vec<u8>,
    /// The unfolded value of the first `Message-ID` field, with its angle brackets; `None` if there is none.
    pub message_id: Option<String>,
}

/// Says what became of the reply to a message that the server took. Displayed in words, in lower case.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use std::net::TcpStream;
///
/// use testkit::smtp::{Dialogue, Outcome, Reaction, Script, SmtpServer, Stage};
///
/// // The reply "250 Ok" breaks off in its code, for the first of two messages.
/// let server = SmtpServer::start(
///     Script::new()
///         .connection(Dialogue::new().on(Stage::Dot, Reaction::accept().cut_after(2)))
///         .otherwise(Dialogue::new()),
/// )?;
/// for _ in 0..2 {
///     let mut client = TcpStream::connect(server.addr())?;
///     client.write_all(b"HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\nHi\r\n.\r\nQUIT\r\n")?;
///     std::io::copy(&mut client, &mut std::io::sink())?; // up to the server's close
/// }
///
/// let outcomes: Vec<Outcome> = server.accepted().iter().map(|one| one.outcome).collect();
/// assert_eq!(outcomes, [Outcome::ReplyLost, Outcome::Acknowledged]);
/// assert_eq!(outcomes[0].to_string(), "reply lost");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The positive reply was handed to the network to its last byte.
    ///
    /// Whether the client read it is unknown to the server, as always in TCP.
    Acknowledged,
    /// The positive reply was not sent, or not to its end: the client cannot know that its message was taken.
    ///
    /// Also the state of a message whose reply is still due.
    ReplyLost,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Acknowledged => "acknowledged",
            Self::ReplyLost => "reply lost",
        })
    }
}
