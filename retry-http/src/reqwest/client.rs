//! A client with retry.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use ::reqwest::{Body, Client, ClientBuilder, Error, Request, RequestBuilder, Response};
use bytes::Bytes;
use retry_core::{ObserveError, RetryPolicy, Sleeper};

use super::execute::{execute, execute_reading};
use super::scrubbed;
use crate::send::{Extend, FailedAttempt, HttpRetry, Retried, RetryError};

/// A `reqwest::Client` with retry. Cheap to clone.
///
/// Which requests are repeated, and what comes back: see [`HttpRetry`].
///
/// # Bodies
/// Bytes are sent again. A stream can be sent once only: a request that would be repeated ends with
/// [`Ended::BodyUsedUp`](crate::Ended::BodyUsedUp) after the first attempt; with [`execute_with`](Self::execute_with) and
/// [`execute_reading_with`](Self::execute_reading_with) it is made anew for each attempt.
///
/// # Cancel safety
/// Dropping a future drops the running attempt, or the wait; no further attempt is made.
///
/// ```
/// use retry_core::Never;
/// use retry_http::HttpRetry;
/// use retry_http::reqwest::{RetryClient, reqwest};
///
/// let client = RetryClient::new(reqwest::Client::new(), HttpRetry::new(Never));
/// assert!(format!("{client:?}").contains("Never"));
/// ```
pub struct RetryClient<P, T = retry_core::TokioSleeper, O = ()> {
    client: Client,
    retry: Arc<HttpRetry<P, T, O>>,
}

impl<P, T, O> RetryClient<P, T, O> {
    /// `client`, by `retry`.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpRetry, reqwest::{RetryClient, reqwest}};
    /// let client = RetryClient::new(reqwest::Client::new(), HttpRetry::new(Never));
    /// let request = client.client().get("http://127.0.0.1/").build()?;
    /// # Ok::<(), reqwest::Error>(())
    /// ```
    #[must_use]
    pub fn new(client: Client, retry: HttpRetry<P, T, O>) -> Self {
        Self { client, retry: Arc::new(retry) }
    }

    /// The client that `builder` builds, without reqwest's own retries, so that attempts are not [multiplied](super).
    ///
    /// # Errors
    /// Those of the builder.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpRetry, reqwest::{RetryClient, reqwest}};
    /// let client = RetryClient::build(reqwest::Client::builder().user_agent("example"), HttpRetry::new(Never))?;
    /// # Ok::<(), reqwest::Error>(())
    /// ```
    pub fn build(builder: ClientBuilder, retry: HttpRetry<P, T, O>) -> Result<Self, Error> {
        Ok(Self::new(builder.retry(::reqwest::retry::never()).build()?, retry))
    }

    /// The client inside, to make requests with.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpRetry, reqwest::{RetryClient, reqwest}};
    /// let client = RetryClient::new(reqwest::Client::new(), HttpRetry::new(Never));
    /// assert_eq!(client.client().get("http://127.0.0.1/").build()?.method(), "GET");
    /// # Ok::<(), reqwest::Error>(())
    /// ```
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// How it retries, and what it has learnt of the hosts. Another client with a policy of its own, over the same connections
    /// and with the same memory, is made of both.
    ///
    /// ```
    /// # use retry_core::{Never, Policy};
    /// # use retry_http::{HttpRetry, reqwest::{RetryClient, reqwest}};
    /// # use std::time::Duration;
    /// let client = RetryClient::new(reqwest::Client::new(), HttpRetry::new(Never));
    /// let policy = Policy::constant(Duration::from_secs(1)).attempts(3);
    /// let client = RetryClient::new(client.client().clone(), client.retry().with_policy(policy));
    /// assert!(client.retry().guards().unwrap().is_empty());
    /// ```
    #[must_use]
    pub fn retry(&self) -> &HttpRetry<P, T, O> {
        &self.retry
    }
}

impl<P: RetryPolicy, T: Sleeper, O> RetryClient<P, T, O> {
    /// Sends what a builder has built.
    ///
    /// # Errors
    /// [`RetryError`], also where the builder has failed; then no attempt was made.
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpRetry, reqwest::{RetryClient, reqwest}};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let client = RetryClient::new(reqwest::Client::new(), HttpRetry::new(Never));
    /// let refused = client.send(client.client().get("no URL")).await.unwrap_err();
    /// assert_eq!(refused.attempts, 0);
    /// # }
    /// ```
    pub async fn send(&self, builder: RequestBuilder) -> Result<Response, RetryError<Error>>
    where
        O: ObserveError<FailedAttempt<Error, Response>>,
    {
        let request = builder.build().map_err(|error| RetryError::unready(scrubbed(error)))?;
        self.execute(request).await
    }

    /// Sends a request.
    ///
    /// The answer's body is not read: what a provider says in it is not known, and that it breaks off is not retried; for that
    /// there is [`execute_reading`](Self::execute_reading).
    ///
    /// # Errors
    /// [`RetryError`].
    ///
    /// ```
    /// # use retry_core::{Policy, StopReason};
    /// # use retry_http::{Ended, HttpRetry, reqwest::{RetryClient, reqwest}};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // Nobody listens there any more.
    /// let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    /// let retry = HttpRetry::new(Policy::constant(Duration::ZERO).attempts(3));
    /// let client = RetryClient::new(reqwest::Client::new(), retry);
    /// let request = client.client().post(format!("http://127.0.0.1:{port}/")).build()?;
    /// let refused = client.execute(request).await.unwrap_err();
    /// assert_eq!((refused.attempts, refused.ended), (3, Ended::Policy(StopReason::Attempts)));
    /// # Ok(())
    /// # }
    /// ```
    #[expect(clippy::manual_async_fn, reason = "the arguments of an `async fn` take their room twice")]
    pub fn execute(&self, mut request: Request) -> impl Future<Output = Result<Response, RetryError<Error>>>
    where
        O: ObserveError<FailedAttempt<Error, Response>>,
    {
        async move { execute(&self.client, &mut request, &self.retry, None::<fn() -> Body>).await }
    }

    /// Sends a request whose body `body` makes anew for each attempt: for streams, which can be sent once only.
    ///
    /// # Errors
    /// [`RetryError`].
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_http::{HttpRetry, reqwest::{RetryClient, reqwest}};
    /// # use std::{cell::Cell, time::Duration};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    /// let client = RetryClient::new(
    ///     reqwest::Client::new(),
    ///     HttpRetry::new(Policy::constant(Duration::ZERO).attempts(3)),
    /// );
    /// let request = client.client().put(format!("http://127.0.0.1:{port}/")).build()?;
    /// let made = Cell::new(0);
    /// let refused = client.execute_with(request, || { made.set(made.get() + 1); "stream".into() }).await;
    /// assert_eq!((refused.unwrap_err().attempts, made.get()), (3, 3));
    /// # Ok(())
    /// # }
    /// ```
    #[expect(clippy::manual_async_fn, reason = "as above")]
    pub fn execute_with(
        &self,
        mut request: Request,
        body: impl Fn() -> Body,
    ) -> impl Future<Output = Result<Response, RetryError<Error>>>
    where
        O: ObserveError<FailedAttempt<Error, Response>>,
    {
        async move { execute(&self.client, &mut request, &self.retry, Some(body)).await }
    }

    /// Sends a request and reads the answer's body, as parts of one attempt: a body that breaks off is retried, and what a
    /// provider says in it counts.
    ///
    /// # Errors
    /// [`RetryError`].
    ///
    /// ```
    /// # use retry_core::Never;
    /// # use retry_http::{HttpRetry, reqwest::{RetryClient, reqwest}};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    /// let client = RetryClient::new(reqwest::Client::new(), HttpRetry::new(Never));
    /// let request = client.client().get(format!("http://127.0.0.1:{port}/")).build()?;
    /// assert_eq!(client.execute_reading(request).await.unwrap_err().attempts, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn execute_reading(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<http::Response<Bytes>, RetryError<Error>>>
    where
        O: ObserveError<FailedAttempt<Error, http::Response<Bytes>>>,
    {
        execute_reading(&self.client, request, &self.retry, None::<fn() -> Body>)
    }

    /// [`execute_reading`](Self::execute_reading) of a request whose body `body` makes anew for each attempt.
    ///
    /// # Errors
    /// [`RetryError`].
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use retry_http::{HttpRetry, reqwest::{RetryClient, reqwest}};
    /// # use std::{cell::Cell, time::Duration};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    /// let retry = HttpRetry::new(Policy::constant(Duration::ZERO).attempts(3));
    /// let client = RetryClient::new(reqwest::Client::new(), retry);
    /// let request = client.client().put(format!("http://127.0.0.1:{port}/")).build()?;
    /// let made = Cell::new(0);
    /// let refused = client.execute_reading_with(request, || { made.set(made.get() + 1); "stream".into() }).await;
    /// assert_eq!((refused.unwrap_err().attempts, made.get()), (3, 3));
    /// # Ok(())
    /// # }
    /// ```
    pub fn execute_reading_with(
        &self,
        request: Request,
        body: impl Fn() -> Body,
    ) -> impl Future<Output = Result<http::Response<Bytes>, RetryError<Error>>>
    where
        O: ObserveError<FailedAttempt<Error, http::Response<Bytes>>>,
    {
        execute_reading(&self.client, request, &self.retry, Some(body))
    }
}

impl Extend for Response {
    fn extend(&mut self, retried: Retried) {
        self.extensions_mut().insert(retried);
    }
}

impl<P, T, O> Clone for RetryClient<P, T, O> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), retry: Arc::clone(&self.retry) }
    }
}

/// Without the client, whose default headers may hold secrets.
impl<P: fmt::Debug, T, O> fmt::Debug for RetryClient<P, T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryClient").field("retry", &self.retry).finish_non_exhaustive()
    }
}
