//! Sends mail through several hosts, again and again, and knows each recipient's end.

mod answered;
mod attempt;
mod blocking;
mod concurrency;
mod gate;
mod hooks;
mod host;
mod host_rule;
mod host_state;
mod hosts;
mod leave;
mod outcome;
mod perl;
mod pool;
mod run;
mod settings;
mod smtp_host;
mod stamp;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

pub use blocking::BlockingSender;
pub use concurrency::ConcurrencyWindow;
use hooks::Hooks;
use host::Host;
pub use host_rule::HostRule;
pub use host_state::HostState;
pub use outcome::{Sent, SentTo, State, Tried, WhenInDoubt};
pub use perl::PerlOptions;
pub use pool::PoolLimits;
use retry_core::{BudgetRule, Destination, Destinations, Policy, RetryPolicy, Sleeper, TokioSleeper};
use run::Run;
pub use smtp_host::{InvalidHost, SmtpHost};

use crate::{Classifier, Envelope};

/// Sends mail: over pooled connections, failing over between hosts, retrying by policy, each recipient by itself.
///
/// - An attempt goes to the best host (priority, then weight) that does not rest from failures; what a host cannot do now, or not at
///   all, the next one may (connect errors, refusing greetings, [`Action::TryOtherHostThenLater`](crate::Action) and its like).
/// - A recipient that was delivered or refused for good is left out of later attempts; the others are sent again by the policy for
///   the class of their failure, each with its own parameters. Those with the same fate share an attempt.
/// - What may have arrived is treated as [`WhenInDoubt`] says.
/// - A connection that was dead before it was used is no attempt.
/// - A message without Message-ID or Date gets them, once.
/// - Each host has a retry budget, a circuit breaker and a concurrency window, and a pacer if asked ([`HostRule`]).
/// - It tells an [observer](Self::observe) of every step, and a [function](Self::on_alert) of what somebody should look at.
///
/// The policy only decides ([`RetryPolicy::decide`]). It is not asked to admit attempts and does not hear how they end, so a budget,
/// pacer or breaker belongs into the host rule and not around the policy: one there would never fill or close again.
///
/// It keeps nothing on disk: what is not delivered when [`send`](Self::send) ends is reported, and the caller's again.
///
/// # Cancel safety
/// Dropping the future of `send` may drop a mail whose final dot is on its way: it may have arrived, and nobody is told. Bound a
/// send by its policy ([`Policy::within`]) instead, or end it by [`stop_on`](Self::stop_on).
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
    rule: HostRule,
    shared: Option<Arc<Destinations<String>>>,
    classifier: Classifier,
    in_doubt: WhenInDoubt,
    as_is: bool,
    hooks: Hooks,
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
        // "For ever" has no number that the budget could follow by itself.
        let rule = HostRule::default().budget(BudgetRule::DEFAULT.for_attempts(options.attempts()));
        Self::new(options.send_policy()).connect_policy(options.connect_policy()).host_rule(rule)
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
            rule: HostRule::default(),
            shared: None,
            classifier: Classifier::builtin().clone(),
            in_doubt: WhenInDoubt::default(),
            as_is: false,
            hooks: Hooks::default(),
        }
    }

    /// Sends `message` to the recipients of `envelope`, until each has its end. Never fails as a whole. Without a host, all are
    /// deferred at once.
    ///
    /// A message without Message-ID or Date is given them, the same in every attempt and at every host (unless [`as_is`](Self::as_is)
    /// says otherwise). Who calls `send` again with what was deferred should add them before, by [`identified`](crate::identified): then
    /// receivers can tell copies of different calls, too.
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
        let message =
            if self.as_is { Cow::Borrowed(message) } else { stamp::stamped(message, envelope, &self.sleeper) };
        Run::new(self, envelope, &message, observe).finish().await
    }

    /// How each host is seen at the moment, in the order in which they were added: for monitoring.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{Endpoint, Sender};
    /// # use std::time::Duration;
    /// let sender = Sender::new(Policy::constant(Duration::ZERO)).host(Endpoint::new("mx.example.org", 25));
    /// assert_eq!(sender.host_states()[0].window, 5);
    /// ```
    #[must_use]
    pub fn host_states(&self) -> Vec<HostState> {
        let now = self.sleeper.now();
        self.hosts.iter().map(|host| host.shown(self.destination(host), now)).collect()
    }

    /// What is known of a host.
    fn destination<'h>(&self, host: &'h Host<S>) -> &'h Destination {
        host.destination.get_or_init(|| {
            let now = self.sleeper.now();
            match &self.shared {
                Some(shared) => shared.at(host.name.as_str(), now),
                None => Arc::new(Destination::new(&host.rule.destination(self.attempts()), now)),
            }
        })
    }

    /// The most attempts at a host that a message may ask for; 0 if that is not bounded.
    fn attempts(&self) -> u32 {
        let most = |policy: &dyn RetryPolicy| policy.bounds().max_attempts().map_or(0, std::num::NonZero::get);
        most(&&self.policy).saturating_mul(most(&self.connect_policy))
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
