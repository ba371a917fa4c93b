//! The layer.

use std::fmt;
use std::sync::Arc;

use tower_layer::Layer;

use super::{ByClone, CloneFn, Retrying};
use crate::extra::Plain;
use crate::{AnyError, Retry};

/// Retries the requests of a service.
///
/// All services that a layer makes, and their clones, share its retrier, and so what its policy keeps: one budget, one
/// pacer, one breaker. A call allocates nothing of its own.
///
/// # Defaults
/// Requests are copied by [`Clone`].
///
/// # Errors of the service
/// An error of a call is classified, and the policy decides. An error of `poll_ready` says that the service takes no
/// further request: it ends the run with [`StopReason::Closed`](crate::StopReason::Closed), and is neither classified
/// nor counted as an attempt.
///
/// # Time
/// The retrier's timeout begins when the service is called. Waiting for it to be ready again is part of no attempt: a
/// deadline and a stop cut it, a timeout does not. While a call waits for admission it holds no place in the service.
///
/// # Examples
/// ```
/// use retry_core::tower::tower_layer::Layer;
/// use retry_core::tower::tower_service::Service;
/// use retry_core::{Policy, Retry, Verdict};
/// use std::time::Duration;
/// # use std::{convert::Infallible, future::{Ready, ready}, task::{Context, Poll}};
/// # #[derive(Clone)]
/// # struct Counting(std::sync::Arc<std::sync::atomic::AtomicU16>);
/// # impl Service<&'static str> for Counting {
/// #     type Response = u16;
/// #     type Error = Infallible;
/// #     type Future = Ready<Result<u16, Infallible>>;
/// #     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> { Poll::Ready(Ok(())) }
/// #     fn call(&mut self, _: &'static str) -> Self::Future {
/// #         let calls = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
/// #         ready(Ok(if calls < 2 { 503 } else { 200 }))
/// #     }
/// # }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// # let service = Counting(Default::default());
/// let retry = Retry::new(Policy::constant(Duration::from_secs(1)).attempts(5))
///     .reject(|status: &u16| (*status >= 500).then_some(Verdict::TRANSIENT));
/// // `service` answers 503 twice.
/// let mut client = retry.into_layer().layer(service);
/// assert_eq!(client.call("GET /").await.unwrap(), 200);
/// # }
/// ```
pub struct RetryLayer<P, T, C = AnyError, O = (), X = Plain, B = ByClone> {
    pub(super) retry: Arc<Retry<P, T, C, O, X>>,
    pub(super) requests: B,
}

#[cfg(feature = "tokio")]
impl<P: crate::RetryPolicy> RetryLayer<P, crate::TokioSleeper> {
    /// Retries by `policy` and tokio's time. For more, see [`Retry::into_layer`].
    ///
    /// ```
    /// # use retry_core::{Never, tower::RetryLayer};
    /// assert!(format!("{:?}", RetryLayer::new(Never)).contains("Never"));
    /// ```
    pub fn new(policy: P) -> Self {
        Retry::new(policy).into_layer()
    }
}

impl<P, T, C, O, X> Retry<P, T, C, O, X> {
    /// As a layer for `tower` services (feature `tower`).
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper, tower::tower_layer::Layer};
    /// let layer = Retry::with_sleeper(Never, ThreadSleeper).into_layer();
    /// assert_eq!(*layer.layer("the service inside").inner(), "the service inside");
    /// ```
    pub fn into_layer(self) -> RetryLayer<P, T, C, O, X> {
        RetryLayer { retry: Arc::new(self), requests: ByClone }
    }
}

impl<P, T, C, O, X, B> RetryLayer<P, T, C, O, X, B> {
    /// Replaces the way to copy a request; `None` from it: this one can be sent once only. See
    /// [`CloneRequest`](super::CloneRequest).
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper};
    /// let layer = Retry::with_sleeper(Never, ThreadSleeper).into_layer();
    /// let _ = layer.clone_request(|_: &std::fs::File| None);
    /// ```
    pub fn clone_request<Req, F: Fn(&Req) -> Option<Req>>(self, f: F) -> RetryLayer<P, T, C, O, X, CloneFn<F>> {
        RetryLayer { retry: self.retry, requests: CloneFn::new(f) }
    }

    /// The retrier.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let layer = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(3), ThreadSleeper).into_layer();
    /// assert_eq!(layer.retry().policy().max_attempts().unwrap().get(), 3);
    /// ```
    pub fn retry(&self) -> &Retry<P, T, C, O, X> {
        &self.retry
    }
}

impl<Svc, P, T, C, O, X, B: Clone> Layer<Svc> for RetryLayer<P, T, C, O, X, B> {
    type Service = Retrying<Svc, P, T, C, O, X, B>;

    fn layer(&self, inner: Svc) -> Self::Service {
        Retrying::new(inner, self.clone())
    }
}

impl<P, T, C, O, X, B: Clone> Clone for RetryLayer<P, T, C, O, X, B> {
    #[inline]
    fn clone(&self) -> Self {
        Self { retry: Arc::clone(&self.retry), requests: self.requests.clone() }
    }
}

impl<P: fmt::Debug, T, C, O, X, B> fmt::Debug for RetryLayer<P, T, C, O, X, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryLayer").field("policy", self.retry.policy()).finish_non_exhaustive()
    }
}
