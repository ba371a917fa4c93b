//! Rows 1 to 8 for the loop, which has no closure that could borrow the wrong way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use retry_core::{GaveUp, Policy, Retry, TokioSleeper};

async fn net(calls: &AtomicU32) -> Result<u32, &'static str> {
    tokio::task::yield_now().await;
    Ok(calls.fetch_add(1, Ordering::Relaxed))
}

async fn push(log: &mut String) -> Result<u32, &'static str> {
    log.push('x');
    tokio::task::yield_now().await;
    if log.len() < 3 { Err("busy") } else { Ok(3) }
}

fn retry() -> Retry<Policy, TokioSleeper> {
    Retry::new(Policy::constant(Duration::from_millis(1)).attempts(5))
}

struct Client {
    calls: AtomicU32,
    retry: Retry<Policy, TokioSleeper>,
}

impl Client {
    async fn get(&self, key: &str) -> Result<usize, GaveUp<&'static str>> {
        let mut run = self.retry.begin();
        loop {
            match net(&self.calls).await {
                Ok(_) => return Ok(run.succeeded(key.len())),
                Err(error) => run.failed(error).await?,
            }
        }
    }
}

trait Net: Send + 'static {
    fn send(&mut self) -> impl Future<Output = Result<u32, &'static str>> + Send;
}

impl Net for String {
    async fn send(&mut self) -> Result<u32, &'static str> {
        push(self).await
    }
}

/// In generic code, with the bound in the trait.
fn spawn<N: Net>(mut net: N) -> tokio::task::JoinHandle<Result<u32, GaveUp<&'static str>>> {
    tokio::spawn(async move {
        let retry = retry();
        let mut run = retry.begin();
        loop {
            match net.send().await {
                Ok(value) => break Ok(run.succeeded(value)),
                Err(error) => run.failed(error).await?,
            }
        }
    })
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    // a `&mut` local of a spawned task, used again
    let task = tokio::spawn(async {
        let (mut log, retry) = (String::new(), retry());
        let mut run = retry.begin();
        run.admitted().await?;
        let sent = loop {
            match push(&mut log).await {
                Ok(sent) => break run.succeeded(sent),
                Err(error) => run.failed(error).await?,
            }
        };
        log.push('y');
        Ok::<_, GaveUp<&'static str>>((sent, log))
    });
    assert_eq!(task.await.unwrap().unwrap(), (3, "xxxy".to_owned()));

    // a method with a shared client
    let client = Arc::new(Client { calls: AtomicU32::new(0), retry: retry() });
    let task = tokio::spawn(async move { client.get("key").await });
    assert_eq!(task.await.unwrap().unwrap(), 3);

    assert_eq!(spawn(String::new()).await.unwrap().unwrap(), 3);
}
