//! The layer.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use retry_core::{RetryPolicy, TokioSleeper};
use tower_layer::Layer;

use super::{AnyFault, CloneBody, FaultFn, ReplayFn, RetryService};
use crate::{Fault, HttpClassifier, time_of_day};

/// Retries the requests of a service: by a policy, and by what [`HttpClassifier`] makes of answers and errors.
///
/// The last answer is handed on as it is, with [`Retried`](super::Retried) among its extensions, so that a caller sees the 503
/// that it would have seen without retries. The last error is a [`RetryError`](super::RetryError).
///
/// Put it outside of what concerns one attempt (timeouts, authentication that is renewed), and inside of what concerns the
/// request as a whole.
///
/// # What is repeated
/// Idempotent methods, requests that carry an [`Idempotency-Key`](crate::IdempotencyKey), and what surely had no effect. Errors
/// of the service are told apart by [`faults`](Self::faults); until then each may have had an effect. An attempt that
/// [`timeout`](Self::timeout) cut may have had one, too.
///
/// # Bodies
/// Each attempt gets a clone of method, URI, version, headers, extensions and body. What cannot be cloned is given by
/// [`replay`](Self::replay).
///
/// # Cancel safety
/// Dropping the response future drops the running attempt, or the wait; no further attempt is made.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use retry_core::{Law, Policy};
/// use retry_http::http::{Request, Response};
/// use retry_http::tower::tower_layer::Layer;
/// use retry_http::tower::tower_service::Service;
/// use retry_http::tower::{Retried, RetryLayer};
/// # use std::{convert::Infallible, future::{Ready, ready}, sync::{Arc, atomic::{AtomicU32, Ordering}}, task::{Context, Poll}};
/// # #[derive(Clone, Default)]
/// # struct Flaky(Arc<AtomicU32>);
/// # impl Service<Request<&'static str>> for Flaky {
/// #     type Response = Response<()>;
/// #     type Error = Infallible;
/// #     type Future = Ready<Result<Response<()>, Infallible>>;
/// #     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> { Poll::Ready(Ok(())) }
/// #     fn call(&mut self, _: Request<&'static str>) -> Self::Future {
/// #         let status = if self.0.fetch_add(1, Ordering::Relaxed) < 2 { 503 } else { 200 };
/// #         ready(Ok(Response::builder().status(status).body(()).unwrap()))
/// #     }
/// # }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let policy = Policy::exponential(Duration::from_millis(100), Duration::from_secs(20)).jitter(Law::FULL).attempts(5);
/// // `Flaky` answers 503 twice.
/// let mut client = RetryLayer::new(policy).layer(Flaky::default());
/// let response = client.call(Request::get("http://127.0.0.1/").body("")?).await?;
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.extensions().get::<Retried>().map(|retried| retried.attempts), Some(3));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RetryLayer<P, T = TokioSleeper, O = (), B = CloneBody, F = AnyFault> {
    settings: Settings<P, T, O, B, F>,
}

/// What a layer and its services have in common.
#[derive(Clone)]
pub(super) struct Settings<P, T, O, B, F> {
    pub(super) policy: P,
    pub(super) time: T,
    pub(super) observer: O,
    pub(super) replay: B,
    pub(super) faults: F,
    pub(super) classifier: HttpClassifier,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) keys: bool,
    pub(super) wall_clock: fn() -> SystemTime,
}

impl<P: RetryPolicy> RetryLayer<P> {
    /// Retries by `policy`, tokio's time, and the [standard rules](crate::Rules::standard).
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::RetryLayer;
    /// assert!(format!("{:?}", RetryLayer::new(Never)).contains("Never"));
    /// ```
    pub fn new(policy: P) -> Self {
        Self::with_sleeper(policy, TokioSleeper)
    }
}

impl<P: RetryPolicy, T> RetryLayer<P, T> {
    /// The same with another clock and timer.
    ///
    /// ```
    /// # use retry_core::{Never, ThreadSleeper, test_util::VirtualClock};
    /// # use retry_http::tower::RetryLayer;
    /// let layer = RetryLayer::with_sleeper(Never, VirtualClock::default());
    /// assert!(format!("{layer:?}").contains("Never"));
    /// ```
    pub fn with_sleeper(policy: P, time: T) -> Self {
        Self {
            settings: Settings {
                policy,
                time,
                observer: (),
                replay: CloneBody,
                faults: AnyFault,
                classifier: HttpClassifier::new(),
                timeout: None,
                deadline: None,
                keys: false,
                wall_clock: time_of_day,
            },
        }
    }
}

impl<P, T, O, B, F> RetryLayer<P, T, O, B, F> {
    /// Replaces the classifier: other rules, or a provider by name.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpClassifier, Rules, tower::RetryLayer};
    /// let layer = RetryLayer::new(Never).classify(HttpClassifier::new().rules(Rules::dotnet()));
    /// assert!(format!("{layer:?}").contains("dotnet"));
    /// ```
    #[must_use]
    pub fn classify(mut self, classifier: HttpClassifier) -> Self {
        self.settings.classifier = classifier;
        self
    }

    /// Replaces the limit of each attempt, up to the answer's head. A cut attempt may have had an effect.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::RetryLayer;
    /// # use std::time::Duration;
    /// assert!(format!("{:?}", RetryLayer::new(Never).timeout(Duration::from_secs(9))).contains("9s"));
    /// ```
    #[must_use]
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.settings.timeout = Some(limit);
        self
    }

    /// Replaces the limit of the request with all its attempts and waits.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::RetryLayer;
    /// # use std::time::Duration;
    /// assert!(format!("{:?}", RetryLayer::new(Never).deadline(Duration::from_secs(9))).contains("9s"));
    /// ```
    #[must_use]
    pub const fn deadline(mut self, limit: Duration) -> Self {
        self.settings.deadline = Some(limit);
        self
    }

    /// Puts a random [`IdempotencyKey`](crate::IdempotencyKey) on every request that has none and whose method is not
    /// idempotent, the same in all its attempts. Not where the host's provider is known to want keys elsewhere, or none.
    ///
    /// Only for servers that honour such keys: with others, a request is done twice that would have been left alone.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::RetryLayer;
    /// assert!(format!("{:?}", RetryLayer::new(Never).idempotency_keys()).contains("keys: true"));
    /// ```
    #[must_use]
    pub const fn idempotency_keys(mut self) -> Self {
        self.settings.keys = true;
        self
    }

    /// Replaces the time of day, which is compared with dates in headers. For tests.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::RetryLayer;
    /// # use std::time::SystemTime;
    /// let _ = RetryLayer::new(Never).wall_clock(|| SystemTime::UNIX_EPOCH);
    /// ```
    #[must_use]
    pub const fn wall_clock(mut self, now: fn() -> SystemTime) -> Self {
        self.settings.wall_clock = now;
        self
    }

    /// Replaces the observer, which is shown every attempt and its error.
    ///
    /// ```
    /// # use retry_core::{Never, test_util::Recorder};
    /// # use retry_http::tower::RetryLayer;
    /// let _ = RetryLayer::new(Never).observe(Recorder::default());
    /// ```
    #[must_use]
    pub fn observe<N>(self, observer: N) -> RetryLayer<P, T, N, B, F> {
        let Settings { policy, time, replay, faults, classifier, timeout, deadline, keys, wall_clock, .. } =
            self.settings;
        RetryLayer {
            settings: Settings {
                policy,
                time,
                observer,
                replay,
                faults,
                classifier,
                timeout,
                deadline,
                keys,
                wall_clock,
            },
        }
    }

    /// Replaces the way to make another copy of a body; `None` from it: this body can be sent once only.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::RetryLayer;
    /// let _ = RetryLayer::new(Never).replay(|_: &std::fs::File| None);
    /// ```
    #[must_use]
    pub fn replay<Body, R: Fn(&Body) -> Option<Body>>(self, f: R) -> RetryLayer<P, T, O, ReplayFn<R>, F> {
        let Settings { policy, time, observer, faults, classifier, timeout, deadline, keys, wall_clock, .. } =
            self.settings;
        let replay = ReplayFn::new(f);
        RetryLayer {
            settings: Settings {
                policy,
                time,
                observer,
                replay,
                faults,
                classifier,
                timeout,
                deadline,
                keys,
                wall_clock,
            },
        }
    }

    /// Replaces the way to tell faults by the service's errors: [`IoFault`](super::IoFault), or a [`FaultFn`].
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::{IoFault, RetryLayer};
    /// let _ = RetryLayer::new(Never).faults_by(IoFault);
    /// ```
    #[must_use]
    pub fn faults_by<N>(self, faults: N) -> RetryLayer<P, T, O, B, N> {
        let Settings { policy, time, observer, replay, classifier, timeout, deadline, keys, wall_clock, .. } =
            self.settings;
        RetryLayer {
            settings: Settings {
                policy,
                time,
                observer,
                replay,
                faults,
                classifier,
                timeout,
                deadline,
                keys,
                wall_clock,
            },
        }
    }

    /// Tells faults by a function.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{Fault, tower::RetryLayer};
    /// let _ = RetryLayer::new(Never).faults(|error: &std::io::Error| match error.kind() {
    ///     std::io::ErrorKind::ConnectionRefused => Fault::Refused,
    ///     _ => Fault::Other,
    /// });
    /// ```
    #[must_use]
    pub fn faults<E: ?Sized, N: Fn(&E) -> Fault>(self, f: N) -> RetryLayer<P, T, O, B, FaultFn<N>> {
        self.faults_by(FaultFn::new(f))
    }
}

impl<S, P: Clone, T: Clone, O: Clone, B: Clone, F: Clone> Layer<S> for RetryLayer<P, T, O, B, F> {
    type Service = RetryService<S, P, T, O, B, F>;

    fn layer(&self, inner: S) -> Self::Service {
        RetryService::new(inner, Arc::new(self.settings.clone()))
    }
}

impl<P: fmt::Debug, T, O, B, F> fmt::Debug for RetryLayer<P, T, O, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}

impl<P: fmt::Debug, T, O, B, F> fmt::Debug for Settings<P, T, O, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryLayer")
            .field("policy", &self.policy)
            .field("rules", &self.classifier.rules_in_force().name())
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}
