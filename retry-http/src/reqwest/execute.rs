//! One request with all its attempts.

use std::future::Future;

use ::reqwest::{Body, Client, Error, Request, Response};
use bytes::Bytes;
use retry_core::{ObserveError, RetryPolicy, Sleeper};

use super::fault;
use super::template::{Template, logical};
use crate::send::{Came, FailedAttempt, HttpRetry, RetryError};

/// Up to the answer's head.
#[inline]
#[expect(clippy::manual_async_fn, reason = "the arguments of an `async fn` take their room twice")]
pub(super) fn execute<P, T, O, B>(
    client: &Client,
    mut request: Request,
    retry: &HttpRetry<P, T, O>,
    body: Option<B>,
) -> impl Future<Output = Result<Response, RetryError<Error>>>
where
    P: RetryPolicy,
    T: Sleeper,
    O: ObserveError<FailedAttempt<Error, Response>>,
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
                let got = client.execute(request).await;
                let judged = {
                    let came = match &got {
                        Ok(answer) => Came::Answer(answer.status(), answer.headers(), &[]),
                        Err(error) => Came::Fault(fault(error)),
                    };
                    logical.judge(&came, retry, || template.about())
                };
                FailedAttempt::of(got, Response::status, judged)
            }
        };
        let end = retrier.call_with(attempt).await;
        logical.end(end)
    }
}

/// Up to the end of the answer's body.
#[expect(clippy::manual_async_fn, reason = "as above")]
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
                let got = read(client.execute(request).await).await;
                let judged = {
                    let came = match &got {
                        Ok(answer) => Came::Answer(answer.status(), answer.headers(), answer.body()),
                        Err(error) => Came::Fault(fault(error)),
                    };
                    logical.judge(&came, retry, || template.about())
                };
                FailedAttempt::of(got, http::Response::status, judged)
            }
        };
        let end = retrier.call_with(attempt).await;
        logical.end(end)
    }
}

async fn read(got: Result<Response, Error>) -> Result<http::Response<Bytes>, Error> {
    let mut answer = got?;
    let mut whole = http::Response::new(Bytes::new());
    *whole.status_mut() = answer.status();
    *whole.version_mut() = answer.version();
    *whole.headers_mut() = std::mem::take(answer.headers_mut());
    *whole.body_mut() = answer.bytes().await?;
    Ok(whole)
}
