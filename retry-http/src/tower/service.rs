//! The service.

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http::header::HOST;
use http::request::Parts;
use http::{Request, Response};
use retry_core::{Clock, ObserveError, RetryPolicy, Sleeper};
use tower_service::Service;

use super::{FaultOf, ReplayBody, ResponseFuture, RetryLayer};
use crate::send::{Came, FailedAttempt, Logical, Origin, RetryError};
use crate::{HttpRetry, Provider};

/// A service with retry; made by a [`RetryLayer`].
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
    layer: Arc<RetryLayer<P, T, O, B, F>>,
}

impl<S, P, T, O, B, F> RetryService<S, P, T, O, B, F> {
    pub(super) const fn new(inner: S, layer: Arc<RetryLayer<P, T, O, B, F>>) -> Self {
        Self { inner, layer }
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

    /// How it retries, and what it has learnt of the hosts.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::tower::{RetryLayer, tower_layer::Layer};
    /// assert!(RetryLayer::new(Never).layer(7).retry().guards().unwrap().is_empty());
    /// ```
    pub fn retry(&self) -> &HttpRetry<P, T, O> {
        &self.layer.retry
    }
}

impl<S: Clone, P, T, O, B, F> Clone for RetryService<S, P, T, O, B, F> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: Arc::clone(&self.layer) }
    }
}

impl<S, P: fmt::Debug, T, O, B, F> fmt::Debug for RetryService<S, P, T, O, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryService").field("layer", &self.layer).finish_non_exhaustive()
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
        ResponseFuture::new(run(clone, ready, request, Arc::clone(&self.layer)))
    }
}

async fn run<S, P, T, O, R, F, B, A>(
    inner: S,
    ready: S,
    request: Request<B>,
    layer: Arc<RetryLayer<P, T, O, R, F>>,
) -> Result<Response<A>, RetryError<S::Error>>
where
    S: Service<Request<B>, Response = Response<A>> + Clone,
    P: RetryPolicy,
    T: Sleeper,
    O: ObserveError<FailedAttempt<S::Error, Response<A>>>,
    R: ReplayBody<B>,
    F: FaultOf<S::Error>,
{
    let (mut parts, body) = request.into_parts();
    let origin = Origin::of_uri(&parts.uri, &parts.headers);
    let host = match parts.uri.host() {
        Some(host) => Some(Cow::Borrowed(host)),
        None => parts.headers.get(HOST).and_then(|host| host.to_str().ok()).map(|host| Cow::Owned(host.to_owned())),
    };
    let logical = Logical::new(&parts.method, host.as_deref(), &origin, &mut parts.headers, &layer.retry);
    let find = || logical.find_provider(&layer.retry.classifier, host.as_deref());
    let (services, body) = (Mutex::new((Some(ready), inner)), Mutex::new(Some(body)));
    let attempt = |attempt| {
        let (ready, mut service) = {
            let mut services = lock(&services);
            match services.0.take() {
                Some(ready) => (true, ready),
                None => (false, services.1.clone()),
            }
        };
        let (logical, layer, parts, body, find) = (&logical, &*layer, &parts, &body, &find);
        async move {
            logical.begin(attempt);
            if !ready && let Err(error) = poll_fn(|cx| service.poll_ready(cx)).await {
                return judge(Err(error), logical, layer, find);
            }
            let Some(request) = next(parts, body, logical, &layer.replay) else {
                // NOTE: `Repeating` allows no attempt without a body.
                return Err(FailedAttempt::NOTHING);
            };
            judge(service.call(request).await, logical, layer, find)
        }
    };
    let end = layer.retry.run(&logical, attempt).await;
    logical.end(end)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The request of the next attempt; `None`: its body is used up.
fn next<B>(
    parts: &Parts,
    body: &Mutex<Option<B>>,
    logical: &Logical,
    replay: &impl ReplayBody<B>,
) -> Option<Request<B>> {
    let mut body = lock(body);
    let copy = body.as_ref().and_then(|body| replay.replay(body)).or_else(|| {
        logical.body.used_up.store(true, Ordering::Relaxed);
        body.take()
    })?;
    Some(Request::from_parts(parts.clone(), copy))
}

#[expect(clippy::result_large_err, reason = "the answer comes through whole, whichever side it is on")]
fn judge<E, A, P, T: Clock, O, R, F: FaultOf<E>>(
    got: Result<Response<A>, E>,
    logical: &Logical,
    layer: &RetryLayer<P, T, O, R, F>,
    find: impl FnOnce() -> Option<&'static Provider>,
) -> Result<Response<A>, FailedAttempt<E, Response<A>>> {
    let judged = {
        let came = match &got {
            Ok(answer) => Came::Answer(answer.status(), answer.headers(), &[]),
            Err(error) => Came::Fault(layer.faults.fault(error)),
        };
        logical.judge(&came, &layer.retry, find)
    };
    FailedAttempt::of(got, Response::status, judged)
}
