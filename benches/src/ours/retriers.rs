//! What the rows are configured with.

use retry_core::{Law, Policy, RetryPolicy, Retryable, Verdict};

use crate::work::{ATTEMPTS, BASE, CAP, Refused};

pub(super) const POLICY: Policy = Policy::exponential(BASE, CAP).jitter(Law::FULL).attempts(ATTEMPTS);

/// The same with a policy of its own for one class.
pub(super) const BY_CLASS: Policy = POLICY.on_class(Retryable::Throttled, &SLOW);
static SLOW: Policy = Policy::constant(CAP).attempts(4);

/// A classifier with three answers, one of them with a hint. The scripts only ever reach the first.
#[inline]
pub(super) fn three_ways(error: &Refused) -> Verdict {
    match error.0 {
        0..1_000_000 => Verdict::TRANSIENT,
        1_000_000 => Verdict::THROTTLED.after(CAP),
        _ => Verdict::PERMANENT,
    }
}

pub(super) fn boxed_policy() -> Box<dyn RetryPolicy + Send + Sync> {
    Box::new(POLICY)
}
