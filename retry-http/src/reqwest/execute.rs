//! One request with all its attempts.

use std::future::Future;

use ::reqwest::{Body, Client, Error, Request, Response};
use bytes::Bytes;
use retry_core::{ObserveError, RetryPolicy, Sleeper};

use super::template::{Template, logical};
use super::{fault, scrubbed};
use crate::send::{About, Came, FailedAttempt, HttpRetry, Place, RetryError};

/// Up to the answer's head.
// The request is borrowed, as moving it would cost more than all else that is done for a success.
#[inline]
pub(super) async fn execute<P, T, O, B>(
    client: &Client,
    request: &mut Request,
    retry: &HttpRetry<P, T, O>,
    body: Option<B>,
) -> Result<Response, RetryError<Error>>
where
    P: RetryPolicy,
    T: Sleeper,
    O: ObserveError<FailedAttempt<Error, Response>>,
    B: Fn() -> Body,
{
    let mut first = None;
    if body.is_none()
        && let Some(running) =
            retry.begin_at_once(request.method(), || request.try_clone()).map(|copy| client.execute(copy))
    {
        match running.await {
            Ok(answer) if retry.accepts_at_once(answer.status(), Place::Url(request.url())) => return Ok(answer),
            got => first = Some(got),
        }
    }
    execute_after(first, client, request, retry, body).await
}

/// The same after the first attempt came to something else than a success, or before it.
async fn execute_after<P, T, O, B>(
    mut first: Option<Result<Response, Error>>,
    client: &Client,
    request: &mut Request,
    retry: &HttpRetry<P, T, O>,
    body: Option<B>,
) -> Result<Response, RetryError<Error>>
where
    P: RetryPolicy,
    T: Sleeper,
    O: ObserveError<FailedAttempt<Error, Response>>,
    B: Fn() -> Body,
{
    let mut logical = logical(request, retry);
    if first.is_some() {
        logical.has_begun();
    }
    let template = Template::new(request, body.is_some());
    let retrier = logical.retrier(retry);
    let attempt = |attempt| {
        let (first, logical, template, body) = (first.take(), &logical, &template, body.as_ref());
        async move {
            let got = if let Some(got) = first {
                logical.begin(attempt);
                got
            } else {
                let Some(request) = template.next(logical, attempt, body) else { return Err(FailedAttempt::nothing()) };
                client.execute(request).await
            };
            let got = got.map_err(scrubbed);
            let judged = {
                let came = match &got {
                    Ok(answer) => Came::Answer(answer.status(), answer.headers(), &[]),
                    Err(error) => Came::Fault(fault(error)),
                };
                logical.judge(&came, retry, || template.about(got.as_ref().ok().map(Response::url)))
            };
            FailedAttempt::of(got, Response::status, judged)
        }
    };
    let end = retrier.call_with(attempt).await;
    logical.end(end)
}

/// Up to the end of the answer's body.
#[expect(clippy::manual_async_fn, reason = "the arguments of an `async fn` take their room twice")]
pub(super) fn execute_reading<P, T, O, B>(
    client: &Client,
    mut request: Request,
    retry: &HttpRetry<P, T, O>,
    body: Option<B>,
) -> impl Future<Output = Result<http::Response<Bytes>, RetryError<Error>>>
where
    P: RetryPolicy,
    T: Sleeper,
    O: ObserveError<FailedAttempt<Error, http::Response<Bytes>>>,
    B: Fn() -> Body,
{
    async move {
        let logical = logical(&mut request, retry);
        let template = Template::new(&mut request, body.is_some());
        let retrier = logical.retrier(retry);
        let attempt = |attempt| {
            let (logical, template, body) = (&logical, &template, body.as_ref());
            async move {
                let Some(request) = template.next(logical, attempt, body) else { return Err(FailedAttempt::nothing()) };
                let got = read(client.execute(request).await, template).await.map_err(scrubbed);
                let judged = {
                    let came = match &got {
                        Ok(answer) => Came::Answer(answer.status(), answer.headers(), answer.body()),
                        Err(error) => Came::Fault(fault(error)),
                    };
                    let moved = got.as_ref().is_ok_and(|answer| answer.extensions().get::<Moved>().is_some());
                    logical.judge(&came, retry, || About { moved, ..template.about(None) })
                };
                FailedAttempt::of(got, http::Response::status, judged)
            }
        };
        let end = retrier.call_with(attempt).await;
        logical.end(end)
    }
}

/// The mark of an answer that is another request's.
#[derive(Clone)]
struct Moved;

async fn read(got: Result<Response, Error>, template: &Template<'_>) -> Result<http::Response<Bytes>, Error> {
    let mut answer = got?;
    let mut whole = http::Response::new(Bytes::new());
    if !answer.status().is_success() && template.is_moved(answer.url()) {
        whole.extensions_mut().insert(Moved);
    }
    *whole.status_mut() = answer.status();
    *whole.version_mut() = answer.version();
    *whole.headers_mut() = std::mem::take(answer.headers_mut());
    *whole.body_mut() = answer.bytes().await?;
    Ok(whole)
}
