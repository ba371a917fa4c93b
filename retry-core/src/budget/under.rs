use crate::wrapped::wrapped;
use crate::{
    Admission, Bounds, Class, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy, StopReason,
};

/// A policy for a retrier within an attempt of another one. See [`RetryPolicy::under`].
///
/// Layers that retry multiply: 3 attempts around 3 attempts around 3 are 27 calls. Told the outer attempt's
/// [number](crate::Attempt::number), the inner layer retries only within the first, and an outer retry is one
/// attempt: O attempts around I are at most `O + I - 1` calls. The number can be handed on through any number of
/// layers, or to another process in a header (`grpc-previous-rpc-attempts` counts from 0: add 1). Where a retry is
/// refused for that reason, the run ends with [`StopReason::Attempts`].
///
/// ```
/// use retry_core::{Policy, Retry, RetryPolicy, ThreadSleeper};
/// use std::time::Duration;
///
/// let policy = Policy::constant(Duration::ZERO).attempts(3);
/// let outer = Retry::with_sleeper(policy.clone(), ThreadSleeper);
/// let mut calls = 0;
/// let end = outer.call_blocking_with(|attempt| {
///     let inner = Retry::with_sleeper(policy.clone().under(attempt.number), ThreadSleeper);
///     inner.call_blocking(|| {
///         calls += 1;
///         Err::<(), _>("no")
///     })
/// });
/// // 3 within the first attempt, and one in each of the two retries
/// assert_eq!((calls, end.is_err()), (5, true));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Under<P> {
    policy: P,
    outer: u32,
}

impl<P> Under<P> {
    pub(crate) const fn new(policy: P, outer: u32) -> Self {
        Self { policy, outer }
    }
}

impl<P: RetryPolicy> RetryPolicy for Under<P> {
    wrapped!(admit, outcome, withdrawn, needs, retry_cost);

    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        match self.policy.decide(failure, rng) {
            Decision::Retry(wait) if self.outer > 1 => {
                if self.policy.needs().outcomes {
                    self.policy.withdrawn(&mut Grant::new(wait, failure.verdict().class));
                }
                Decision::Stop(StopReason::Attempts)
            }
            decision => decision,
        }
    }

    /// Those of the policy; within a retry, those of one that never retries.
    fn bounds(&self) -> Bounds {
        if self.outer > 1 { Bounds::NO_RETRY } else { self.policy.bounds() }
    }
}
