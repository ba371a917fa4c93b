//! Circuit breakers by themselves: `failsafe` and `recloser`.

use std::hint::black_box;

use failsafe::{CircuitBreaker as _, Config};
use recloser::Recloser;

use crate::row::Row;

pub(super) fn rows() -> [Row; 2] {
    [Row::named("failsafe").breaker(failsafe), Row::named("recloser").breaker(recloser)]
}

fn failsafe() -> impl Fn(u64) + Sync {
    let breaker = Config::new().build();
    move |n| {
        for _ in 0..n {
            assert!(black_box(&breaker).call(|| black_box(Ok::<u64, u64>(1))).is_ok(), "it has no reason to open");
        }
    }
}

fn recloser() -> impl Fn(u64) + Sync {
    let breaker = Recloser::default();
    move |n| {
        for _ in 0..n {
            assert!(black_box(&breaker).call(|| black_box(Ok::<u64, u64>(1))).is_ok(), "it has no reason to open");
        }
    }
}
