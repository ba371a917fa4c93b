//! Retry on a request builder.

use std::future::Future;

use ::reqwest::{Body, Error, RequestBuilder, Response};
use retry_core::{ObserveError, RetryPolicy, Sleeper};

use super::execute::execute;
use super::scrubbed;
use crate::send::{FailedAttempt, HttpRetry, RetryError};

/// `send` with retry, on reqwest's own request builder. Sealed.
///
/// ```
/// use retry_core::{Policy, StopReason};
/// use retry_http::reqwest::{SendWith, reqwest};
/// use retry_http::{Ended, HttpRetry};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // Nobody listens there any more.
/// let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
/// let retry = HttpRetry::new(Policy::constant(Duration::ZERO).attempts(3));
/// let client = reqwest::Client::new();
/// let refused = client.post(format!("http://127.0.0.1:{port}/")).body("hello").send_with(&retry).await.unwrap_err();
/// assert_eq!((refused.attempts, refused.ended), (3, Ended::Policy(StopReason::Attempts)));
/// # Ok(())
/// # }
/// ```
pub trait SendWith: sealed::Sealed {
    /// Builds the request and sends it by `retry`.
    ///
    /// # Errors
    /// [`RetryError`], also where the builder has failed; then no attempt was made.
    ///
    /// # Cancel safety
    /// Dropping the future drops the running attempt, or the wait; no further attempt is made.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpRetry, reqwest::{SendWith, reqwest}};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let refused = reqwest::Client::new().get("no URL").send_with(&HttpRetry::new(Never)).await.unwrap_err();
    /// assert_eq!(refused.attempts, 0);
    /// # }
    /// ```
    fn send_with<P, T, O>(
        self,
        retry: &HttpRetry<P, T, O>,
    ) -> impl Future<Output = Result<Response, RetryError<Error>>> + Send
    where
        P: RetryPolicy + Sync,
        T: Sleeper<Sleep: Send> + Sync,
        O: ObserveError<FailedAttempt<Error, Response>> + Sync;

    /// The same with a body that `body` makes anew for each attempt: for streams, which can be sent once only.
    ///
    /// # Errors
    /// As [`send_with`](Self::send_with).
    ///
    /// # Cancel safety
    /// As [`send_with`](Self::send_with).
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_http::{HttpRetry, reqwest::{SendWith, reqwest}};
    /// # use std::{sync::atomic::{AtomicU32, Ordering}, time::Duration};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), std::io::Error> {
    /// # let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    /// let retry = HttpRetry::new(Policy::constant(Duration::ZERO).attempts(3));
    /// let made = AtomicU32::new(0);
    /// let body = || {
    ///     made.fetch_add(1, Ordering::Relaxed);
    ///     reqwest::Body::from("what a file or a channel would give")
    /// };
    /// // Nobody listens there any more.
    /// let refused = reqwest::Client::new().put(format!("http://127.0.0.1:{port}/")).send_with_body(&retry, body).await;
    /// assert_eq!((refused.unwrap_err().attempts, made.load(Ordering::Relaxed)), (3, 3));
    /// # Ok(())
    /// # }
    /// ```
    fn send_with_body<P, T, O>(
        self,
        retry: &HttpRetry<P, T, O>,
        body: impl Fn() -> Body + Send + Sync,
    ) -> impl Future<Output = Result<Response, RetryError<Error>>> + Send
    where
        P: RetryPolicy + Sync,
        T: Sleeper<Sleep: Send> + Sync,
        O: ObserveError<FailedAttempt<Error, Response>> + Sync;
}

impl SendWith for RequestBuilder {
    fn send_with<P, T, O>(
        self,
        retry: &HttpRetry<P, T, O>,
    ) -> impl Future<Output = Result<Response, RetryError<Error>>> + Send
    where
        P: RetryPolicy + Sync,
        T: Sleeper<Sleep: Send> + Sync,
        O: ObserveError<FailedAttempt<Error, Response>> + Sync,
    {
        let (client, mut request) = self.build_split();
        async move {
            // By reference, so that it is not moved once more.
            match request {
                Ok(ref mut request) => execute(&client, request, retry, None::<fn() -> Body>).await,
                Err(error) => Err(RetryError::unready(scrubbed(error))),
            }
        }
    }

    async fn send_with_body<P, T, O>(
        self,
        retry: &HttpRetry<P, T, O>,
        body: impl Fn() -> Body + Send + Sync,
    ) -> Result<Response, RetryError<Error>>
    where
        P: RetryPolicy + Sync,
        T: Sleeper<Sleep: Send> + Sync,
        O: ObserveError<FailedAttempt<Error, Response>> + Sync,
    {
        let (client, request) = self.build_split();
        let mut request = request.map_err(|error| RetryError::unready(scrubbed(error)))?;
        execute(&client, &mut request, retry, Some(body)).await
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "sealed")]
    pub trait Sealed {}
    impl Sealed for ::reqwest::RequestBuilder {}
}
