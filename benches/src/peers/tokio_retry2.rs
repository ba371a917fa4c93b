//! `tokio-retry2`: as `tokio-retry`, but the operation says of each error whether it passes.

use std::hint::black_box;

use tokio_retry2::strategy::{ExponentialBackoff, jitter};
use tokio_retry2::{Retry, RetryError};

use crate::caller::Caller;
use crate::row::Row;
use crate::work::{CAP, LONG_CAP, RETRIES_USIZE, Refused, Script, attempt};

pub(super) fn row() -> Row {
    Row::named("tokio-retry2").tokio(tokio).delays(delays)
}

fn schedule() -> ExponentialBackoff {
    ExponentialBackoff::from_millis(2)
}

async fn transient(script: &'static Script) -> Result<u64, RetryError<Refused>> {
    attempt(script).await.map_err(RetryError::transient)
}

fn tokio() -> impl Caller {
    |script| Retry::spawn(schedule().max_delay(CAP).take(RETRIES_USIZE), move || transient(script))
}

fn delays(n: u64) {
    for _ in 0..n {
        let mut delays = schedule().max_delay(LONG_CAP).map(jitter);
        for _ in 0..8 {
            black_box(delays.next());
        }
    }
}
