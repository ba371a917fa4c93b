#[cfg(any(feature = "tokio", feature = "thread"))]
use crate::{GaveUp, Retry, RetryPolicy};

/// Calls `op` until it succeeds or `policy` stops, by tokio's time: [`Retry::call`] in one line.
///
/// # Errors
/// [`GaveUp`], with the last error in it.
///
/// # Cancel safety
/// Dropping the future drops the attempt or the wait in progress. The attempt may have taken effect at the peer.
///
/// ```
/// use retry_core::{Policy, retry};
/// use std::time::Duration;
///
/// # async fn fetch() -> Result<u8, std::io::Error> { Ok(7) }
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let policy = Policy::exponential(Duration::from_millis(50), Duration::from_secs(1)).attempts(4);
/// assert_eq!(retry(policy, || fetch()).await.unwrap(), 7);
/// # }
/// ```
#[cfg(feature = "tokio")]
pub async fn retry<T, E, P, F, Fut>(policy: P, op: F) -> Result<T, GaveUp<E>>
where
    P: RetryPolicy,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    Retry::new(policy).call(op).await
}

/// Calls `op` until it succeeds or `policy` stops, and blocks the thread between attempts:
/// [`Retry::call_blocking`] in one line.
///
/// # Errors
/// [`GaveUp`], with the last error in it.
///
/// ```
/// use retry_core::{Policy, retry_blocking};
/// use std::time::Duration;
///
/// let policy = Policy::constant(Duration::from_millis(1)).attempts(3);
/// assert_eq!(retry_blocking(policy, || "7".parse::<u8>()).unwrap(), 7);
/// ```
#[cfg(feature = "thread")]
pub fn retry_blocking<T, E, P, F>(policy: P, op: F) -> Result<T, GaveUp<E>>
where
    P: RetryPolicy,
    F: FnMut() -> Result<T, E>,
{
    Retry::with_sleeper(policy, crate::ThreadSleeper).call_blocking(op)
}
