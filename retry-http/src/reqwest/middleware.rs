//! Retry in a chain of `reqwest-middleware`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ::reqwest::{Request, Response};
use http::Extensions;
use reqwest_middleware::{Error, Middleware, Next};
use retry_core::{ObserveError, RetryPolicy, Sleeper};

use super::template::{Template, logical};
use super::{MakeBody, fault, scrubbed};
use crate::Fault;
use crate::send::{Came, FailedAttempt, HttpRetry, Place};

/// Retry as a middleware of the crate `reqwest-middleware`: what comes after it in the chain is run again for each attempt.
///
/// The last answer is handed on as it is, with [`Retried`](crate::Retried) among its extensions; other ends are a
/// [`RetryError`](crate::RetryError) inside of `Error::Middleware`. What the rest of the chain notes in the extensions stays from
/// attempt to attempt. A body that can be sent once only is made anew by a [`MakeBody`] among the extensions.
///
/// ```
/// use retry_core::Policy;
/// use retry_http::HttpRetry;
/// use retry_http::reqwest::{RetryMiddleware, reqwest, reqwest_middleware::ClientBuilder};
/// use std::time::Duration;
///
/// let retry = HttpRetry::new(Policy::exponential(Duration::from_millis(100), Duration::from_secs(20)).attempts(5));
/// let client = ClientBuilder::new(reqwest::Client::new()).with(RetryMiddleware::new(retry)).build();
/// assert!(format!("{:?}", RetryMiddleware::new(HttpRetry::new(retry_core::Never))).contains("Never"));
/// ```
pub struct RetryMiddleware<P, T = retry_core::TokioSleeper, O = ()> {
    retry: HttpRetry<P, T, O>,
}

impl<P, T, O> RetryMiddleware<P, T, O> {
    /// By `retry`.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpRetry, reqwest::RetryMiddleware};
    /// let _ = RetryMiddleware::new(HttpRetry::new(Never));
    /// ```
    pub const fn new(retry: HttpRetry<P, T, O>) -> Self {
        Self { retry }
    }

    /// How it retries, and what it has learnt of the hosts. A clone of it in another middleware, with another policy, say, learns
    /// and knows the same.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpRetry, reqwest::RetryMiddleware};
    /// assert!(RetryMiddleware::new(HttpRetry::new(Never)).retry().guards().is_some());
    /// ```
    #[must_use]
    pub const fn retry(&self) -> &HttpRetry<P, T, O> {
        &self.retry
    }
}

impl<P, T, O> Middleware for RetryMiddleware<P, T, O>
where
    P: RetryPolicy + Send + Sync + 'static,
    T: Sleeper<Sleep: Send> + Send + Sync + 'static,
    O: ObserveError<FailedAttempt<Error, Response>> + Send + Sync + 'static,
{
    // Written out: as an `async fn` its arguments would take their room twice.
    fn handle<'s, 'e, 'n, 'f>(
        &'s self,
        mut request: Request,
        extensions: &'e mut Extensions,
        next: Next<'n>,
    ) -> Pin<Box<dyn Future<Output = reqwest_middleware::Result<Response>> + Send + 'f>>
    where
        's: 'f,
        'e: 'f,
        'n: 'f,
        Self: 'f,
    {
        Box::pin(async move {
            let retry = &self.retry;
            let body = extensions.get::<MakeBody>().cloned();
            let mut first = None;
            if body.is_none()
                && let Some(running) = retry
                    .begin_at_once(request.method(), || request.try_clone())
                    .map(|copy| next.clone().run(copy, extensions))
            {
                match running.await {
                    Ok(answer) if retry.accepts_at_once(answer.status(), Place::Url(request.url())) => {
                        return Ok(answer);
                    }
                    got => first = Some(got),
                }
            }
            let mut logical = logical(&mut request, retry);
            if first.is_some() {
                logical.has_begun();
            }
            let template = Template::new(&mut request, body.is_some());
            let retrier = logical.retrier(retry);
            let noted = Mutex::new(std::mem::take(extensions));
            let attempt = |attempt| {
                let (logical, template, noted, next) = (&logical, &template, &noted, next.clone());
                let first = first.take();
                let make = body.as_ref().map(|body| || body.make());
                async move {
                    let got = if let Some(got) = first {
                        logical.begin(attempt);
                        got
                    } else {
                        let Some(request) = template.next(logical, attempt, make) else {
                            return Err(FailedAttempt::nothing());
                        };
                        // A copy, so that no lock is held while the attempt runs; attempts follow each other.
                        let mut extensions = lock(noted).clone();
                        let got = next.run(request, &mut extensions).await;
                        *lock(noted) = extensions;
                        got
                    };
                    let got = got.map_err(|error| match error {
                        Error::Reqwest(error) => Error::Reqwest(scrubbed(error)),
                        other => other,
                    });
                    let judged = {
                        let came = match &got {
                            Ok(answer) => Came::Answer(answer.status(), answer.headers(), &[]),
                            Err(Error::Reqwest(error)) => Came::Fault(fault(error)),
                            Err(Error::Middleware(_)) => Came::Fault(Fault::Other),
                        };
                        logical.judge(&came, retry, || template.about(got.as_ref().ok().map(Response::url)))
                    };
                    FailedAttempt::of(got, Response::status, judged)
                }
            };
            let end = retrier.call_with(attempt).await;
            *extensions = noted.into_inner().unwrap_or_else(PoisonError::into_inner);
            logical.end(end).map_err(Error::middleware)
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<P: fmt::Debug, T, O> fmt::Debug for RetryMiddleware<P, T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryMiddleware").field("retry", &self.retry).finish_non_exhaustive()
    }
}
