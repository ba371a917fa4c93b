//! How a client retries.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use retry_core::{BudgetRule, Clock, Destination, DestinationRule, RetryPolicy, TokioSleeper};

use super::Guards;
use crate::{HttpClassifier, time_of_day};

/// How a client retries: policy, classifier, limits, keys. The same for every client that this crate adapts.
///
/// | client | made by |
/// |---|---|
/// | any `tower` service of `http` requests | `into_layer` (feature `tower`) |
/// | `reqwest::Client` | `RetryClient::new`, or `send_with` on a request builder (feature `reqwest`) |
/// | a chain of `reqwest-middleware` | `RetryMiddleware::new` (feature `reqwest-middleware`) |
/// | `reqwest::blocking::Client` | `send_with` on a request builder (feature `reqwest-blocking`) |
///
/// # What is repeated
/// Idempotent methods, requests that carry an [`Idempotency-Key`](crate::IdempotencyKey), and what surely had no effect. An
/// attempt that [`timeout`](Self::timeout) cut may have had one. Everything else ends with
/// [`StopReason::UnknownOutcome`](retry_core::StopReason::UnknownOutcome).
///
/// # What guards the host
/// [`Guards`]: a retry budget for each host unless told otherwise, from which a single request can take all the attempts that
/// the policy allows by number ([`Bounds::max_attempts`](retry_core::Bounds::max_attempts)), and three retries of a policy
/// without such a number. Clones of this share what was learnt.
///
/// # What comes back
/// The last answer as it is, with [`Retried`](crate::Retried) among its extensions, so that a caller sees the 503 that it would
/// have seen without retries; else a [`RetryError`](crate::RetryError).
///
/// ```
/// use retry_core::{Law, Policy};
/// use retry_http::HttpRetry;
/// use std::time::Duration;
///
/// let policy = Policy::exponential(Duration::from_millis(100), Duration::from_secs(20)).jitter(Law::FULL).attempts(5);
/// let retry = HttpRetry::new(policy).timeout(Duration::from_secs(10)).deadline(Duration::from_secs(60));
/// assert!(format!("{retry:?}").contains("standard"));
/// ```
#[derive(Clone)]
pub struct HttpRetry<P, T = TokioSleeper, O = ()> {
    pub(super) policy: P,
    pub(crate) time: T,
    pub(super) observer: O,
    pub(crate) classifier: HttpClassifier,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) guards: Option<Guards>,
    pub(crate) keys: bool,
    /// Whether keys make no difference to any idempotent method.
    pub(super) repeats_idempotent: bool,
    pub(crate) wall_clock: fn() -> SystemTime,
}

impl<P: RetryPolicy> HttpRetry<P> {
    /// By `policy`, tokio's time, and the [standard rules](crate::Rules::standard).
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::HttpRetry;
    /// assert!(format!("{:?}", HttpRetry::new(Never)).contains("Never"));
    /// ```
    pub fn new(policy: P) -> Self {
        Self::with_sleeper(policy, TokioSleeper)
    }
}

impl<P: RetryPolicy, T> HttpRetry<P, T> {
    /// The same with another clock and timer.
    ///
    /// ```
    /// # use retry_core::{Never, test_util::VirtualClock};
    /// # use retry_http::HttpRetry;
    /// let retry = HttpRetry::with_sleeper(Never, VirtualClock::default());
    /// assert!(format!("{retry:?}").contains("Never"));
    /// ```
    pub fn with_sleeper(policy: P, time: T) -> Self {
        let attempts = RetryPolicy::bounds(&policy).max_attempts().map_or(0, NonZeroU32::get);
        let rule = DestinationRule::DEFAULT.budget(BudgetRule::DEFAULT.for_attempts(attempts));
        let classifier = HttpClassifier::new();
        Self {
            policy,
            time,
            observer: (),
            repeats_idempotent: repeats_idempotent(&classifier),
            classifier,
            timeout: None,
            deadline: None,
            guards: Some(Guards::new(rule)),
            keys: false,
            wall_clock: time_of_day,
        }
    }
}

impl<P, T, O> HttpRetry<P, T, O> {
    /// Replaces the classifier: other rules, or a provider by name.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpClassifier, HttpRetry, Rules};
    /// let retry = HttpRetry::new(Never).classify(HttpClassifier::new().rules(Rules::dotnet()));
    /// assert!(format!("{retry:?}").contains("dotnet"));
    /// ```
    #[must_use]
    pub fn classify(mut self, classifier: HttpClassifier) -> Self {
        self.repeats_idempotent = repeats_idempotent(&classifier);
        self.classifier = classifier;
        self
    }

    /// Replaces the limit of each attempt, up to the answer's head. A cut attempt may have had an effect.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::HttpRetry;
    /// # use std::time::Duration;
    /// assert!(format!("{:?}", HttpRetry::new(Never).timeout(Duration::from_secs(9))).contains("9s"));
    /// ```
    #[must_use]
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Replaces the limit of the request with all its attempts and waits.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::HttpRetry;
    /// # use std::time::Duration;
    /// assert!(format!("{:?}", HttpRetry::new(Never).deadline(Duration::from_secs(9))).contains("9s"));
    /// ```
    #[must_use]
    pub const fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// Replaces the guards, and forgets what the old ones had learnt; those of another retrier share what it has learnt.
    ///
    /// ```
    /// # use retry_core::{DestinationRule, Never};
    /// # use retry_http::{Guards, HttpRetry};
    /// let first = HttpRetry::new(Never).guarded_by(Guards::new(DestinationRule::DEFAULT.paced_by_cubic()));
    /// let second = HttpRetry::new(Never).guarded_by(first.guards().unwrap().clone());
    /// assert!(second.destination("https://api.example.org").unwrap().pacer().is_some());
    /// ```
    #[must_use]
    pub fn guarded_by(mut self, guards: Guards) -> Self {
        self.guards = Some(guards);
        self
    }

    /// Without budget, pacer and breaker: retries go by the policy alone, also when all of a host's clients retry at once.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::HttpRetry;
    /// assert!(HttpRetry::new(Never).without_guards().guards().is_none());
    /// ```
    #[must_use]
    pub fn without_guards(mut self) -> Self {
        self.guards = None;
        self
    }

    /// The guards.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::HttpRetry;
    /// assert!(HttpRetry::new(Never).guards().unwrap().is_empty());
    /// ```
    pub const fn guards(&self) -> Option<&Guards> {
        self.guards.as_ref()
    }

    /// What is known of a destination, by its origin (`https://api.example.org`) or [name](Guards::named); made if it is new.
    /// `None` without guards.
    ///
    /// ```
    /// # use retry_core::{BudgetRule, Policy};
    /// # use retry_http::HttpRetry;
    /// # use std::time::Duration;
    /// let retry = HttpRetry::new(Policy::constant(Duration::from_secs(1)).attempts(8));
    /// let host = retry.destination("https://api.example.org").unwrap();
    /// // A single request may use its 8 attempts.
    /// assert_eq!(host.budget().rule(), &BudgetRule::DEFAULT.floor(8));
    /// ```
    #[must_use]
    pub fn destination(&self, key: &str) -> Option<Arc<Destination>>
    where
        T: Clock,
    {
        Some(self.guards.as_ref()?.at(key, self.time.now()))
    }

    /// The same by another policy, which meets what was learnt of the hosts: to change a policy while requests are under way.
    /// Budgets keep the floor that they were made with.
    ///
    /// ```
    /// # use retry_core::{Never, Policy};
    /// # use retry_http::HttpRetry;
    /// # use std::{sync::Arc, time::Duration};
    /// let first = HttpRetry::new(Never);
    /// let second = first.with_policy(Policy::constant(Duration::from_secs(1)).attempts(3));
    /// let host = "https://api.example.org";
    /// assert!(Arc::ptr_eq(&first.destination(host).unwrap(), &second.destination(host).unwrap()));
    /// ```
    pub fn with_policy<Q: RetryPolicy>(&self, policy: Q) -> HttpRetry<Q, T, O>
    where
        T: Clone,
        O: Clone,
    {
        let Self {
            time, observer, classifier, timeout, deadline, guards, keys, repeats_idempotent, wall_clock, ..
        } = self;
        HttpRetry {
            policy,
            time: time.clone(),
            observer: observer.clone(),
            classifier: classifier.clone(),
            timeout: *timeout,
            deadline: *deadline,
            guards: guards.clone(),
            keys: *keys,
            repeats_idempotent: *repeats_idempotent,
            wall_clock: *wall_clock,
        }
    }

    /// Puts a random [`IdempotencyKey`](crate::IdempotencyKey) on every request that has none and whose method is not
    /// idempotent, the same in all its attempts. Not where the host's provider is known to want keys elsewhere, or none.
    ///
    /// Only for servers that honour such keys: with others, a request is done twice that would have been left alone.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::HttpRetry;
    /// assert!(format!("{:?}", HttpRetry::new(Never).idempotency_keys()).contains("keys: true"));
    /// ```
    #[must_use]
    pub const fn idempotency_keys(mut self) -> Self {
        self.keys = true;
        self
    }

    /// Replaces the time of day, which is compared with dates in headers. For tests.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::HttpRetry;
    /// # use std::time::SystemTime;
    /// let _ = HttpRetry::new(Never).wall_clock(|| SystemTime::UNIX_EPOCH);
    /// ```
    #[must_use]
    pub const fn wall_clock(mut self, now: fn() -> SystemTime) -> Self {
        self.wall_clock = now;
        self
    }

    /// Replaces the observer, which is shown every attempt and what it came to.
    ///
    /// ```
    /// # use retry_core::{Never, test_util::Recorder};
    /// # use retry_http::HttpRetry;
    /// let _ = HttpRetry::new(Never).observe(Recorder::default());
    /// ```
    pub fn observe<N>(self, observer: N) -> HttpRetry<P, T, N> {
        let Self { policy, time, classifier, timeout, deadline, guards, keys, repeats_idempotent, wall_clock, .. } =
            self;
        HttpRetry {
            policy,
            time,
            observer,
            classifier,
            timeout,
            deadline,
            guards,
            keys,
            repeats_idempotent,
            wall_clock,
        }
    }
}

/// Whether every method that is idempotent by RFC 9110 section 9.2.2 is repeated without a key.
fn repeats_idempotent(classifier: &HttpClassifier) -> bool {
    use http::Method;

    let methods = [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE, Method::PUT, Method::DELETE];
    methods.iter().all(|method| classifier.rules_in_force().may_repeat(method.as_str()))
}

impl<P: fmt::Debug, T, O> fmt::Debug for HttpRetry<P, T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRetry")
            .field("policy", &self.policy)
            .field("rules", &self.classifier.rules_in_force().name())
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("guards", &self.guards)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}
