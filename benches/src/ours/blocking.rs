//! The blocking doors.

use retry_core::{GaveUp, Retry};

use super::noop::AtOnce;
use super::retriers::POLICY;
use crate::held::held;
use crate::work::{Refused, Script, attempt_blocking};

pub(super) fn call() -> impl FnMut(&'static Script) -> Result<u64, GaveUp<Refused>> {
    let retrier = held(Retry::with_sleeper(POLICY, AtOnce));
    move |script| retrier.call_blocking(move || attempt_blocking(script))
}

pub(super) fn looped() -> impl FnMut(&'static Script) -> Result<u64, GaveUp<Refused>> {
    let retrier = held(Retry::with_sleeper(POLICY, AtOnce));
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
