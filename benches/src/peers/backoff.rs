//! `backoff` (unmaintained, RUSTSEC-2025-0012, and still in many lockfiles). It cannot limit the retries; the scripts
//! end first.

use std::future::{Ready, ready};
use std::hint::black_box;
use std::time::Duration;

use backoff::backoff::Backoff;
use backoff::future::{Retry, Sleeper, retry};
use backoff::{Error, ExponentialBackoff, ExponentialBackoffBuilder};

use crate::caller::Caller;
use crate::row::Row;
use crate::work::{BASE, CAP, LONG_CAP, Refused, Script, attempt};

pub(super) fn row() -> Row {
    Row::named("backoff").at_once(at_once).tokio(tokio).delays(delays)
}

fn policy(cap: Duration, jitter: f64) -> ExponentialBackoff {
    ExponentialBackoffBuilder::new()
        .with_initial_interval(BASE)
        .with_max_interval(cap)
        .with_multiplier(2.0)
        .with_randomization_factor(jitter)
        .build()
}

async fn transient(script: &'static Script) -> Result<u64, Error<Refused>> {
    attempt(script).await.map_err(Error::transient)
}

struct AtOnce;

impl Sleeper for AtOnce {
    type Sleep = Ready<()>;

    fn sleep(&self, delay: Duration) -> Ready<()> {
        black_box(delay);
        ready(())
    }
}

fn at_once() -> impl Caller {
    |script| {
        let mut policy = policy(CAP, 0.0);
        // As `backoff::future::retry` does first.
        policy.reset();
        let notify = |_: Refused, _: Duration| {};
        Retry::new(AtOnce, policy, notify, move || transient(script))
    }
}

fn tokio() -> impl Caller {
    |script| retry(policy(CAP, 0.0), move || transient(script))
}

fn delays(n: u64) {
    for _ in 0..n {
        let mut delays = policy(LONG_CAP, 0.5);
        for _ in 0..8 {
            black_box(delays.next_backoff());
        }
    }
}
