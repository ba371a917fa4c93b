//! Retry on a blocking request builder.

use std::sync::atomic::Ordering;
use std::time::Duration;

use ::reqwest::Error;
use ::reqwest::blocking::{Body, Request, RequestBuilder, Response};
use retry_core::{Attempt, BlockingSleeper, ObserveError, RetryPolicy};

use super::template::is_elsewhere;
use super::{fault, scrubbed};
use crate::send::{About, Came, Extend, FailedAttempt, HttpRetry, Logical, Place, Retried, RetryError};

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

    /// The same with a body that `body` makes anew for each attempt: for files and other readers, which can be sent once only.
    ///
    /// # Errors
    /// As [`send_with`](Self::send_with).
    ///
    /// ```
    /// # use retry_core::{Policy, ThreadSleeper};
    /// # use retry_http::{HttpRetry, reqwest::{SendBlockingWith, reqwest}};
    /// # use std::time::Duration;
    /// # let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    /// let retry = HttpRetry::with_sleeper(Policy::constant(Duration::ZERO).attempts(3), ThreadSleeper);
    /// let mut made = 0;
    /// let body = || {
    ///     made += 1;
    ///     reqwest::blocking::Body::new(&b"what a file would give"[..])
    /// };
    /// // Nobody listens there any more.
    /// let request = reqwest::blocking::Client::new().put(format!("http://127.0.0.1:{port}/"));
    /// assert_eq!(request.send_with_body(&retry, body).unwrap_err().attempts, 3);
    /// assert_eq!(made, 3);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    fn send_with_body<P, T, O>(
        self,
        retry: &HttpRetry<P, T, O>,
        body: impl FnMut() -> Body,
    ) -> Result<Response, RetryError<Error>>
    where
        P: RetryPolicy,
        T: BlockingSleeper,
        O: ObserveError<FailedAttempt<Error, Response>>;
}

impl SendBlockingWith for RequestBuilder {
    fn send_with<P, T, O>(self, retry: &HttpRetry<P, T, O>) -> Result<Response, RetryError<Error>>
    where
        P: RetryPolicy,
        T: BlockingSleeper,
        O: ObserveError<FailedAttempt<Error, Response>>,
    {
        execute(self, retry, None::<fn() -> Body>)
    }

    fn send_with_body<P, T, O>(
        self,
        retry: &HttpRetry<P, T, O>,
        body: impl FnMut() -> Body,
    ) -> Result<Response, RetryError<Error>>
    where
        P: RetryPolicy,
        T: BlockingSleeper,
        O: ObserveError<FailedAttempt<Error, Response>>,
    {
        execute(self, retry, Some(body))
    }
}

fn execute<P, T, O>(
    builder: RequestBuilder,
    retry: &HttpRetry<P, T, O>,
    mut body: Option<impl FnMut() -> Body>,
) -> Result<Response, RetryError<Error>>
where
    P: RetryPolicy,
    T: BlockingSleeper,
    O: ObserveError<FailedAttempt<Error, Response>>,
{
    let (client, request) = builder.build_split();
    let mut request = request.map_err(|error| RetryError::unready(scrubbed(error)))?;
    if body.is_some() {
        *request.body_mut() = None;
    }
    let mut logical = Logical::new(request.method(), Place::Url(request.url()), retry);
    if logical.asks_for_key() {
        // The URL and the headers cannot be borrowed at once.
        let mut headers = std::mem::take(request.headers_mut());
        logical.key(request.url().host_str(), &mut headers, retry);
        *request.headers_mut() = headers;
    }
    let mut once = None;
    if request.body().is_some_and(|body| body.as_bytes().is_none()) {
        once = request.body_mut().take();
        logical.body.used_up.store(true, Ordering::Relaxed);
    }
    let end = logical.retrier(retry).call_blocking_with(|attempt| {
        logical.begin(attempt);
        // NOTE: `Repeating` allows no second attempt with a body that can be sent once only.
        let Some(mut copy) = request.try_clone() else { return Err(FailedAttempt::nothing()) };
        if let Some(body) = body.as_mut().map(|body| body()).or_else(|| once.take()) {
            *copy.body_mut() = Some(body);
        }
        limit(&mut copy, attempt);
        let got = client.execute(copy).map_err(scrubbed);
        let judged = {
            let came = match &got {
                Ok(answer) => Came::Answer(answer.status(), answer.headers(), &[]),
                Err(error) => Came::Fault(fault(error)),
            };
            let url = request.url();
            let about = || About {
                host: url.host_str(),
                headers: request.headers(),
                body: request.body().and_then(Body::as_bytes).unwrap_or_default(),
                moved: got.as_ref().is_ok_and(|answer| is_elsewhere(url, answer.url())),
            };
            logical.judge(&came, retry, about)
        };
        FailedAttempt::of(got, Response::status, judged)
    });
    logical.end(end)
}

/// No attempt is longer than what is left, or than it may be by itself.
fn limit(request: &mut Request, attempt: Attempt) {
    // NOTE: that is what is left where no limit is set.
    const FOREVER: Duration = Duration::from_nanos(u64::MAX);
    if let Some(remaining) = attempt.remaining().filter(|left| *left < FOREVER) {
        let own = request.timeout_mut();
        *own = Some(own.map_or(remaining, |own| own.min(remaining)));
    }
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
