//! `call`, with more and more switched on.

use std::time::Duration;

use retry_core::{Retry, Sleeper, classify_fn};

use super::observer::Counts;
use super::retriers::{BY_CLASS, POLICY, boxed_policy, three_ways};
use crate::caller::Caller;
use crate::held::held;
use crate::work::attempt;

pub(super) fn plain<S: Timer>(time: S) -> impl Caller {
    let retrier = held(Retry::with_sleeper(POLICY, time));
    move |script| retrier.call(move || attempt(script))
}

pub(super) fn observed<S: Timer>(time: S) -> impl Caller {
    let retrier = held(Retry::with_sleeper(POLICY, time).observe(Counts::default()));
    move |script| retrier.call(move || attempt(script))
}

pub(super) fn classes<S: Timer>(time: S) -> impl Caller {
    let retrier = held(Retry::with_sleeper(BY_CLASS, time).classify(classify_fn(three_ways)));
    move |script| retrier.call(move || attempt(script))
}

pub(super) fn observed_classes<S: Timer>(time: S) -> impl Caller {
    let retrier = Retry::with_sleeper(BY_CLASS, time).classify(classify_fn(three_ways));
    let retrier = held(retrier.observe(Counts::default()));
    move |script| retrier.call(move || attempt(script))
}

pub(super) fn boxed<S: Timer>(time: S) -> impl Caller {
    let retrier = held(Retry::with_sleeper(boxed_policy(), time));
    move |script| retrier.call(move || attempt(script))
}

/// A limit on each attempt that none reaches: what it costs to be able to cut.
pub(super) fn timed<S: Timer>(time: S) -> impl Caller {
    let retrier = held(Retry::with_sleeper(POLICY, time).timeout(Duration::from_secs(1)));
    move |script| retrier.call(move || attempt(script))
}

/// What a spawned call asks of its sleeper.
pub(super) trait Timer: Sleeper<Sleep: Send> + Send + Sync + 'static {}

impl<S: Sleeper<Sleep: Send> + Send + Sync + 'static> Timer for S {}
