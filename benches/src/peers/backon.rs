//! `backon`: a builder that is handed to each call.

use std::future::ready;
use std::hint::black_box;

use backon::{BackoffBuilder, BlockingRetryable, ExponentialBuilder, Retryable};

use crate::caller::Caller;
use crate::row::Row;
use crate::work::{BASE, CAP, LONG_CAP, RETRIES_USIZE, Refused, Script, attempt, attempt_blocking};

const POLICY: ExponentialBuilder =
    ExponentialBuilder::new().with_min_delay(BASE).with_max_delay(CAP).with_max_times(RETRIES_USIZE);

pub(super) fn row() -> Row {
    Row::named("backon").at_once(at_once).tokio(tokio).delays(delays)
}

pub(super) fn blocking_row() -> Row {
    Row::named("backon (blocking)").blocking(|| blocking)
}

fn at_once() -> impl Caller {
    |script| {
        Retryable::retry(move || attempt(script), POLICY).sleep(|delay| {
            black_box(delay);
            ready(())
        })
    }
}

fn tokio() -> impl Caller {
    |script| Retryable::retry(move || attempt(script), POLICY)
}

fn blocking(script: &'static Script) -> Result<u64, Refused> {
    let sleep = |delay| {
        black_box(delay);
    };
    BlockingRetryable::retry(move || attempt_blocking(script), POLICY).sleep(sleep).call()
}

fn delays(n: u64) {
    for _ in 0..n {
        let policy = POLICY.with_max_delay(LONG_CAP).without_max_times().with_jitter();
        let mut delays = policy.build();
        for _ in 0..8 {
            black_box(delays.next());
        }
    }
}
