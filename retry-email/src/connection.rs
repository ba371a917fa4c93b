//! An SMTP or LMTP connection: the machines of [`Handshake`] and [`Transaction`], driven over tokio.

mod io;
mod login;
mod open;
mod timeouts;
mod tls;

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Poll, ready};
use std::time::Duration;

use io::Io;
pub use open::{Endpoint, NotOpened};
use retry_core::Sleeper;
pub use timeouts::Timeouts;
pub use tls::{TlsConfig, TlsConfigError};

use crate::{
    Capabilities, Content, DotStuffing, Envelope, Event, Reply, ReplyReader, Report, Stage, Step, Transaction,
};

/// The bytes of a message that are written at once.
const PIECE: usize = 64 * 1024;

/// A connection that can carry mail, one message after the other.
///
/// Every read and write has its limit ([`Timeouts`]); nothing hangs beyond it. The time is that of the sleeper `S`.
///
/// # Cancel safety
/// Dropping the future of [`send`](Self::send) leaves the connection out of step: do not use it again. If the final dot was on its
/// way, the message may have been taken, and nobody is told. Let a send come to its end, which its timeouts bound.
///
/// ```
/// use retry_core::TokioSleeper;
/// use retry_email::{Endpoint, Envelope, Fate, Tls};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
/// let endpoint = Endpoint::new(server.host(), server.port()).tls(Tls::Off);
/// let mut connection = endpoint.open(TokioSleeper).await?;
/// let envelope = Envelope::new("alice@example.org".parse()?).to("bob@example.net".parse()?);
/// let report = connection.send(&envelope, [0], b"Subject: hello\r\n\r\nHello, Bob\r\n").await;
/// assert!(matches!(report.fates[0], (0, Fate::Delivered { .. })));
/// connection.quit().await;
/// # assert_eq!(server.accepted().len(), 1);
/// # Ok(())
/// # }
/// ```
pub struct Connection<S> {
    io: Box<dyn Io>,
    sleeper: S,
    timeouts: Timeouts,
    reader: ReplyReader,
    input: Vec<u8>,
    /// How much of `input` is read already.
    at: usize,
    offered: Capabilities,
    lmtp: bool,
    pipelining: bool,
    messages: u32,
    is_usable: bool,
}

impl<S: Sleeper> Connection<S> {
    /// Sends one message to those recipients of `envelope` whose numbers are given. Never fails as a whole: each recipient has its
    /// fate.
    ///
    /// ```
    /// # use retry_core::TokioSleeper;
    /// # use retry_email::{Endpoint, Envelope, Fate, Tls};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
    /// # let endpoint = Endpoint::new(server.host(), server.port()).tls(Tls::Off);
    /// # let mut connection = endpoint.open(TokioSleeper).await?;
    /// let envelope = Envelope::new("alice@example.org".parse()?).to("bob@example.net".parse()?);
    /// let report = connection.send(&envelope, [], b"").await;
    /// assert!(report.fates.is_empty() && report.is_reusable);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send(
        &mut self,
        envelope: &Envelope,
        recipients: impl IntoIterator<Item = usize>,
        message: &[u8],
    ) -> Report {
        let mut transaction = Transaction::new(envelope, Content::of(message), &self.offered).only(recipients);
        if !self.pipelining {
            transaction = transaction.one_by_one();
        }
        if self.lmtp {
            transaction = transaction.lmtp();
        }
        if self.messages > 0 {
            transaction = transaction.reused();
        }
        self.messages = self.messages.saturating_add(1);
        if self.is_usable {
            // Whatever breaks off this future leaves the connection unusable.
            self.is_usable = false;
            self.drive(&mut transaction, message).await;
        } else {
            transaction.lost_unsent(Event::ConnectionClosed);
        }
        let report = transaction.into_report();
        self.is_usable = report.is_reusable;
        report
    }

    async fn drive(&mut self, transaction: &mut Transaction, message: &[u8]) {
        let mut out = Vec::new();
        loop {
            match transaction.step() {
                Step::Write(bytes) => out.extend_from_slice(&bytes),
                Step::WriteBody => self.write_body(transaction, message, &mut out).await,
                Step::Read(stage) => {
                    if !out.is_empty()
                        && let Err(unwritten) = self.write(&mut out, stage).await
                    {
                        self.lost_while_writing(transaction, &unwritten);
                        continue;
                    }
                    match self.read(stage).await {
                        Ok(reply) => transaction.reply(reply),
                        Err(event) => transaction.lost(event),
                    }
                }
                Step::Done => return,
            }
        }
    }

    /// Writes what does not fit into one piece; the rest stays in `out`, to go with the final dot.
    async fn write_body(&mut self, transaction: &mut Transaction, message: &[u8], out: &mut Vec<u8>) {
        let mut stuffing = DotStuffing::default();
        for piece in message.chunks(PIECE) {
            if out.len() >= PIECE {
                if let Err(unwritten) = self.write(out, Stage::DataBody).await {
                    self.lost_while_writing(transaction, &unwritten);
                    return;
                }
                // A server that has seen enough says so before the end.
                if let Some(reply) = self.read_ready() {
                    transaction.reply(reply);
                    return;
                }
            }
            stuffing.push(piece, out);
        }
        stuffing.finish(out);
        transaction.body_written();
    }

    /// A server that closes amid a write has often said why.
    fn lost_while_writing(&mut self, transaction: &mut Transaction, unwritten: &Unwritten) {
        match self.read_ready() {
            Some(reply) if matches!(reply.severity(), 4 | 5) => transaction.reply(reply),
            _ if unwritten.may_have_left => transaction.lost(unwritten.event),
            _ => transaction.lost_unsent(unwritten.event),
        }
    }

    /// Says `QUIT` and closes. Nothing hangs on the answer.
    ///
    /// ```
    /// # use retry_core::TokioSleeper;
    /// # use retry_email::{Endpoint, Tls};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
    /// Endpoint::new(server.host(), server.port()).tls(Tls::Off).open(TokioSleeper).await?.quit().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn quit(mut self) {
        if self.is_usable && self.write(&mut b"QUIT\r\n".to_vec(), Stage::Quit).await.is_ok() {
            let _ = self.read(Stage::Quit).await;
        }
    }

    /// Whether it can carry another message, as far as can be seen without a word to the server: it has not closed the
    /// connection, nor said anything unasked (a 421).
    ///
    /// ```
    /// # use retry_core::TokioSleeper;
    /// # use retry_email::{Endpoint, Tls};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
    /// # let endpoint = Endpoint::new(server.host(), server.port()).tls(Tls::Off);
    /// assert!(endpoint.open(TokioSleeper).await?.is_alive());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_alive(&mut self) -> bool {
        self.is_usable && self.at == self.input.len() && self.reader.is_at_start() && io::is_silent(&mut *self.io)
    }

    /// How many messages it has carried, or tried to.
    ///
    /// ```
    /// # use retry_core::TokioSleeper;
    /// # use retry_email::{Endpoint, Tls};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
    /// # let endpoint = Endpoint::new(server.host(), server.port()).tls(Tls::Off);
    /// assert_eq!(endpoint.open(TokioSleeper).await?.messages(), 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn messages(&self) -> u32 {
        self.messages
    }

    /// What the server offers.
    ///
    /// ```
    /// # use retry_core::TokioSleeper;
    /// # use retry_email::{Endpoint, Tls};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
    /// # let endpoint = Endpoint::new(server.host(), server.port()).tls(Tls::Off);
    /// assert!(endpoint.open(TokioSleeper).await?.offered().pipelining);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn offered(&self) -> &Capabilities {
        &self.offered
    }

    /// Sends bytes of your own and reads one reply: for what this type does not know (`VRFY`, `ETRN`). The bytes must end with
    /// CRLF and ask for one reply.
    ///
    /// # Errors
    /// The connection was closed, or the limit of `stage` passed; it is of no use then.
    ///
    /// ```
    /// # use retry_core::TokioSleeper;
    /// # use retry_email::{Endpoint, Stage, Tls};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
    /// # let endpoint = Endpoint::new(server.host(), server.port()).tls(Tls::Off);
    /// let reply = endpoint.open(TokioSleeper).await?.command(b"NOOP\r\n", Stage::Rset).await.unwrap();
    /// assert_eq!(reply.severity(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn command(&mut self, bytes: &[u8], stage: Stage) -> Result<Reply, Event> {
        let is_usable = std::mem::replace(&mut self.is_usable, false);
        if !is_usable {
            return Err(Event::ConnectionClosed);
        }
        self.write(&mut bytes.to_vec(), stage).await.map_err(|unwritten| unwritten.event)?;
        let reply = self.read(stage).await?;
        self.is_usable = reply.code() != 421;
        Ok(reply)
    }

    /// Writes and empties `out`, within the stage's limit.
    async fn write(&mut self, out: &mut Vec<u8>, stage: Stage) -> Result<(), Unwritten> {
        let limit = match stage {
            // The message may be in it.
            Stage::Dot => self.timeouts.data_body,
            stage => self.timeouts.of(stage),
        };
        let mut taken = 0;
        let written = timed(&self.sleeper, limit, io::write_all(&mut *self.io, out, &mut taken)).await;
        let may_have_left = taken == out.len();
        out.clear();
        match written {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(Unwritten { event: io::event(&error), may_have_left }),
            None => Err(Unwritten { event: Event::Timeout, may_have_left }),
        }
    }

    async fn read(&mut self, stage: Stage) -> Result<Reply, Event> {
        let limit = self.timeouts.of(stage);
        let Self { io, sleeper, reader, input, at, .. } = self;
        let read = async {
            loop {
                if let Some(reply) = take_reply(reader, input, at)? {
                    return Ok(reply);
                }
                input.clear();
                *at = 0;
                match io::read(&mut **io, input).await {
                    Ok(0) => return reader.finish().ok_or(Event::ConnectionClosed),
                    Ok(_) => {}
                    Err(error) => return reader.finish().ok_or_else(|| io::event(&error)),
                }
            }
        };
        timed(sleeper, limit, read).await.unwrap_or(Err(Event::Timeout))
    }

    /// A reply that is there already, if any.
    fn read_ready(&mut self) -> Option<Reply> {
        loop {
            if let Some(reply) = take_reply(&mut self.reader, &self.input, &mut self.at).ok()? {
                return Some(reply);
            }
            self.input.clear();
            self.at = 0;
            match io::read_now(&mut *self.io, &mut self.input) {
                Poll::Ready(true) => {}
                Poll::Ready(false) => return self.reader.finish(),
                Poll::Pending => return None,
            }
        }
    }
}

impl<S> std::fmt::Debug for Connection<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("offered", &self.offered)
            .field("messages", &self.messages)
            .field("is_usable", &self.is_usable)
            .finish_non_exhaustive()
    }
}

/// A write that failed.
struct Unwritten {
    event: Event,
    /// All bytes were taken for writing: they may have left.
    may_have_left: bool,
}

fn take_reply(reader: &mut ReplyReader, input: &[u8], at: &mut usize) -> Result<Option<Reply>, Event> {
    let mut rest = input.get(*at..).unwrap_or_default();
    let reply = reader.read(&mut rest);
    *at = input.len() - rest.len();
    // What is no SMTP cannot be answered: as good as closed.
    reply.map_err(|_| Event::ConnectionClosed)
}

/// Waits of this length or less, one after the other, make a limit. A timer that ends before all others of the runtime wakes
/// its driver, by a system call in tokio; limits of several lengths, cut to one, hardly ever do.
const WAIT: Duration = Duration::from_secs(60);

/// `future` within `limit`; `None` if it takes longer. What is ready at once needs no timer, nor does what has no limit.
async fn timed<S: Sleeper, T>(sleeper: &S, limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut sleep) = (pin!(future), pin!(None::<S::Sleep>));
    let mut left = limit;
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        loop {
            match sleep.as_mut().as_pin_mut() {
                Some(running) => {
                    ready!(running.poll(cx));
                    sleep.set(None);
                    if left.is_zero() {
                        return Poll::Ready(None);
                    }
                }
                None if limit == Duration::MAX => return Poll::Pending,
                None => {
                    let wait = left.min(WAIT);
                    left -= wait;
                    sleep.set(Some(sleeper.sleep(wait)));
                }
            }
        }
    })
    .await
}
