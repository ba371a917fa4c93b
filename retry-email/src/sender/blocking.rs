use std::io;
use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use retry_core::{Class, Policy, RetryPolicy, Sleeper, TokioSleeper};
use tokio::runtime::{Builder, Handle, Runtime};

use super::{HostState, Sender, Sent, SentTo, State, Tried};
use crate::{Action, Envelope, Reason, Stage};

/// A [`Sender`] that blocks the calling thread: for programs without async.
///
/// It owns a tokio runtime that has no thread of its own: the caller's drives it. Several threads may send at the same time, over the
/// same connections.
///
/// Called from async code it does not panic, as a runtime's `block_on` would: the mail is sent on a thread of its own, which lasts as
/// long as the call. The caller's executor is held up all the same; async code takes the [`Sender`].
///
/// Dropping it closes the idle connections without `QUIT` ([`close`](Self::close) says it), blocks nothing, and may be done in async
/// code.
///
/// ```
/// use std::time::Duration;
///
/// use retry_core::Policy;
/// use retry_email::{BlockingSender, Endpoint, Envelope, Sender, Tls};
///
/// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
/// let policy = Policy::constant(Duration::from_secs(5)).attempts(3);
/// let sender = Sender::new(policy).host(Endpoint::new(server.host(), server.port()).tls(Tls::Off));
/// let sender = BlockingSender::new(sender)?;
///
/// let envelope = Envelope::new("alice@example.org".parse()?).to("bob@example.net".parse()?);
/// assert!(sender.send(&envelope, b"Subject: hello\r\n\r\nHello, Bob\r\n").is_delivered());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct BlockingSender<P = Policy, S = TokioSleeper> {
    sender: Sender<P, S>,
    /// `None` in `drop` alone.
    runtime: Option<Runtime>,
}

impl<P: RetryPolicy + Send + Sync, S: Sleeper + Clone + Send + Sync> BlockingSender<P, S> {
    /// Sends as `sender` does.
    ///
    /// # Errors
    /// The system gives no means to wait for connections: too many files are open.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{BlockingSender, Sender};
    /// # use std::time::Duration;
    /// let sender = BlockingSender::new(Sender::new(Policy::constant(Duration::ZERO)))?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new(sender: Sender<P, S>) -> io::Result<Self> {
        Ok(Self { sender, runtime: Some(Builder::new_current_thread().enable_all().build()?) })
    }

    /// [`Sender::send`], blocking.
    ///
    /// Called from async code when the system has no thread to give, it tries nothing: all are deferred, and their one attempt says so.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{BlockingSender, Envelope, Sender, State};
    /// # use std::time::Duration;
    /// let nowhere = BlockingSender::new(Sender::new(Policy::constant(Duration::ZERO)))?;
    /// let sent = nowhere.send(&Envelope::from_nobody().to("bob@example.net".parse()?), b"");
    /// assert_eq!(sent.recipients[0].state, State::Deferred);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn send(&self, envelope: &Envelope, message: &[u8]) -> Sent {
        self.send_observed(envelope, message, |_, _| {})
    }

    /// [`Sender::send_observed`], blocking.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{BlockingSender, Endpoint, Envelope, Sender, Tls};
    /// # use std::time::Duration;
    /// // Nobody listens at port 1.
    /// let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(3));
    /// let sender = BlockingSender::new(sender.host(Endpoint::new("127.0.0.1", 1).tls(Tls::Off)))?;
    /// let mut tries = 0;
    /// sender.send_observed(&Envelope::from_nobody().to("bob@example.net".parse()?), b"", |_, _| tries += 1);
    /// assert_eq!(tries, 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn send_observed(
        &self,
        envelope: &Envelope,
        message: &[u8],
        observe: impl FnMut(usize, &Tried) + Send,
    ) -> Sent {
        self.run(|runtime| runtime.block_on(self.sender.send_observed(envelope, message, observe)))
            .unwrap_or_else(|error| untried(envelope, &error))
    }

    /// [`Sender::host_states`].
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{BlockingSender, Endpoint, Sender};
    /// # use std::time::Duration;
    /// let sender = Sender::new(Policy::constant(Duration::ZERO)).host(Endpoint::new("mx.example.org", 25));
    /// assert_eq!(BlockingSender::new(sender)?.host_states()[0].name, "mx.example.org:25");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn host_states(&self) -> Vec<HostState> {
        self.sender.host_states()
    }

    /// [`Sender::close`], blocking.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{BlockingSender, Sender};
    /// # use std::time::Duration;
    /// BlockingSender::new(Sender::new(Policy::constant(Duration::ZERO)))?.close();
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn close(&self) {
        // Without a thread the connections end without QUIT, as they do by a drop.
        let _ = self.run(|runtime| runtime.block_on(self.sender.close()));
    }

    /// Here, or in async code on another thread: a thread that is within a runtime must not enter a second one.
    fn run<T: Send>(&self, work: impl FnOnce(&Runtime) -> T + Send) -> io::Result<T> {
        let runtime = self.runtime.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        if Handle::try_current().is_err_and(|error| error.is_missing_context()) {
            return Ok(work(runtime));
        }
        thread::scope(|scope| {
            let name = "blocking mail".to_owned();
            let worker = thread::Builder::new().name(name).spawn_scoped(scope, || work(runtime))?;
            // A panic of the caller's own code, in its policy or observer, goes on to the caller.
            Ok(worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }
}

impl<P, S> Drop for BlockingSender<P, S> {
    fn drop(&mut self) {
        // A plain drop of a runtime waits for name lookups, and panics in async code.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn untried(envelope: &Envelope, error: &io::Error) -> Sent {
    let tried = |recipient: &crate::Recipient| Tried {
        recipient: recipient.address().clone(),
        attempt: 1,
        at: Duration::ZERO,
        host: String::new(),
        stage: Stage::Connect,
        class: Some(Class::Transient),
        action: Action::RetrySoon,
        reason: Reason::SystemError,
        rule: "client".to_owned(),
        text: format!("no thread to send on: {error}"),
        alert: true,
    };
    let end = |recipient: &crate::Recipient| SentTo {
        address: recipient.address().clone(),
        state: State::Deferred,
        stopped: None,
        attempts: vec![tried(recipient)],
    };
    Sent { recipients: envelope.recipients().iter().map(end).collect() }
}
