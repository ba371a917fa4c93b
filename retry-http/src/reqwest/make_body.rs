//! Bodies that are made anew.

use std::fmt;
use std::sync::Arc;

use ::reqwest::Body;

/// Makes the body of each attempt anew, for requests that go through a chain with a
/// [`RetryMiddleware`](super::RetryMiddleware): given to the request builder by `with_extension`.
///
/// A stream can be sent once only. Without this, a request whose body is one is not repeated. Elsewhere the function is given
/// directly: [`RetryClient::execute_with`](super::RetryClient::execute_with),
/// [`SendWith::send_with_body`](super::SendWith::send_with_body).
///
/// ```
/// use retry_core::Policy;
/// use retry_http::HttpRetry;
/// use retry_http::reqwest::reqwest_middleware::ClientBuilder;
/// use retry_http::reqwest::{MakeBody, RetryMiddleware, reqwest};
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
/// static MADE: AtomicU32 = AtomicU32::new(0);
/// let retry = RetryMiddleware::new(HttpRetry::new(Policy::constant(Duration::ZERO).attempts(3)));
/// let client = ClientBuilder::new(reqwest::Client::new()).with(retry).build();
/// let body = MakeBody::new(|| {
///     MADE.fetch_add(1, Ordering::Relaxed);
///     reqwest::Body::from("what a file or a channel would give")
/// });
/// // Nobody listens there any more.
/// let refused = client.put(format!("http://127.0.0.1:{port}/")).with_extension(body).send().await;
/// assert!(refused.is_err() && MADE.load(Ordering::Relaxed) == 3);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct MakeBody(Arc<dyn Fn() -> Body + Send + Sync>);

impl MakeBody {
    /// By `make`, which is called once for each attempt.
    ///
    /// ```
    /// let _ = retry_http::reqwest::MakeBody::new(|| "hello".into());
    /// ```
    pub fn new(make: impl Fn() -> Body + Send + Sync + 'static) -> Self {
        Self(Arc::new(make))
    }

    pub(super) fn make(&self) -> Body {
        (self.0)()
    }
}

impl fmt::Debug for MakeBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MakeBody").finish_non_exhaustive()
    }
}
