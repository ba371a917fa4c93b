//! The layer.

use std::fmt;
use std::sync::Arc;

use retry_core::{RetryPolicy, TokioSleeper};
use tower_layer::Layer;

use super::{AnyFault, CloneBody, FaultFn, ReplayFn, RetryService};
use crate::{Fault, HttpRetry};

/// Retries the requests of a service: by a policy, and by what [`HttpClassifier`](crate::HttpClassifier) makes of answers and errors.
///
/// What is repeated and what comes back: see [`HttpRetry`], which also sets limits, rules, keys and observer.
///
/// Put it outside of what concerns one attempt (timeouts, authentication that is renewed), and inside of what concerns the
/// request as a whole.
///
/// What follows redirects belongs outside as well: here a request and its answer are taken to be of one URL.
///
/// # Errors of the service
/// They are told apart by [`faults`](Self::faults) or [`faults_by`](Self::faults_by); until then each may have had an effect.
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
/// use retry_http::Retried;
/// use retry_http::tower::RetryLayer;
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
    pub(super) retry: HttpRetry<P, T, O>,
    pub(super) replay: B,
    pub(super) faults: F,
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
        HttpRetry::new(policy).into_layer()
    }
}

impl<P, T, O> HttpRetry<P, T, O> {
    /// As a layer for `tower` services.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::HttpRetry;
    /// # use std::time::Duration;
    /// let layer = HttpRetry::new(Never).timeout(Duration::from_secs(9)).into_layer();
    /// assert!(format!("{layer:?}").contains("9s"));
    /// ```
    pub const fn into_layer(self) -> RetryLayer<P, T, O> {
        RetryLayer { retry: self, replay: CloneBody, faults: AnyFault }
    }
}

impl<P, T, O, B, F> RetryLayer<P, T, O, B, F> {
    /// Replaces the way to make another copy of a body; `None` from it: this body can be sent once only.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::RetryLayer;
    /// let _ = RetryLayer::new(Never).replay(|_: &std::fs::File| None);
    /// ```
    pub fn replay<Body, R: Fn(&Body) -> Option<Body>>(self, f: R) -> RetryLayer<P, T, O, ReplayFn<R>, F> {
        RetryLayer { retry: self.retry, replay: ReplayFn::new(f), faults: self.faults }
    }

    /// Replaces the way to tell faults by the service's errors: [`IoFault`](super::IoFault), or a [`FaultFn`].
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::{IoFault, RetryLayer};
    /// let _ = RetryLayer::new(Never).faults_by(IoFault);
    /// ```
    pub fn faults_by<N>(self, faults: N) -> RetryLayer<P, T, O, B, N> {
        RetryLayer { retry: self.retry, replay: self.replay, faults }
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
    pub fn faults<E: ?Sized, N: Fn(&E) -> Fault>(self, f: N) -> RetryLayer<P, T, O, B, FaultFn<N>> {
        self.faults_by(FaultFn::new(f))
    }
}

impl<S, P: Clone, T: Clone, O: Clone, B: Clone, F: Clone> Layer<S> for RetryLayer<P, T, O, B, F> {
    type Service = RetryService<S, P, T, O, B, F>;

    fn layer(&self, inner: S) -> Self::Service {
        RetryService::new(inner, Arc::new(self.clone()))
    }
}

impl<P: fmt::Debug, T, O, B, F> fmt::Debug for RetryLayer<P, T, O, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryLayer").field("retry", &self.retry).finish_non_exhaustive()
    }
}
