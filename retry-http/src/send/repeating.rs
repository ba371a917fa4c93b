//! A policy for one request.

use std::sync::atomic::{AtomicBool, Ordering};

use retry_core::{
    Admission, Bounds, Class, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy, StopReason,
};

use super::Logical;
use crate::HttpClassifier;

/// A policy that repeats what may have happened only where the request can be repeated and its key is still known when the
/// attempt begins, and nothing whose body is used up. It sees what a classifier does not: attempts that a timeout cut.
pub(crate) struct Repeating<'a, P> {
    pub(super) policy: &'a P,
    pub(super) classifier: &'a HttpClassifier,
    pub(super) logical: &'a Logical,
}

/// Whether a body can be sent again.
#[derive(Debug, Default)]
pub(crate) struct BodyState {
    pub(crate) used_up: AtomicBool,
    /// Whether that was the reason to stop.
    pub(crate) missed: AtomicBool,
}

impl<P: RetryPolicy> RetryPolicy for Repeating<'_, P> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let decision = if self.logical.is_repeatable(self.classifier) {
            self.policy.decide(failure, rng)
        } else {
            self.policy.at_most_once().decide(failure, rng)
        };
        let Decision::Retry(wait) = decision else { return decision };
        let reason = if self.logical.body.used_up.load(Ordering::Relaxed) {
            self.logical.body.missed.store(true, Ordering::Relaxed);
            StopReason::Permanent
        } else if self.logical.is_forgotten(failure, wait.delay(), self.classifier) {
            StopReason::UnknownOutcome
        } else {
            return decision;
        };
        if self.policy.needs().outcomes {
            self.policy.withdrawn(&mut Grant::new(wait, failure.verdict().class));
        }
        Decision::Stop(reason)
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        self.policy.admit(attempt, clock)
    }

    #[inline]
    fn outcome(&self, outcome: Outcome) {
        self.policy.outcome(outcome);
    }

    fn withdrawn(&self, grant: &mut Grant) {
        self.policy.withdrawn(grant);
    }

    #[inline]
    fn needs(&self) -> Needs {
        self.policy.needs()
    }

    fn retry_cost(&self, class: Class) -> u16 {
        self.policy.retry_cost(class)
    }

    fn bounds(&self) -> Bounds {
        self.policy.bounds()
    }
}
