use crate::wrapped::wrapped;
use crate::{
    Admission, Class, Clock, Decision, Effect, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy, StopReason,
};

/// Never repeats what may have happened. See [`RetryPolicy::at_most_once`].
///
/// ```
/// use retry_core::{AtMostOnce, Policy, RetryPolicy};
/// use std::time::Duration;
///
/// let policy: AtMostOnce<Policy> = Policy::constant(Duration::ZERO).at_most_once();
/// assert!(!policy.needs().time);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AtMostOnce<P> {
    policy: P,
}

impl<P> AtMostOnce<P> {
    pub(crate) const fn new(policy: P) -> Self {
        Self { policy }
    }
}

impl<P: RetryPolicy> RetryPolicy for AtMostOnce<P> {
    wrapped!(admit, outcome, withdrawn, needs, retry_cost, bounds);

    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let decision = self.policy.decide(failure, rng);
        match (decision, failure.verdict().effect) {
            (Decision::Retry(wait), Effect::Possible) => {
                if self.policy.needs().outcomes {
                    self.policy.withdrawn(&mut Grant::new(wait, failure.verdict().class));
                }
                Decision::Stop(StopReason::UnknownOutcome)
            }
            _ => decision,
        }
    }
}
