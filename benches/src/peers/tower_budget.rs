//! `tower::retry` with tower's own `ExponentialBackoff` and `TpsBudget`, joined by the policy that a user has to write.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Sleep;
use tower::retry::backoff::{Backoff, ExponentialBackoff, ExponentialBackoffMaker, MakeBackoff};
use tower::retry::budget::{Budget, TpsBudget};
use tower::retry::{Policy, Retry};
use tower::util::rng::HasherRng;
use tower::{Service, service_fn};

use crate::caller::Caller;
use crate::held::held_mut;
use crate::loops::runtime;
use crate::row::Row;
use crate::work::{BASE, CAP, LONG_CAP, RETRIES, Refused, Script, attempt};

pub(super) fn row() -> Row {
    Row::named("tower + budget").tokio(tokio).delays(delays).budget(budget)
}

#[derive(Clone)]
struct Budgeted {
    left: u32,
    backoff: ExponentialBackoff,
    budget: Arc<TpsBudget>,
}

impl Policy<&'static Script, u64, Refused> for Budgeted {
    type Future = Sleep;

    fn retry(&mut self, _: &mut &'static Script, result: &mut Result<u64, Refused>) -> Option<Sleep> {
        if result.is_ok() {
            self.budget.deposit();
            return None;
        }
        if self.left == 0 || !self.budget.withdraw() {
            return None;
        }
        self.left -= 1;
        Some(self.backoff.next_backoff())
    }

    fn clone_request(&mut self, script: &&'static Script) -> Option<&'static Script> {
        Some(*script)
    }
}

#[expect(clippy::expect_used, reason = "the bounds are constants in order")]
fn backoff(cap: Duration, jitter: f64) -> ExponentialBackoff {
    let maker = ExponentialBackoffMaker::new(BASE, cap, jitter, HasherRng::new());
    maker.expect("a minimum below the maximum").make_backoff()
}

fn tokio() -> impl Caller {
    // A reserve that no crowd of ours can spend: 50 million retries a second, for ten seconds.
    let budget = Arc::new(TpsBudget::new(Duration::from_secs(10), 50_000_000, 1000.0));
    let policy = Budgeted { left: RETRIES, backoff: backoff(CAP, 0.0), budget };
    let service = held_mut(Retry::new(policy, service_fn(attempt)));
    move |script| service.call(script)
}

/// It reads the clock itself, at a deposit as at a withdrawal.
fn budget() -> impl Fn(u64) + Sync {
    let budget = TpsBudget::new(Duration::from_secs(10), 10, 1.0);
    move |n| {
        for _ in 0..n {
            black_box(&budget).deposit();
            black_box(black_box(&budget).withdraw());
        }
    }
}

/// A delay cannot be had without the timer that sleeps it, so each counts the making of a `Sleep`.
fn delays(n: u64) {
    let runtime = runtime(true);
    let _entered = runtime.enter();
    let fresh = backoff(LONG_CAP, 0.99);
    for _ in 0..n {
        let mut delays = fresh.clone();
        for _ in 0..8 {
            drop(black_box(delays.next_backoff()));
        }
    }
}
