//! `tokio-retry`: an iterator of delays that is handed to each call. It sleeps by tokio and nothing else.

use std::hint::black_box;

use tokio_retry::Retry;
use tokio_retry::strategy::{ExponentialBackoff, jitter};

use crate::caller::Caller;
use crate::row::Row;
use crate::work::{CAP, LONG_CAP, RETRIES_USIZE, attempt};

pub(super) fn row() -> Row {
    Row::named("tokio-retry").tokio(tokio).delays(delays)
}

fn schedule() -> ExponentialBackoff {
    ExponentialBackoff::from_millis(2)
}

fn tokio() -> impl Caller {
    |script| Retry::start(schedule().max_delay(CAP).take(RETRIES_USIZE), move || attempt(script))
}

fn delays(n: u64) {
    for _ in 0..n {
        let mut delays = schedule().max_delay(LONG_CAP).map(jitter);
        for _ in 0..8 {
            black_box(delays.next());
        }
    }
}
