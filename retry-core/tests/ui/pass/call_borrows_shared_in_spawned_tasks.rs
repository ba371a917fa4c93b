//! Rows 1 to 4 of the borrow table: `call` and `call_with` in spawned tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use retry_core::{Attempt, GaveUp, Policy, Retry, TokioSleeper};

async fn net(calls: &AtomicU32) -> Result<u32, &'static str> {
    tokio::task::yield_now().await;
    Ok(calls.fetch_add(1, Ordering::Relaxed))
}

fn retry() -> Retry<Policy, TokioSleeper> {
    Retry::new(Policy::constant(Duration::from_millis(1)).attempts(3))
}

struct Client {
    calls: AtomicU32,
    retry: Retry<Policy, TokioSleeper>,
}

impl Client {
    async fn get(&self, key: &str) -> Result<usize, GaveUp<&'static str>> {
        self.retry
            .call(async || {
                net(&self.calls).await?;
                Ok(key.len())
            })
            .await
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1: a closure that borrows
    let task = tokio::spawn(async {
        let (calls, retry) = (AtomicU32::new(0), retry());
        retry.call(|| net(&calls)).await
    });
    task.await.unwrap().unwrap();

    // 2: an async closure that borrows
    let task = tokio::spawn(async {
        let (calls, retry) = (AtomicU32::new(0), retry());
        retry.call(async || net(&calls).await).await.unwrap();
        retry.call_with(async |_: Attempt| net(&calls).await).await
    });
    task.await.unwrap().unwrap();

    // 3: a clone for each attempt
    let task = tokio::spawn(async {
        let (calls, retry) = (Arc::new(AtomicU32::new(0)), retry());
        let op = || {
            let calls = calls.clone();
            async move { net(&calls).await }
        };
        retry.call(op).await
    });
    task.await.unwrap().unwrap();

    // 4: a method with a shared client
    let client = Arc::new(Client { calls: AtomicU32::new(0), retry: retry() });
    let task = tokio::spawn({
        let client = client.clone();
        async move { client.get("key").await }
    });
    assert_eq!(task.await.unwrap().unwrap(), 3);
}
