//! Row 9: function items and pointers, through every door.

use std::pin::Pin;
use std::time::Duration;

use retry_core::{Attempt, GaveUp, Policy, Retry};

type Boxed = Pin<Box<dyn Future<Output = Result<u32, &'static str>> + Send>>;

async fn item() -> Result<u32, &'static str> {
    Ok(1)
}

async fn item_with(attempt: Attempt) -> Result<u32, &'static str> {
    Ok(attempt.number)
}

fn boxed() -> Boxed {
    Box::pin(item())
}

fn boxed_with(attempt: Attempt) -> Boxed {
    Box::pin(item_with(attempt))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), GaveUp<&'static str>> {
    let retry = Retry::new(Policy::constant(Duration::from_millis(1)).attempts(3));
    let pointer: fn() -> Boxed = boxed;
    let pointer_with: fn(Attempt) -> Boxed = boxed_with;

    retry.call(item).await?;
    retry.call(pointer).await?;
    retry.call(|| item()).await?;
    retry.call_with(item_with).await?;
    retry.call_with(pointer_with).await?;
    retry.call_mut(item_with).await?;
    retry.call_mut(pointer_with).await?;

    let mut run = retry.begin();
    let value = loop {
        match pointer().await {
            Ok(value) => break run.succeeded(value),
            Err(error) => run.failed(error).await?,
        }
    };
    assert_eq!(value, 1);
    let task = tokio::spawn(async move { retry.call(pointer).await });
    task.await.unwrap().map(drop)
}
