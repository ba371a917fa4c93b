//! Row 10: `Rc` and `RefCell` on a local set, through every async door.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use retry_core::{GaveUp, Policy, Retry};

async fn bump(count: &RefCell<u32>) -> Result<u32, &'static str> {
    tokio::task::yield_now().await;
    *count.borrow_mut() += 1;
    Ok(*count.borrow())
}

async fn every_door(count: Rc<RefCell<u32>>) -> Result<u32, GaveUp<&'static str>> {
    let retry = Retry::new(Rc::new(Policy::constant(Duration::from_millis(1)).attempts(3)));
    retry.call(async || bump(&count).await).await?;
    retry.call_with(async |_| bump(&count).await).await?;
    retry.call_mut(async |_| bump(&count).await).await?;
    let mut run = retry.begin();
    loop {
        match bump(&count).await {
            Ok(value) => break Ok(run.succeeded(value)),
            Err(error) => run.failed(error).await?,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let local = tokio::task::LocalSet::new();
    let task = async { tokio::task::spawn_local(every_door(Rc::default())).await };
    assert_eq!(local.run_until(task).await.unwrap().unwrap(), 4);
}
