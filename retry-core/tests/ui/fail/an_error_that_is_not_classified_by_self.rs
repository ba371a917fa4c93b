use std::time::Duration;

use retry_core::{Policy, Retry};

struct Lookup;

async fn lookup() -> Result<(), Lookup> {
    Err(Lookup)
}

async fn run() {
    let retry = Retry::new(Policy::constant(Duration::ZERO)).by_self();
    let _ = retry.call(lookup).await;
}

fn main() {}
