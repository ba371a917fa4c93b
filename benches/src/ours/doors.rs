//! The other async doors, and both with a policy behind a `Box`.

use retry_core::{GaveUp, Retry, RetryPolicy};

use super::calls::Timer;
use super::retriers::{POLICY, boxed_policy};
use crate::caller::Caller;
use crate::held::held;
use crate::work::{Refused, attempt};

pub(super) fn call_with<S: Timer>(time: S) -> impl Caller {
    let retrier = held(Retry::with_sleeper(POLICY, time));
    move |script| retrier.call_with(move |_| attempt(script))
}

pub(super) fn call_mut<S: Timer>(time: S) -> impl Caller {
    mutable(held(Retry::with_sleeper(POLICY, time)))
}

pub(super) fn call_mut_boxed<S: Timer>(time: S) -> impl Caller {
    mutable(held(Retry::with_sleeper(boxed_policy(), time)))
}

fn mutable<P: RetryPolicy + Send + Sync, S: Timer>(retrier: &'static Retry<P, S>) -> impl Caller {
    move |script| retrier.call_mut(async move |_| attempt(script).await)
}

pub(super) fn looped<S: Timer>(time: S) -> impl Caller {
    by_hand(held(Retry::with_sleeper(POLICY, time)))
}

pub(super) fn looped_boxed<S: Timer>(time: S) -> impl Caller {
    by_hand(held(Retry::with_sleeper(boxed_policy(), time)))
}

fn by_hand<P: RetryPolicy + Send + Sync, S: Timer>(retrier: &'static Retry<P, S>) -> impl Caller {
    move |script| async move {
        let mut run = retrier.begin();
        loop {
            match attempt(script).await {
                Ok(value) => return Ok::<_, GaveUp<Refused>>(run.succeeded(value)),
                Err(error) => run.failed(error).await?,
            }
        }
    }
}
