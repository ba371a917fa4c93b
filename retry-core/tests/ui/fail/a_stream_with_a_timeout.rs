use std::time::Duration;

use futures::stream;
use retry_core::{Policy, Retry};

fn main() {
    let retry = Retry::new(Policy::constant(Duration::ZERO)).timeout(Duration::from_secs(1));
    let _ = retry.stream(|| stream::iter([Ok(1), Err("broken")]));
}
