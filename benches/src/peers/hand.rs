//! No crate at all: the loop that people write themselves. It is the limit, not a peer.

use std::future::{Future, ready};
use std::hint::black_box;
use std::time::Duration;

use crate::caller::Caller;
use crate::row::Row;
use crate::work::{BASE, CAP, LONG_CAP, RETRIES, Refused, Script, attempt, attempt_blocking};

pub(super) fn row() -> Row {
    Row::named("hand loop").at_once(at_once).tokio(tokio).delays(delays)
}

pub(super) fn blocking_row() -> Row {
    Row::named("hand loop (blocking)").blocking(|| blocking)
}

fn at_once() -> impl Caller {
    |script| retried(script, |_| ready(()))
}

#[expect(clippy::disallowed_methods, reason = "what one writes without the engine")]
fn tokio() -> impl Caller {
    |script| retried(script, tokio::time::sleep)
}

#[inline(always)]
async fn retried<F: Future>(script: &'static Script, sleep: impl Fn(Duration) -> F) -> Result<u64, Refused> {
    let mut delay = BASE;
    let mut left = RETRIES;
    loop {
        match attempt(script).await {
            Ok(value) => return Ok(value),
            Err(error) if left == 0 => return Err(error),
            Err(_) => {
                left -= 1;
                sleep(black_box(delay)).await;
                delay = (delay * 2).min(CAP);
            }
        }
    }
}

fn blocking(script: &'static Script) -> Result<u64, Refused> {
    let mut delay = BASE;
    let mut left = RETRIES;
    loop {
        match attempt_blocking(script) {
            Ok(value) => return Ok(value),
            Err(error) if left == 0 => return Err(error),
            Err(_) => {
                left -= 1;
                black_box(delay);
                delay = (delay * 2).min(CAP);
            }
        }
    }
}

/// Full jitter in integers: one draw and the high half of one multiplication.
fn delays(n: u64) {
    let mut random = fastrand::Rng::new();
    let cap = nanoseconds(LONG_CAP);
    for _ in 0..n {
        let mut delay = nanoseconds(BASE);
        for _ in 0..8 {
            let (_, jittered) = delay.carrying_mul(random.u64(..), 0);
            black_box(Duration::from_nanos(jittered));
            delay = (delay * 2).min(cap);
        }
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
