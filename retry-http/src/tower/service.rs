//! The service.

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http::header::HOST;
use http::request::Parts;
use http::{HeaderMap, Request, Response, Uri};
use retry_core::{Clock, ObserveError, RetryPolicy, Sleeper};
use tower_service::Service;

use super::{FaultOf, ReplayBody, ResponseFuture, RetryLayer};
use crate::HttpRetry;
use crate::send::{About, Came, FailedAttempt, Logical, Place, RetryError};

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
    let mut ready = Some(ready);
    let mut first = None;
    let copy = || Some(Request::from_parts(parts.clone(), layer.replay.replay(&body)?));
    if let Some(copy) = layer.retry.begin_at_once(&parts.method, copy)
        && let Some(mut ready) = ready.take()
    {
        let place = Place::Uri(&parts.uri, &parts.headers);
        match ready.call(copy).await {
            Ok(answer) if layer.retry.accepts_at_once(answer.status(), place) => return Ok(answer),
            got => first = Some(got),
        }
    }
    let host = host_of(&parts.uri, &parts.headers);
    let mut logical = Logical::new(&parts.method, Place::Uri(&parts.uri, &parts.headers), &layer.retry);
    if first.is_some() {
        logical.has_begun();
    }
    if logical.asks_for_key() {
        logical.key(host.as_deref(), &mut parts.headers, &layer.retry);
    }
    let retrier = logical.retrier(&layer.retry);
    let (services, body) = (Mutex::new((ready, inner)), Mutex::new(Some(body)));
    let attempt = |attempt| {
        let (first, services, logical, layer, parts, body) =
            (first.take(), &services, &logical, &*layer, &parts, &body);
        let about = About { host: host.as_deref(), headers: &parts.headers, body: &[], moved: false };
        async move {
            logical.begin(attempt);
            if let Some(got) = first {
                return judge(got, logical, layer, about);
            }
            let (ready, mut service) = {
                let mut services = lock(services);
                match services.0.take() {
                    Some(ready) => (true, ready),
                    None => (false, services.1.clone()),
                }
            };
            if !ready && let Err(error) = poll_fn(|cx| service.poll_ready(cx)).await {
                return judge(Err(error), logical, layer, about);
            }
            let Some(request) = next(parts, body, logical, &layer.replay) else {
                // NOTE: `Repeating` allows no attempt without a body.
                return Err(FailedAttempt::nothing());
            };
            judge(service.call(request).await, logical, layer, about)
        }
    };
    let end = retrier.call_with(attempt).await;
    logical.end(end)
}

/// The host in a URI, else in the header; only an odd request without the first costs a copy.
fn host_of<'a>(uri: &'a Uri, headers: &HeaderMap) -> Option<Cow<'a, str>> {
    let named = || Some(Cow::Owned(headers.get(HOST)?.to_str().ok()?.to_owned()));
    uri.host().map(Cow::Borrowed).or_else(named)
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

fn judge<E, A, P, T: Clock, O, R, F: FaultOf<E>>(
    got: Result<Response<A>, E>,
    logical: &Logical,
    layer: &RetryLayer<P, T, O, R, F>,
    about: About<'_>,
) -> Result<Response<A>, FailedAttempt<E, Response<A>>> {
    let judged = {
        let came = match &got {
            Ok(answer) => Came::Answer(answer.status(), answer.headers(), &[]),
            Err(error) => Came::Fault(layer.faults.fault(error)),
        };
        logical.judge(&came, &layer.retry, || about)
    };
    FailedAttempt::of(got, Response::status, judged)
}
