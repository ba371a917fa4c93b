//! `governor`'s rate limiter, which many take for a retry budget: no deposits, a check for each retry.

use std::hint::black_box;
use std::num::NonZeroU32;

use governor::{Quota, RateLimiter};

use crate::row::Row;

pub(super) fn row() -> Row {
    Row::named("governor").budget(budget)
}

/// It reads the clock itself. One check, for it has nothing to deposit.
fn budget(n: u64) {
    let limiter = RateLimiter::direct(Quota::per_second(NonZeroU32::MAX));
    for _ in 0..n {
        let _ = black_box(black_box(&limiter).check());
    }
}
