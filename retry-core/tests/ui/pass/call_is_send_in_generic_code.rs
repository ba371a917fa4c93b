//! Row 8: `call` is `Send` where its parts are, named in a bound or behind a box.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use retry_core::{GaveUp, Policy, Retry, RetryPolicy, TokioSleeper};
use tokio::task::JoinHandle;

type Outcome = Result<u32, GaveUp<&'static str>>;

async fn net(calls: &AtomicU32) -> Result<u32, &'static str> {
    tokio::task::yield_now().await;
    Ok(calls.fetch_add(1, Ordering::Relaxed))
}

fn spawn<F, Fut>(retry: Arc<Retry<Policy, TokioSleeper>>, op: F) -> JoinHandle<Outcome>
where
    F: FnMut() -> Fut + Send + 'static,
    Fut: Future<Output = Result<u32, &'static str>> + Send + 'static,
{
    tokio::spawn(async move { retry.call(op).await })
}

fn boxed<'a>(
    retry: &'a Retry<Box<dyn RetryPolicy + Send + Sync>, TokioSleeper>,
    calls: &'a AtomicU32,
) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
    Box::pin(retry.call(move || net(calls)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let policy = Policy::constant(Duration::from_millis(1)).attempts(3);
    let retry = Arc::new(Retry::new(policy.clone()));
    assert_eq!(spawn(retry, || async { Ok(7) }).await.unwrap().unwrap(), 7);
    let (retry, calls) = (Retry::new(policy.boxed()), AtomicU32::new(0));
    assert_eq!(boxed(&retry, &calls).await.unwrap(), 0);
}
