use std::time::Duration;

use crate::Stage;

/// How long each step of an SMTP connection may take: RFC 5321 section 4.5.3.2, which tells clients not to wait less.
///
/// | step | limit | from |
/// |---|---|---|
/// | connect | 30 s | Postfix |
/// | greeting, `EHLO`, `AUTH`, `MAIL`, `RCPT` | 5 min | RFC 5321 |
/// | TLS handshake | 2 min | ours |
/// | `DATA` | 2 min | RFC 5321 |
/// | each write of the message | 3 min | RFC 5321 |
/// | final dot | 10 min | RFC 5321 |
/// | `RSET` | 20 s | Postfix |
/// | `QUIT` | 5 s | ours: nothing hangs on it |
///
/// [`Duration::MAX`] is no limit.
///
/// ```
/// use retry_email::{Stage, Timeouts};
/// use std::time::Duration;
///
/// let timeouts = Timeouts { dot: Duration::from_secs(60), ..Timeouts::default() };
/// assert_eq!(timeouts.of(Stage::Dot), Duration::from_secs(60));
/// assert_eq!(timeouts.of(Stage::Rcpt), Duration::from_secs(300));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "set by name; `..Timeouts::default()` survives a new field")]
pub struct Timeouts {
    /// To look up the name and to connect, each.
    pub connect: Duration,
    /// For the first reply.
    pub greeting: Duration,
    /// For the reply to `EHLO`, `HELO`, `LHLO`.
    pub ehlo: Duration,
    /// For the reply to `STARTTLS`, and for the handshake.
    pub tls: Duration,
    /// For each reply to `AUTH`.
    pub auth: Duration,
    /// For the reply to `MAIL`.
    pub mail: Duration,
    /// For the reply to each `RCPT`.
    pub rcpt: Duration,
    /// For the reply to `DATA`.
    pub data: Duration,
    /// For each write.
    pub data_body: Duration,
    /// For the reply to the final dot. A short one makes duplicates: the server may be at work still (RFC 1047).
    pub dot: Duration,
    /// For the reply to `RSET`.
    pub rset: Duration,
    /// For the reply to `QUIT`.
    pub quit: Duration,
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

impl Timeouts {
    /// The limit of a stage. An idle connection is looked at, not waited for: zero.
    ///
    /// ```
    /// # use retry_email::{Stage, Timeouts};
    /// # use std::time::Duration;
    /// assert_eq!(Timeouts::default().of(Stage::Dot), Duration::from_secs(600));
    /// ```
    #[must_use]
    pub const fn of(&self, stage: Stage) -> Duration {
        match stage {
            Stage::Connect => self.connect,
            Stage::Greeting => self.greeting,
            Stage::Ehlo => self.ehlo,
            Stage::Tls => self.tls,
            Stage::Auth => self.auth,
            Stage::Mail => self.mail,
            Stage::Rcpt => self.rcpt,
            Stage::Data => self.data,
            Stage::DataBody => self.data_body,
            Stage::Dot => self.dot,
            Stage::Rset => self.rset,
            Stage::Quit => self.quit,
            Stage::Idle => Duration::ZERO,
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            greeting: minutes(5),
            ehlo: minutes(5),
            tls: minutes(2),
            auth: minutes(5),
            mail: minutes(5),
            rcpt: minutes(5),
            data: minutes(2),
            data_body: minutes(3),
            dot: minutes(10),
            rset: Duration::from_secs(20),
            quit: Duration::from_secs(5),
        }
    }
}
