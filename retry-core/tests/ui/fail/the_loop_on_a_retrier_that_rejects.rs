use std::time::Duration;

use retry_core::{Policy, Retry, Verdict};

fn main() {
    let retry = Retry::new(Policy::constant(Duration::ZERO))
        .reject(|status: &u16| (*status == 503).then_some(Verdict::TRANSIENT));
    let _ = retry.begin();
}
