//! `governor`'s rate limiter, which many take for a retry budget: no deposits, a check for each retry. It is a pacer, too:
//! a check for each attempt.

use std::hint::black_box;
use std::num::NonZeroU32;

use governor::{Quota, RateLimiter};

use crate::row::Row;

pub(super) fn row() -> Row {
    Row::named("governor").budget(check).pacer(check)
}

/// It reads the clock itself. One check, for it has nothing to deposit.
fn check() -> impl Fn(u64) + Sync {
    let limiter = RateLimiter::direct(Quota::per_second(NonZeroU32::MAX));
    move |n| {
        for _ in 0..n {
            let _ = black_box(black_box(&limiter).check());
        }
    }
}
