//! Sends mail through several hosts, again and again, and knows each recipient's end.

mod answered;
mod blocking;
mod host;
mod hosts;
mod outcome;
mod perl;
mod pool;
mod run;

use std::time::Duration;

pub use blocking::BlockingSender;
use host::Host;
pub use host::{InvalidHost, SmtpHost};
pub use outcome::{Sent, SentTo, State, Tried, WhenInDoubt};
pub use perl::PerlOptions;
use pool::Pool;
pub use pool::PoolLimits;
use retry_core::{Policy, RetryPolicy, Sleeper, TokioSleeper};
use run::Run;

use crate::{Classifier, Envelope};

/// Sends mail: over pooled connections, failing over between hosts, retrying by policy, each recipient by itself.
///
/// - An attempt goes to the best host (priority, then weight) that does not rest from failures; what a host cannot do now, or not at
///   all, the next one may (connect errors, refusing greetings, [`Action::TryOtherHostThenLater`](crate::Action) and its like).
/// - A recipient that was delivered or refused for good is left out of later attempts; the others are sent again by the policy for
///   the class of their failure, each with its own parameters. Those with the same fate share an attempt.
/// - What may have arrived is treated as [`WhenInDoubt`] says.
/// - A connection that was dead before it was used is no attempt.
///
/// It keeps nothing on disk: what is not delivered when [`send`](Self::send) ends is reported, and the caller's again.
///
/// # Cancel safety
/// Dropping the future of `send` may drop a mail whose final dot is on its way: it may have arrived, and nobody is told. Bound a
/// send by its policy ([`Policy::within`]) instead.
///
/// ```
/// use std::time::Duration;
///
/// use retry_core::{Law, Policy};
/// use retry_email::{Endpoint, Envelope, Sender, Tls};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
/// let policy = Policy::exponential(Duration::from_secs(1), Duration::from_secs(60)).jitter(Law::FULL).attempts(5);
/// // In earnest: "smtps://user:password@smtp.example.org".parse::<SmtpHost>()?
/// let sender = Sender::new(policy).host(Endpoint::new(server.host(), server.port()).tls(Tls::Off));
///
/// let envelope = Envelope::new("alice@example.org".parse()?).to("bob@example.net".parse()?);
/// let sent = sender.send(&envelope, b"Subject: hello\r\n\r\nHello, Bob\r\n").await;
/// assert!(sent.is_delivered());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Sender<P = Policy, S = TokioSleeper> {
    policy: P,
    connect_policy: Policy,
    sleeper: S,
    hosts: Vec<Host<S>>,
    limits: PoolLimits,
    classifier: Classifier,
    in_doubt: WhenInDoubt,
}

impl Sender {
    /// Retries as Perl's `Net::SMTP::Retryable` promises to, by options of the same names. It has no host yet.
    ///
    /// ```
    /// use retry_email::{PerlOptions, Sender, SmtpHost};
    /// use std::time::Duration;
    ///
    /// let options = PerlOptions { connectretries: 2, sendretries: 5, retryfactor: Duration::from_millis(250) };
    /// let mut sender = Sender::like_perl(options);
    /// // Net::SMTP->new([ $mailhost1, $mailhost2 ], %options)
    /// for (name, priority) in [("mx1.example.org", 0), ("mx2.example.org", 1)] {
    ///     let host: SmtpHost = format!("smtp://{name}:25?tls=opportunistic&priority={priority}").parse()?;
    ///     sender = sender.host(host);
    /// }
    /// # Ok::<(), retry_email::InvalidHost>(())
    /// ```
    #[must_use]
    pub fn like_perl(options: PerlOptions) -> Self {
        Self::new(options.send_policy()).connect_policy(options.connect_policy())
    }
}

impl<P: RetryPolicy> Sender<P> {
    /// Retries by `policy`, in tokio's time. It has no host yet.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::Sender;
    /// # use std::time::Duration;
    /// let sender = Sender::new(Policy::constant(Duration::from_secs(5)).attempts(3));
    /// ```
    #[must_use]
    pub fn new(policy: P) -> Self {
        Self::with_sleeper(policy, TokioSleeper)
    }
}

impl<P: RetryPolicy, S: Sleeper + Clone> Sender<P, S> {
    /// Retries by `policy`, in the time of `sleeper`; connections are tokio's all the same.
    ///
    /// ```
    /// # use retry_core::{Policy, TokioSleeper};
    /// # use retry_email::Sender;
    /// # use std::time::Duration;
    /// let sender = Sender::with_sleeper(Policy::constant(Duration::ZERO), TokioSleeper);
    /// ```
    #[must_use]
    pub fn with_sleeper(policy: P, sleeper: S) -> Self {
        Self {
            policy,
            connect_policy: Policy::constant(Duration::ZERO).attempts(1),
            sleeper,
            hosts: Vec::new(),
            limits: PoolLimits::default(),
            classifier: Classifier::builtin().clone(),
            in_doubt: WhenInDoubt::default(),
        }
    }

    /// Adds a host: an [`Endpoint`](crate::Endpoint), or an [`SmtpHost`] with priority and weight. Set [`pool`](Self::pool) before.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{Sender, SmtpHost};
    /// # use std::time::Duration;
    /// let first: SmtpHost = "smtp://mx1.example.org:25?priority=1".parse()?;
    /// let second: SmtpHost = "smtp://mx2.example.org:25?priority=2".parse()?;
    /// let sender = Sender::new(Policy::constant(Duration::ZERO)).host(first).host(second);
    /// # Ok::<(), retry_email::InvalidHost>(())
    /// ```
    #[must_use]
    pub fn host(mut self, host: impl Into<SmtpHost>) -> Self {
        self.hosts.push(Host::new(host.into(), Pool::new(self.limits)));
        self
    }

    /// How often, and after which waits, the hosts are asked again within one attempt while none can be reached. Once unless set.
    ///
    /// Such a round is no attempt of the message: the sender's own policy is asked when these are used up, or at once when the failure
    /// is no matter of time (a login refused). Each attempt has its rounds anew.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{Endpoint, Envelope, Sender, Tls};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), retry_email::InvalidAddress> {
    /// let thrice = Policy::constant(Duration::ZERO).attempts(3);
    /// // Nobody listens at port 1.
    /// let endpoint = Endpoint::new("127.0.0.1", 1).tls(Tls::Off);
    /// let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(2)).connect_policy(thrice).host(endpoint);
    /// let sent = sender.send(&Envelope::from_nobody().to("bob@example.net".parse()?), b"").await;
    /// let attempts: Vec<u32> = sent.recipients[0].attempts.iter().map(|tried| tried.attempt).collect();
    /// assert_eq!(attempts, [1, 1, 1, 2, 2, 2]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn connect_policy(mut self, policy: Policy) -> Self {
        self.connect_policy = policy;
        self
    }

    /// Bounds on the connections to each host that is added from here on.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{PoolLimits, Sender};
    /// # use std::time::Duration;
    /// let limits = PoolLimits { connections: 1, ..PoolLimits::default() };
    /// let sender = Sender::new(Policy::constant(Duration::ZERO)).pool(limits);
    /// ```
    #[must_use]
    pub const fn pool(mut self, limits: PoolLimits) -> Self {
        self.limits = limits;
        self
    }

    /// What is to be done with a mail that may have arrived.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{Sender, WhenInDoubt};
    /// # use std::time::Duration;
    /// let sender = Sender::new(Policy::constant(Duration::ZERO)).in_doubt(WhenInDoubt::Resend);
    /// ```
    #[must_use]
    pub const fn in_doubt(mut self, what: WhenInDoubt) -> Self {
        self.in_doubt = what;
        self
    }

    /// Classifies replies by rules of your own.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{Classifier, Sender};
    /// # use std::time::Duration;
    /// let sender = Sender::new(Policy::constant(Duration::ZERO)).classifier(Classifier::builtin().clone());
    /// ```
    #[must_use]
    pub fn classifier(mut self, classifier: Classifier) -> Self {
        self.classifier = classifier;
        self
    }

    /// Sends `message` to the recipients of `envelope`, until each has its end. Never fails as a whole. Without a host, all are
    /// deferred at once.
    ///
    /// The message is sent as it is: see [`identified`](crate::identified) for the Message-ID and Date that it should have.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{Envelope, Sender, State};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), retry_email::InvalidAddress> {
    /// let nowhere = Sender::new(Policy::constant(Duration::ZERO));
    /// let sent = nowhere.send(&Envelope::from_nobody().to("bob@example.net".parse()?), b"").await;
    /// assert_eq!(sent.recipients[0].state, State::Deferred);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send(&self, envelope: &Envelope, message: &[u8]) -> Sent {
        self.send_observed(envelope, message, |_, _| {}).await
    }

    /// [`send`](Self::send), telling `observe` of each try as it ends: the recipient's number, and what came of it.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{Endpoint, Envelope, Sender, Tls};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
    /// # let policy = Policy::constant(Duration::ZERO);
    /// # let sender = Sender::new(policy).host(Endpoint::new(server.host(), server.port()).tls(Tls::Off));
    /// let mut tries = 0;
    /// let envelope = Envelope::from_nobody().to("bob@example.net".parse()?);
    /// sender.send_observed(&envelope, b"", |_, _| tries += 1).await;
    /// assert_eq!(tries, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send_observed(&self, envelope: &Envelope, message: &[u8], observe: impl FnMut(usize, &Tried)) -> Sent {
        Run::new(self, envelope, message, observe).finish().await
    }

    /// Says `QUIT` on all idle connections.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::Sender;
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// Sender::new(Policy::constant(Duration::ZERO)).close().await;
    /// # }
    /// ```
    pub async fn close(&self) {
        for host in &self.hosts {
            for connection in host.pool.drain() {
                connection.quit().await;
            }
        }
    }
}
