#[cfg(feature = "lettre")]
use retry_core::TokioSleeper;
use retry_core::{Retry, RetryPolicy, ThreadSleeper};

use super::classify::LettreClassifier;
use super::guarded::Guarded;
use super::unknown_outcome::UnknownOutcome;

/// Wraps any transport of lettre with retry, and is one itself.
///
/// It implements lettre's `AsyncTransport` where `T` does and the retrier sleeps asynchronously, and lettre's `Transport`
/// where `T` does and the retrier blocks. So it goes wherever the transport went.
///
/// Each attempt is one `send_raw` of `T` with the same envelope and the very same bytes: a message is formatted once, so
/// its `Message-ID`, date and boundaries stay as they are. A `send` of its own that `T` may have is not called.
/// `shutdown` is handed on.
///
/// # Defaults
/// `new` and [`blocking`](Self::blocking) classify by [`LettreClassifier`] and repeat nothing that may have
/// arrived ([`UnknownOutcome::Hold`]). There is no timeout and no attempt limit but the policy's. An attempt that a timeout of the retrier cuts may have
/// delivered, and is held like any other.
///
/// # Errors
/// Sending fails with [`GaveUp`](retry_core::GaveUp): why it ended, after how many attempts, and the last error of `T`,
/// whole.
///
/// # Cancel safety
/// Dropping the future of `send` drops the attempt or the wait in progress, and forgets the message. An attempt dropped
/// while it runs may have delivered; and lettre's pool takes such a connection back, see the
/// [module's table](super#what-no-wrapper-can-cure). To stop between attempts, give the retrier a
/// [`stop_on`](Retry::stop_on).
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use retry_core::{Policy, Retry, ThreadSleeper};
/// use retry_email::lettre::RetryTransport;
/// use retry_email::lettre::lettre::{Address, Transport, address::Envelope, transport::stub::StubTransport};
///
/// // A stub's errors are not SMTP's: the retrier takes every error as transient.
/// let stub = StubTransport::new_error();
/// let policy = Policy::constant(Duration::ZERO).attempts(3);
/// let mailer = RetryTransport::with_retry(stub.clone(), Retry::with_sleeper(policy, ThreadSleeper));
///
/// let envelope = Envelope::new(None, vec!["bob@example.org".parse::<Address>()?])?;
/// let end = mailer.send_raw(&envelope, b"Message-ID: <1@example.org>").unwrap_err();
/// assert_eq!(end.attempts, 3);
/// assert!(stub.messages().iter().all(|(_, bytes)| bytes == "Message-ID: <1@example.org>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct RetryTransport<T, R> {
    pub(super) transport: T,
    pub(super) retry: R,
}

#[cfg(feature = "lettre")]
#[cfg_attr(docsrs, doc(cfg(feature = "lettre")))]
impl<T, P: RetryPolicy> RetryTransport<T, Retry<Guarded<P>, TokioSleeper, LettreClassifier>> {
    /// Retries by `policy` and tokio's time, for `AsyncSmtpTransport`; holds what may have arrived.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use retry_core::Policy;
    /// use retry_email::lettre::RetryTransport;
    /// use retry_email::lettre::lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor, address::Envelope};
    /// use testkit::smtp::{Dialogue, Script, SmtpServer, Stage};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // A server that defers the first time.
    /// let not_now = Dialogue::new().on(Stage::Rcpt, "450 4.2.0 not now");
    /// let server = SmtpServer::start(Script::new().connection(not_now).otherwise(Dialogue::new()))?;
    ///
    /// let smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host()).port(server.port()).build();
    /// let mailer = RetryTransport::new(smtp, Policy::constant(Duration::ZERO).attempts(4));
    ///
    /// let envelope = Envelope::new(None, vec!["bob@example.org".parse::<Address>()?])?;
    /// mailer.send_raw(&envelope, b"Message-ID: <1@example.org>").await?;
    /// assert_eq!((server.connections(), server.copies("<1@example.org>")), (2, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(transport: T, policy: P) -> Self {
        Self::holding(transport, policy, TokioSleeper)
    }
}

impl<T, P: RetryPolicy> RetryTransport<T, Retry<Guarded<P>, ThreadSleeper, LettreClassifier>> {
    /// Retries by `policy` and blocks the thread between attempts, for `SmtpTransport`; holds what may have arrived.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use retry_core::{Policy, StopReason};
    /// use retry_email::lettre::RetryTransport;
    /// use retry_email::lettre::lettre::{Address, SmtpTransport, Transport, address::Envelope};
    ///
    /// // Nobody listens there any more.
    /// let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    /// let smtp = SmtpTransport::builder_dangerous("127.0.0.1").port(port).build();
    /// let mailer = RetryTransport::blocking(smtp, Policy::constant(Duration::ZERO).attempts(3));
    ///
    /// let envelope = Envelope::new(None, vec!["bob@example.org".parse::<Address>()?])?;
    /// let end = mailer.send_raw(&envelope, b"Subject: hello").unwrap_err();
    /// assert_eq!((end.attempts, end.reason), (3, StopReason::Attempts));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn blocking(transport: T, policy: P) -> Self {
        Self::holding(transport, policy, ThreadSleeper)
    }
}

impl<T, P: RetryPolicy, S> RetryTransport<T, Retry<Guarded<P>, S, LettreClassifier>> {
    fn holding(transport: T, policy: P, time: S) -> Self {
        let policy = Guarded::new(policy, UnknownOutcome::default());
        Self::with_retry(transport, Retry::with_sleeper(policy, time).classify(LettreClassifier))
    }
}

impl<T, P: RetryPolicy, S, C, O, X> RetryTransport<T, Retry<Guarded<P>, S, C, O, X>> {
    /// Says what to do with mail that may have arrived. Replaces the choice.
    ///
    /// A retrier built by hand says it in its policy: [`Guarded::new`], or [`at_most_once`](RetryPolicy::at_most_once).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use retry_core::Policy;
    /// use retry_email::lettre::{RetryTransport, UnknownOutcome};
    /// use retry_email::lettre::lettre::SmtpTransport;
    ///
    /// let smtp = SmtpTransport::builder_dangerous("127.0.0.1").build();
    /// let mailer = RetryTransport::blocking(smtp, Policy::constant(Duration::from_secs(30)).attempts(4))
    ///     .unknown_outcome(UnknownOutcome::Resend);
    /// assert!(format!("{mailer:?}").contains("Resend"));
    /// ```
    pub fn unknown_outcome(self, choice: UnknownOutcome) -> Self {
        self.map_retry(|retry| retry.map_policy(|policy| policy.choosing(choice)))
    }
}

impl<T, R> RetryTransport<T, R> {
    /// Retries by a retrier built by hand: any policy, sleeper, classifier, observer and limits, for the errors of any
    /// transport. It is taken as it is.
    ///
    /// So the engine's defaults hold: every error is [transient](retry_core::AnyError) until
    /// [`classify`](Retry::classify) says otherwise, and what may have arrived is sent again unless the policy is
    /// [`at_most_once`](RetryPolicy::at_most_once).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use retry_core::{Policy, Retry, RetryPolicy, ThreadSleeper};
    /// use retry_email::lettre::{LettreClassifier, RetryTransport};
    /// use retry_email::lettre::lettre::SmtpTransport;
    ///
    /// let policy = Policy::constant(Duration::from_secs(30)).attempts(4).at_most_once();
    /// let retry = Retry::with_sleeper(policy, ThreadSleeper).classify(LettreClassifier).history::<4>();
    /// let smtp = SmtpTransport::builder_dangerous("127.0.0.1").build();
    /// let mailer = RetryTransport::with_retry(smtp, retry);
    /// assert!(format!("{:?}", mailer.retry()).contains("LettreClassifier"));
    /// ```
    pub const fn with_retry(transport: T, retry: R) -> Self {
        Self { transport, retry }
    }

    /// Replaces the retrier by what `f` makes of it: an observer, a timeout, a graceful stop on top of what is there.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use retry_core::{Policy, test_util::Recorder};
    /// use retry_email::lettre::RetryTransport;
    /// use retry_email::lettre::lettre::SmtpTransport;
    ///
    /// let smtp = SmtpTransport::builder_dangerous("127.0.0.1").build();
    /// let mailer = RetryTransport::blocking(smtp, Policy::constant(Duration::ZERO).attempts(4))
    ///     .map_retry(|retry| retry.observe(Recorder::default()).deadline(Duration::from_secs(3600)));
    /// assert!(format!("{:?}", mailer.retry()).contains("Recorder"));
    /// ```
    pub fn map_retry<Q>(self, f: impl FnOnce(R) -> Q) -> RetryTransport<T, Q> {
        RetryTransport { transport: self.transport, retry: f(self.retry) }
    }

    /// The transport inside.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use retry_core::Never;
    /// # use retry_email::lettre::RetryTransport;
    /// # use retry_email::lettre::lettre::transport::stub::StubTransport;
    /// assert!(RetryTransport::blocking(StubTransport::new_ok(), Never).transport().messages().is_empty());
    /// ```
    pub const fn transport(&self) -> &T {
        &self.transport
    }

    /// The retrier.
    ///
    /// ```
    /// # use retry_core::{Clock, Never, ThreadSleeper};
    /// # use retry_email::lettre::RetryTransport;
    /// # use retry_email::lettre::lettre::transport::stub::StubTransport;
    /// let mailer = RetryTransport::blocking(StubTransport::new_ok(), Never);
    /// assert!(mailer.retry().time().now() <= ThreadSleeper.now());
    /// ```
    pub const fn retry(&self) -> &R {
        &self.retry
    }

    /// The transport, without retry.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_email::lettre::RetryTransport;
    /// # use retry_email::lettre::lettre::transport::stub::StubTransport;
    /// assert!(RetryTransport::blocking(StubTransport::new_ok(), Never).into_inner().messages().is_empty());
    /// ```
    pub fn into_inner(self) -> T {
        self.transport
    }
}
