//! Retry on a blocking request builder.

use std::sync::atomic::Ordering;
use std::time::Duration;

use ::reqwest::Error;
use ::reqwest::blocking::{Request, RequestBuilder, Response};
use retry_core::{BlockingSleeper, ObserveError, RetryPolicy};

use super::fault;
use crate::send::{Came, Extend, FailedAttempt, HttpRetry, Logical, Retried, RetryError};

/// `send` with retry, on reqwest's own blocking request builder. Sealed.
///
/// Waits block the thread. The limits of [`HttpRetry`] set the timeout of each request, where they are shorter than its own; a
/// deadline starts no attempt after it.
///
/// ```
/// use retry_core::{Policy, StopReason, ThreadSleeper};
/// use retry_http::reqwest::{SendBlockingWith, reqwest};
/// use retry_http::{Ended, HttpRetry};
/// use std::time::Duration;
///
/// // Nobody listens there any more.
/// let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
/// let retry = HttpRetry::with_sleeper(Policy::constant(Duration::ZERO).attempts(3), ThreadSleeper);
/// let client = reqwest::blocking::Client::new();
/// let refused = client.post(format!("http://127.0.0.1:{port}/")).body("hello").send_with(&retry).unwrap_err();
/// assert_eq!((refused.attempts, refused.ended), (3, Ended::Policy(StopReason::Attempts)));
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait SendBlockingWith: sealed::Sealed {
    /// Builds the request and sends it by `retry`.
    ///
    /// # Errors
    /// [`RetryError`], also where the builder has failed; then no attempt was made.
    ///
    /// ```
    /// # use retry_core::{Never, ThreadSleeper};
    /// # use retry_http::{HttpRetry, reqwest::{SendBlockingWith, reqwest}};
    /// let never = HttpRetry::with_sleeper(Never, ThreadSleeper);
    /// let refused = reqwest::blocking::Client::new().get("no URL").send_with(&never).unwrap_err();
    /// assert_eq!(refused.attempts, 0);
    /// ```
    fn send_with<P, T, O>(self, retry: &HttpRetry<P, T, O>) -> Result<Response, RetryError<Error>>
    where
        P: RetryPolicy,
        T: BlockingSleeper,
        O: ObserveError<FailedAttempt<Error, Response>>;
}

impl SendBlockingWith for RequestBuilder {
    #[expect(clippy::result_large_err, reason = "the answer comes through whole, whichever side it is on")]
    fn send_with<P, T, O>(self, retry: &HttpRetry<P, T, O>) -> Result<Response, RetryError<Error>>
    where
        P: RetryPolicy,
        T: BlockingSleeper,
        O: ObserveError<FailedAttempt<Error, Response>>,
    {
        let (client, request) = self.build_split();
        let mut request = request.map_err(RetryError::unready)?;
        // The URL and the headers cannot be borrowed at once.
        let mut headers = std::mem::take(request.headers_mut());
        let logical = Logical::new(request.method(), request.url().host_str(), &mut headers, retry);
        *request.headers_mut() = headers;
        let mut template = Some(request);
        let end = retry.run_blocking(&logical, |attempt| {
            // NOTE: `Repeating` allows no attempt once the body is used up.
            let Some(request) = next(&logical, &mut template, attempt.remaining()) else {
                return Err(FailedAttempt::NOTHING);
            };
            let got = client.execute(request);
            let judged = {
                let came = match &got {
                    Ok(answer) => Came::Answer(answer.status(), answer.headers(), &[]),
                    Err(error) => Came::Fault(fault(error)),
                };
                logical.judge(&came, retry)
            };
            FailedAttempt::of(got, Response::status, judged)
        });
        logical.end(end)
    }
}

fn next(logical: &Logical, template: &mut Option<Request>, remaining: Option<Duration>) -> Option<Request> {
    logical.begin();
    let copy = template.as_ref().and_then(Request::try_clone).or_else(|| {
        logical.body.used_up.store(true, Ordering::Relaxed);
        template.take()
    });
    let mut request = copy?;
    if let Some(remaining) = remaining {
        let own = request.timeout_mut();
        *own = Some(own.map_or(remaining, |own| own.min(remaining)));
    }
    Some(request)
}

impl Extend for Response {
    fn extend(&mut self, retried: Retried) {
        self.extensions_mut().insert(retried);
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "sealed")]
    pub trait Sealed {}
    impl Sealed for ::reqwest::blocking::RequestBuilder {}
}
