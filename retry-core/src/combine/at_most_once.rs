use crate::{
    Admission, Bounds, Class, Clock, Decision, Effect, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy, StopReason,
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

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        self.policy.admit(attempt, clock)
    }

    fn outcome(&self, outcome: Outcome) {
        self.policy.outcome(outcome);
    }

    fn withdrawn(&self, grant: &mut Grant) {
        self.policy.withdrawn(grant);
    }

    fn bounds(&self) -> Bounds {
        self.policy.bounds()
    }

    #[inline]
    fn needs(&self) -> Needs {
        self.policy.needs()
    }

    fn retry_cost(&self, class: Class) -> u16 {
        self.policy.retry_cost(class)
    }
}
