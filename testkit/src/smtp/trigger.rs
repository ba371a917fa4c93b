use super::mailbox::Mailbox;
use super::stage::Stage;

/// Says when a reaction applies: at a stage, and optionally only at one occurrence or for one recipient.
///
/// Both conditions must hold where both are given.
///
/// # Examples
///
/// ```
/// use testkit::smtp::{Dialogue, Stage, Trigger};
///
/// let first_recipient = Stage::Rcpt.nth(1);
/// assert_eq!(first_recipient, Trigger::from(Stage::Rcpt).nth(1));
///
/// Dialogue::new()
///     .on(first_recipient, "450 4.2.1 mailbox busy")
///     .on(Stage::Rcpt.recipient("bob@example.org"), "550 5.1.1 no such user");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Trigger {
    stage: Stage,
    nth: Option<usize>,
    recipient: Option<String>,
}

impl Trigger {
    /// Creates a trigger for every occurrence of `stage`.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, SmtpServer, Stage, Trigger};
    /// const NOOP: Trigger = Trigger::new(Stage::Noop); // `From` is not for constants
    /// let server = SmtpServer::start(Dialogue::new().on(NOOP, "450 4.2.0 later"))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"NOOP\r\nNOOP\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.contains("450 4.2.0 later\r\n450 4.2.0 later\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn new(stage: Stage) -> Self {
        Self { stage, nth: None, recipient: None }
    }

    /// Restricts the trigger to the `n`-th occurrence of its stage in the connection, counted from 1.
    ///
    /// All occurrences count, also those for which another reaction applied. With 0 the trigger never applies.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, SmtpServer, Stage};
    /// let bob_first = Stage::Rcpt.recipient("bob@b").nth(1);
    /// let server = SmtpServer::start(Dialogue::new().on(bob_first, "450 4.2.0 greylisted"))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<bob@b>\r\nRCPT TO:<bob@b>\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.contains("450 4.2.0 greylisted\r\n250 Ok\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn nth(mut self, n: usize) -> Self {
        self.nth = Some(n);
        self
    }

    /// Restricts the trigger to the recipient `address`, written without angle brackets, in any ASCII case.
    ///
    /// At [`Stage::Rcpt`] this is the recipient of the command. At [`Stage::Data`], [`Stage::DataBody`] and
    /// [`Stage::Dot`] it is enough that `address` is one of the message's accepted recipients. At any other stage the
    /// trigger never applies.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, SmtpServer, Stage, Trigger};
    /// let to_bob = Trigger::new(Stage::Dot).recipient("BOB@b");
    /// let server = SmtpServer::start(Dialogue::new().on(to_bob, "552 5.2.2 mailbox full"))?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<eve@b>\r\nRCPT TO:<bob@b>\r\nDATA\r\n.\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.contains("552 5.2.2 mailbox full\r\n"));
    /// assert_eq!(server.accepted(), []); // Eve shares the message
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn recipient(mut self, address: impl Into<String>) -> Self {
        self.recipient = Some(address.into());
        self
    }

    pub(super) fn applies(&self, stage: Stage, occurrence: usize, recipients: &[Mailbox]) -> bool {
        let is_wanted = |wanted: &String| recipients.iter().any(|one| one.address.eq_ignore_ascii_case(wanted));
        self.stage == stage
            && self.nth.is_none_or(|nth| nth == occurrence)
            && self.recipient.as_ref().is_none_or(is_wanted)
    }
}

impl From<Stage> for Trigger {
    fn from(stage: Stage) -> Self {
        Self::new(stage)
    }
}
