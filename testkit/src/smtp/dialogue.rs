use super::mailbox::Mailbox;
use super::reaction::Reaction;
use super::stage::Stage;
use super::trigger::Trigger;

/// Scripts one connection: a well-behaved server, but for the reactions given with [`on`](Self::on).
///
/// By default it greets with 220, advertises `PIPELINING`, `SIZE`, `8BITMIME`, `SMTPUTF8` and `ENHANCEDSTATUSCODES`,
/// and takes every message of up to 10 MiB.
///
/// # Examples
///
/// ```
/// use testkit::smtp::{Dialogue, Reaction, Stage};
///
/// let dialogue = Dialogue::new()
///     .extensions(["PIPELINING", "SIZE", "AUTH PLAIN LOGIN"])
///     .max_message(1_000)
///     .on(Stage::Rcpt.recipient("bob@example.org"), "450 4.2.0 greylisted")
///     .on(Stage::Dot, Reaction::drop_connection());
/// assert_ne!(dialogue, Dialogue::new());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Dialogue {
    rules: Vec<(Trigger, Reaction)>,
    extensions: Vec<String>,
    max_message: usize,
}

impl Dialogue {
    /// Creates the script of a well-behaved server.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, SmtpServer};
    /// let server = SmtpServer::start(Dialogue::new())?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"EHLO c\r\nMAIL FROM:<a@b> SIZE=9\r\nRCPT TO:<c@d>\r\nDATA\r\nHi\r\n.\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.ends_with("250 2.0.0 Ok\r\n221 2.0.0 Bye\r\n")); // the mail is taken
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new() -> Self {
        let extensions = ["PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
        Self { rules: Vec::new(), extensions: extensions.map(String::from).into(), max_message: 10 << 20 }
    }

    /// Adds a reaction.
    ///
    /// Where several apply, the one that was added first does: put the special before the general.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, SmtpServer, Stage};
    /// let dialogue = Dialogue::new().on(Stage::Noop.nth(1), "451 4.3.0 not now").on(Stage::Noop, "502 5.5.1 never");
    /// let server = SmtpServer::start(dialogue)?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"NOOP\r\nNOOP\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.contains("451 4.3.0 not now\r\n502 5.5.1 never\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn on(mut self, trigger: impl Into<Trigger>, reaction: impl Into<Reaction>) -> Self {
        self.rules.push((trigger.into(), reaction.into()));
        self
    }

    /// Replaces the extensions that `EHLO` is answered with, one line each.
    ///
    /// A bare `SIZE` is completed with the largest message size. Parameters of `MAIL` and `RCPT` are taken when their
    /// extension is advertised (`SIZE`, `8BITMIME`, `SMTPUTF8`, `DSN`, `AUTH`), else answered 555; `BDAT` is obeyed
    /// with `CHUNKING`, and `AUTH` takes any credentials for the advertised of `PLAIN` and `LOGIN`. The replies carry
    /// enhanced codes only with `ENHANCEDSTATUSCODES`. Input that is sent ahead is always in order.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, SmtpServer};
    /// let server = SmtpServer::start(Dialogue::new().extensions(["SIZE", "DSN"]))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"EHLO c\r\nMAIL FROM:<a@b> RET=HDRS\r\nRSET\r\nMAIL FROM:<a@b> BODY=8BITMIME\r\nQUIT\r\n")?;
    /// let replies = read_to_string(client)?;
    /// assert!(replies.contains("250-SIZE 10485760\r\n250 DSN\r\n250 Ok\r\n")); // EHLO, then RET, which is of DSN
    /// assert!(replies.contains("555 A parameter is not supported\r\n")); // 8BITMIME is not on offer
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn extensions<I>(mut self, extensions: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.extensions = extensions.into_iter().map(Into::into).collect();
        self
    }

    /// Replaces the largest message size in bytes, inclusive. A longer message is read to its end and answered 552.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, SmtpServer};
    /// let server = SmtpServer::start(Dialogue::new().max_message(4))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nHello\r\n.\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.contains("552 The message is too large\r\n"));
    /// assert_eq!(server.accepted(), []);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn max_message(mut self, bytes: usize) -> Self {
        self.max_message = bytes;
        self
    }

    pub(super) const fn message_limit(&self) -> usize {
        self.max_message
    }

    /// The lines that follow the first in the answer to `EHLO`.
    pub(super) fn advertised(&self) -> impl Iterator<Item = String> {
        self.extensions.iter().map(|line| {
            if line.eq_ignore_ascii_case("SIZE") { format!("{line} {}", self.max_message) } else { line.clone() }
        })
    }

    /// The words after `keyword` where it is advertised.
    pub(super) fn extension(&self, keyword: &str) -> Option<impl Iterator<Item = &str>> {
        self.extensions.iter().find_map(|line| {
            let mut words = line.split_ascii_whitespace();
            words.next()?.eq_ignore_ascii_case(keyword).then_some(words)
        })
    }

    pub(super) fn reaction(&self, stage: Stage, occurrence: usize, recipients: &[Mailbox]) -> Reaction {
        let applies = |(trigger, _): &&(Trigger, Reaction)| trigger.applies(stage, occurrence, recipients);
        self.rules.iter().find(applies).map_or_else(Reaction::accept, |(_, reaction)| reaction.clone())
    }
}

impl Default for Dialogue {
    fn default() -> Self {
        Self::new()
    }
}
