//! `tower-resilience`: tower services that box each call, for retries, rates and circuits.

use std::convert::Infallible;
use std::future::{Ready, poll_fn, ready};
use std::hint::black_box;
use std::time::Duration;

use tower::{Layer, Service, service_fn};
use tower_resilience_circuitbreaker::CircuitBreakerLayer;
use tower_resilience_ratelimiter::RateLimiterLayer;
use tower_resilience_retry::{ExponentialBackoff, ExponentialRandomBackoff, IntervalFunction, RetryLayer};

use crate::caller::Caller;
use crate::held::held_mut;
use crate::loops::runtime;
use crate::row::Row;
use crate::work::{BASE, CAP, LONG_CAP, RETRIES_USIZE, Refused, Script, attempt};

pub(super) fn row() -> Row {
    Row::named("tower-resilience").tokio(tokio).delays(delays).pacer(rate_limiter).breaker(breaker)
}

/// Both clone their service into a box with each call, so that what follows is a call of it that succeeds at once.
#[expect(clippy::expect_used, reason = "constants within their bounds")]
fn rate_limiter() -> impl Fn(u64) + Sync {
    let limiter = RateLimiterLayer::builder().limit_for_period(usize::MAX).refresh_period(Duration::from_secs(1));
    called(limiter.build().expect("a limit above zero").layer(service_fn(answer)))
}

#[expect(clippy::expect_used, reason = "the defaults")]
fn breaker() -> impl Fn(u64) + Sync {
    called(CircuitBreakerLayer::builder().build().expect("the defaults").layer(service_fn(answer)))
}

fn answer((): ()) -> Ready<Result<u64, Infallible>> {
    ready(Ok(1))
}

/// Clones share what they count. On a runtime, for a lock of theirs may be waited for.
fn called<S: Service<(), Response = u64> + Clone + Sync>(service: S) -> impl Fn(u64) + Sync {
    move |n| {
        let mut service = service.clone();
        runtime(true).block_on(async {
            for _ in 0..n {
                let is_ready = poll_fn(|cx| service.poll_ready(cx)).await.is_ok();
                assert!(is_ready && black_box(service.call(()).await).is_ok(), "nothing is refused");
            }
        });
    }
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
