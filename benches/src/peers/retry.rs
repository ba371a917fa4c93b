//! `retry`: blocking only. Its sleeper cannot be replaced, so three failures run with its policy of no delay: it pays
//! for no schedule there, and for three calls of the thread's sleep with zero.

use std::hint::black_box;

use retry::delay::{Exponential, NoDelay, jitter};

use crate::row::Row;
use crate::work::{RETRIES_USIZE, Refused, Script, attempt_blocking};

pub(super) fn row() -> Row {
    Row::named("retry (blocking)").blocking(|| blocking).delays(delays)
}

fn blocking(script: &'static Script) -> Result<u64, retry::Error<Refused>> {
    retry::retry(NoDelay.take(RETRIES_USIZE), move || attempt_blocking(script))
}

/// Without a cap: it has none.
fn delays(n: u64) {
    for _ in 0..n {
        let mut delays = Exponential::from_millis_with_factor(2, 2.0).map(jitter);
        for _ in 0..8 {
            black_box(delays.next());
        }
    }
}
