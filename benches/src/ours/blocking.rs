//! The blocking doors, for any retrier.

use retry_core::{BlockingSleeper, GaveUp, Retry};

use super::retriers::{Classifier, Observed, Policy};
use crate::work::{Refused, Script, attempt_blocking};

pub(super) fn call<P: Policy, S: BlockingSleeper, C: Classifier, O: Observed>(
    retrier: &'static Retry<P, S, C, O>,
) -> impl FnMut(&'static Script) -> Result<u64, GaveUp<Refused>> {
    move |script| retrier.call_blocking(move || attempt_blocking(script))
}

pub(super) fn looped<P: Policy, S: BlockingSleeper, C: Classifier, O: Observed>(
    retrier: &'static Retry<P, S, C, O>,
) -> impl FnMut(&'static Script) -> Result<u64, GaveUp<Refused>> {
    move |script| {
        let mut run = retrier.begin();
        loop {
            match attempt_blocking(script) {
                Ok(value) => return Ok(run.succeeded(value)),
                Err(error) => run.failed_blocking(error)?,
            }
        }
    }
}
