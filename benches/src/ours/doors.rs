//! The async doors, for any retrier.

use retry_core::{AnyError, GaveUp, Limits, Retry, With};

use super::retriers::{Classifier, Observed, Policy, Timer};
use crate::caller::Caller;
use crate::work::{Refused, attempt};

pub(super) fn call<P: Policy, S: Timer, C: Classifier, O: Observed>(
    retrier: &'static Retry<P, S, C, O>,
) -> impl Caller {
    move |script| retrier.call(move || attempt(script))
}

/// [`call`] under a limit on each attempt that none reaches: what it costs to be able to cut.
pub(super) fn call_timed<P: Policy, S: Timer>(
    retrier: &'static Retry<P, S, AnyError, (), With<Limits, (), (), ()>>,
) -> impl Caller {
    move |script| retrier.call(move || attempt(script))
}

pub(super) fn call_with<P: Policy, S: Timer, C: Classifier, O: Observed>(
    retrier: &'static Retry<P, S, C, O>,
) -> impl Caller {
    move |script| retrier.call_with(move |_| attempt(script))
}

pub(super) fn call_mut<P: Policy, S: Timer, C: Classifier, O: Observed>(
    retrier: &'static Retry<P, S, C, O>,
) -> impl Caller {
    move |script| retrier.call_mut(async move |_| attempt(script).await)
}

pub(super) fn looped<P: Policy, S: Timer, C: Classifier, O: Observed>(
    retrier: &'static Retry<P, S, C, O>,
) -> impl Caller {
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
