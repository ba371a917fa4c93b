//! The service.

use std::fmt;
use std::task::{Context, Poll};

use tower_service::Service;

use super::{CloneRequest, ResponseFuture, RetryLayer};
use crate::extra::Extra;
use crate::gave_up::GaveUp;
use crate::limit::Cut;
use crate::reject::Reject;
use crate::{ErrorClassifier, ObserveError, RetryPolicy, Sleeper};

/// A service with retry; made by a [`RetryLayer`].
///
/// It is ready when the service inside is.
///
/// ```
/// use retry_core::tower::tower_layer::Layer;
/// use retry_core::tower::{RetryLayer, Retrying};
/// use retry_core::{AnyError, Never, Plain, TokioSleeper};
///
/// /// A client that keeps its service in a field.
/// struct Client<S>(Retrying<S, Never, TokioSleeper, AnyError, (), Plain>);
///
/// let client = Client(RetryLayer::new(Never).layer(7));
/// assert_eq!(*client.0.inner(), 7);
/// ```
pub struct Retrying<Svc, P, T, C, O, X, B = super::ByClone> {
    inner: Svc,
    layer: RetryLayer<P, T, C, O, X, B>,
}

impl<Svc, P, T, C, O, X, B> Retrying<Svc, P, T, C, O, X, B> {
    pub(super) const fn new(inner: Svc, layer: RetryLayer<P, T, C, O, X, B>) -> Self {
        Self { inner, layer }
    }

    /// The service inside.
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper, tower::tower_layer::Layer};
    /// let layer = Retry::with_sleeper(Never, ThreadSleeper).into_layer();
    /// assert_eq!(*layer.layer(7).inner(), 7);
    /// ```
    pub const fn inner(&self) -> &Svc {
        &self.inner
    }

    /// The retrier, which all clones share.
    ///
    /// ```
    /// # use retry_core::{AwsQuota, Policy, Retry, RetryPolicy, ThreadSleeper, tower::tower_layer::Layer};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO).budgeted(AwsQuota::v2_0());
    /// let service = Retry::with_sleeper(policy, ThreadSleeper).into_layer().layer("the service inside");
    /// assert_eq!(service.retry().policy().budget().available(), 500);
    /// ```
    pub fn retry(&self) -> &crate::Retry<P, T, C, O, X> {
        self.layer.retry()
    }
}

impl<Svc, Req, P, T, C, O, X, B> Service<Req> for Retrying<Svc, P, T, C, O, X, B>
where
    Svc: Service<Req> + Clone,
    P: RetryPolicy,
    T: Sleeper,
    C: ErrorClassifier<Svc::Error>,
    O: ObserveError<Svc::Error>,
    X: Extra<Limit: Cut<T>, Reject: Reject<Svc::Response>>,
    B: CloneRequest<Req> + Clone,
{
    type Response = Svc::Response;
    type Error = GaveUp<Svc::Error, <X::Reject as Reject<Svc::Response>>::Rejected, X::History>;
    type Future = ResponseFuture<Svc, Req, P, T, C, O, X, B>;

    /// An error here ends no run and is told to nobody else: no call has begun.
    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx).map_err(GaveUp::closed)
    }

    #[inline]
    fn call(&mut self, request: Req) -> Self::Future {
        // The one that was found ready makes the call; its clone may not be ready.
        let clone = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, clone);
        ResponseFuture::new(ready, request, self.layer.clone())
    }
}

impl<Svc: Clone, P, T, C, O, X, B: Clone> Clone for Retrying<Svc, P, T, C, O, X, B> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<Svc: fmt::Debug, P: fmt::Debug, T, C, O, X, B> fmt::Debug for Retrying<Svc, P, T, C, O, X, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retrying").field("inner", &self.inner).field("layer", &self.layer).finish()
    }
}
