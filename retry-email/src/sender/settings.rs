//! What can be set on a [`Sender`].

use std::sync::Arc;

use retry_core::{Destinations, ObserveError, Policy, RetryPolicy, Sleeper};

use super::host::Host;
use super::{HostRule, PoolLimits, Sender, SmtpHost, Tried, WhenInDoubt};
use crate::Classifier;

impl<P: RetryPolicy, S: Sleeper + Clone> Sender<P, S> {
    /// Adds a host: an [`Endpoint`](crate::Endpoint), or an [`SmtpHost`] with priority and weight. Set [`pool`](Self::pool)
    /// and [`host_rule`](Self::host_rule) before.
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
        self.hosts.push(Host::new(host.into(), self.limits, self.rule.clone()));
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

    /// What is kept of each host that is added from here on: budget, breaker, window, pacer.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::{HostRule, Sender};
    /// # use std::time::Duration;
    /// let rule = HostRule::default().paced_by_aimd();
    /// let sender = Sender::new(Policy::constant(Duration::ZERO)).host_rule(rule);
    /// ```
    #[must_use]
    pub fn host_rule(self, rule: HostRule) -> Self {
        Self { rule, ..self }
    }

    /// Shares budgets, breakers and pacers of the hosts with others that call them: senders with another policy, or with other
    /// connections. The keys are host and port, like `mx.example.org:25`.
    ///
    /// The rule of `destinations` then counts for them, in place of the host rule's; windows and connections stay this sender's own.
    /// It has a breaker only if asked, and no floor raised to the attempts. Set it before the first sending.
    ///
    /// ```
    /// use retry_core::{BreakerRule, Clock, DestinationRule, Destinations, Policy, TokioSleeper};
    /// use retry_email::{Endpoint, Sender};
    /// use std::{sync::Arc, time::Duration};
    ///
    /// let hosts = Arc::new(Destinations::new(DestinationRule::DEFAULT.breaker(BreakerRule::consecutive(1))));
    /// let [urgent, bulk] = [20, 3].map(|attempts| {
    ///     let policy = Policy::constant(Duration::from_secs(10)).attempts(attempts);
    ///     Sender::new(policy).sharing(hosts.clone()).host(Endpoint::new("mx.example.org", 25))
    /// });
    /// // 3 unless the rule says otherwise
    /// assert_eq!(urgent.host_states()[0].balance, Some(300));
    /// assert_eq!((bulk.host_states().len(), hosts.len()), (1, 1));
    /// ```
    #[must_use]
    pub fn sharing(self, destinations: Arc<Destinations<String>>) -> Self {
        Self { shared: Some(destinations), ..self }
    }

    /// Sends messages as they are, without adding a Message-ID or Date that they lack: where somebody else adds them, or a signature
    /// says that there are none.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_email::Sender;
    /// # use std::time::Duration;
    /// let sender = Sender::new(Policy::constant(Duration::ZERO)).as_is();
    /// ```
    #[must_use]
    pub const fn as_is(mut self) -> Self {
        self.as_is = true;
        self
    }

    /// Tells `observer` of every step, for each recipient: attempt started, failed (once a host, with the [`Tried`] as the error),
    /// scheduled, gave up, succeeded. Replaces the observer; share one by `Arc`.
    ///
    /// With feature `tracing` of `retry_core`, `TracingObserver::new("mail")` writes it all to the log; no credentials are in it.
    ///
    /// ```
    /// use retry_core::{ObserveError, Observer, Policy, Stopped};
    /// use retry_email::{Endpoint, Envelope, Sender, Tls};
    /// use std::sync::{Arc, Mutex};
    /// use std::time::Duration;
    ///
    /// #[derive(Default)]
    /// struct Log(Mutex<Vec<String>>);
    ///
    /// impl Observer for Log {
    ///     fn gave_up(&self, event: Stopped) {
    ///         self.0.lock().unwrap().push(format!("gave up: {}", event.reason));
    ///     }
    /// }
    /// impl ObserveError<retry_email::Tried> for Log {
    ///     fn failed(&self, event: retry_core::Failed<'_, retry_email::Tried>) {
    ///         self.0.lock().unwrap().push(event.what.to_string());
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), retry_email::InvalidAddress> {
    /// let log = Arc::new(Log::default());
    /// // Nobody listens at port 1.
    /// let endpoint = Endpoint::new("127.0.0.1", 1).tls(Tls::Off);
    /// let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(1)).host(endpoint).observe(log.clone());
    /// sender.send(&Envelope::from_nobody().to("bob@example.net".parse()?), b"").await;
    /// assert_eq!(*log.0.lock().unwrap(), [
    ///     "bob@example.net: refused (connect at 127.0.0.1:1, network)",
    ///     "gave up: no attempts left",
    /// ]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl ObserveError<Tried> + Send + Sync + 'static) -> Self {
        self.hooks.observe(observer);
        self
    }

    /// Calls `alert` for what somebody should look at ([`Tried::alert`]): a login refused, an address blocklisted, a server out of turn.
    /// Once for each host and reason in a sending, in line: it should be quick and must not panic. Replaces the function.
    ///
    /// ```
    /// use retry_core::Policy;
    /// use retry_email::{Endpoint, Envelope, Reason, Sender, Tls};
    /// use std::sync::{Arc, Mutex};
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
    /// # let (host, port) = (server.host(), server.port());
    /// let alerts = Arc::new(Mutex::new(Vec::new()));
    /// let pager = Arc::clone(&alerts);
    /// let policy = Policy::constant(Duration::ZERO).attempts(3);
    /// let sender = Sender::new(policy).on_alert(move |tried| pager.lock().unwrap().push(tried.reason));
    /// // It must be encrypted, and this server cannot.
    /// let sender = sender.host(Endpoint::new(host, port).tls(Tls::Required));
    /// sender.send(&Envelope::from_nobody().to("a@example.net".parse()?).to("b@example.net".parse()?), b"").await;
    /// assert_eq!(*alerts.lock().unwrap(), [Reason::TlsRequired]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_alert(mut self, alert: impl Fn(&Tried) + Send + Sync + 'static) -> Self {
        self.hooks.alert(alert);
        self
    }

    /// Begins no further attempt once a future of `stop` completes: a try that is under way may finish, a wait ends at once. Who has
    /// no end by then is [deferred](crate::State::Deferred), with [`StopReason::Cancelled`](retry_core::StopReason::Cancelled). Replaces
    /// the function.
    ///
    /// `stop` is called for each wait and attempt, so its futures must complete whenever the stop was asked for, also before the call:
    /// that of a `CancellationToken` does.
    ///
    /// ```
    /// use retry_core::{Policy, StopReason};
    /// use retry_email::{Endpoint, Envelope, Sender};
    /// use std::future::ready;
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), retry_email::InvalidAddress> {
    /// // In earnest: `move || token.clone().cancelled_owned()`
    /// let sender = Sender::new(Policy::constant(Duration::ZERO)).stop_on(|| ready(()));
    /// let sender = sender.host(Endpoint::new("mx.example.org", 25));
    /// let sent = sender.send(&Envelope::from_nobody().to("bob@example.net".parse()?), b"").await;
    /// assert_eq!(sent.recipients[0].stopped, Some(StopReason::Cancelled));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn stop_on<F: Future<Output = ()> + Send + 'static>(
        mut self,
        stop: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        self.hooks.stop(stop);
        self
    }
}
