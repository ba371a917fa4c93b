//! `tower-resilience-retry`: a tower service that boxes each call.

use std::hint::black_box;

use tower::{Layer, Service, service_fn};
use tower_resilience_retry::{ExponentialBackoff, ExponentialRandomBackoff, IntervalFunction, RetryLayer};

use crate::caller::Caller;
use crate::held::held_mut;
use crate::row::Row;
use crate::work::{BASE, CAP, LONG_CAP, RETRIES_USIZE, Refused, Script, attempt};

pub(super) fn row() -> Row {
    Row::named("tower-resilience").tokio(tokio).delays(delays)
}

fn tokio() -> impl Caller {
    let layer = RetryLayer::<&'static Script, u64, Refused>::builder()
        .max_attempts(RETRIES_USIZE + 1)
        .backoff(ExponentialBackoff::new(BASE).max_interval(CAP))
        .build();
    let service = held_mut(layer.layer(service_fn(attempt)));
    move |script| service.call(script)
}

#[expect(clippy::expect_used, reason = "a constant within its bounds")]
fn delays(n: u64) {
    for _ in 0..n {
        let backoff = ExponentialRandomBackoff::new(BASE, 0.5).expect("a ratio below one").max_interval(LONG_CAP);
        for attempt in 0..8 {
            black_box(backoff.next_interval(attempt));
        }
    }
}
