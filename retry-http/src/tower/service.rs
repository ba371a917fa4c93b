//! The service.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http::{Request, Response};
use retry_core::{ObserveError, Retry, RetryPolicy, Sleeper};
use tower_service::Service;

use super::failed_attempt::FailedAttempt;
use super::layer::Settings;
use super::repeating::Repeating;
use super::request::{Logical, NO_LIMIT};
use super::{FaultOf, ReplayBody, ResponseFuture, RetryError};

/// A service with retry; made by a [`RetryLayer`](super::RetryLayer).
///
/// Each request goes to a clone of the inner service, as `tower` demands of what calls it more than once.
///
/// ```
/// use retry_core::Never;
/// use retry_http::tower::{RetryLayer, tower_layer::Layer};
///
/// assert_eq!(*RetryLayer::new(Never).layer("the service inside").inner(), "the service inside");
/// ```
pub struct RetryService<S, P, T, O, B, F> {
    inner: S,
    settings: Arc<Settings<P, T, O, B, F>>,
}

impl<S, P, T, O, B, F> RetryService<S, P, T, O, B, F> {
    pub(super) const fn new(inner: S, settings: Arc<Settings<P, T, O, B, F>>) -> Self {
        Self { inner, settings }
    }

    /// The service inside.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::{RetryLayer, tower_layer::Layer};
    /// assert_eq!(*RetryLayer::new(Never).layer(7).inner(), 7);
    /// ```
    pub const fn inner(&self) -> &S {
        &self.inner
    }
}

impl<S: Clone, P, T, O, B, F> Clone for RetryService<S, P, T, O, B, F> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), settings: Arc::clone(&self.settings) }
    }
}

impl<S, P: fmt::Debug, T, O, B, F> fmt::Debug for RetryService<S, P, T, O, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryService").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl<S, P, T, O, R, F, B, A> Service<Request<B>> for RetryService<S, P, T, O, R, F>
where
    S: Service<Request<B>, Response = Response<A>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    P: RetryPolicy + Send + Sync + 'static,
    T: Sleeper + Send + Sync + 'static,
    T::Sleep: Send,
    O: ObserveError<FailedAttempt<S::Error, Response<A>>> + Send + Sync + 'static,
    R: ReplayBody<B> + Send + Sync + 'static,
    F: FaultOf<S::Error> + Send + Sync + 'static,
    B: Send + 'static,
    A: Send + 'static,
{
    type Response = Response<A>;
    type Error = RetryError<S::Error>;
    type Future = ResponseFuture<Response<A>, RetryError<S::Error>>;

    /// Ready when the inner service is. Its error here is one attempt that was made for nobody.
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx).map_err(RetryError::unready)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that was found ready makes the first attempt; its clone may not be ready.
        let clone = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, clone.clone());
        ResponseFuture::new(run(clone, ready, request, Arc::clone(&self.settings)))
    }
}

async fn run<S, P, T, O, R, F, B, A>(
    inner: S,
    ready: S,
    request: Request<B>,
    settings: Arc<Settings<P, T, O, R, F>>,
) -> Result<Response<A>, RetryError<S::Error>>
where
    S: Service<Request<B>, Response = Response<A>> + Clone,
    P: RetryPolicy,
    T: Sleeper,
    O: ObserveError<FailedAttempt<S::Error, Response<A>>>,
    R: ReplayBody<B>,
    F: FaultOf<S::Error>,
{
    let logical = Logical::new(request, &settings);
    let policy =
        Repeating { policy: &settings.policy, repeatable: logical.is_repeatable(&settings), body: &logical.body };
    let retry = Retry::with_sleeper(policy, &settings.time).by_self().observe(&settings.observer);
    let services = Mutex::new((Some(ready), inner));
    let attempt = || {
        let (first, mut service) = {
            let mut services = services.lock().unwrap_or_else(PoisonError::into_inner);
            match services.0.take() {
                Some(ready) => (true, ready),
                None => (false, services.1.clone()),
            }
        };
        let (logical, settings) = (&logical, &*settings);
        async move {
            if !first && let Err(error) = poll_fn(|cx| service.poll_ready(cx)).await {
                return logical.judge(Err(error), settings);
            }
            let Some(request) = logical.next(&settings.replay) else {
                // NOTE: `Repeating` allows no attempt without a body.
                return Err(FailedAttempt::NOTHING);
            };
            logical.judge(service.call(request).await, settings)
        }
    };
    // Without limits no timer is made beside the attempt.
    let end = match (settings.timeout, settings.deadline) {
        (None, None) => retry.call(attempt).await,
        (timeout, deadline) => {
            let retry = retry.timeout(timeout.unwrap_or(NO_LIMIT));
            match deadline {
                None => retry.call(attempt).await,
                Some(deadline) => retry.deadline(deadline).call(attempt).await,
            }
        }
    };
    logical.end(end)
}
