use crate::{Admission, Clock, Decision, Entropy, Failure, Needs, Outcome, RetryPolicy};

/// Another policy after the first ran out. See [`RetryPolicy::or_else`].
///
/// The second counts all failures, those of the first's time included, and is told how the run ended, too. Only the
/// first has a say in admission.
///
/// ```
/// use retry_core::{OrElsePolicy, Policy, RetryPolicy};
/// use std::time::Duration;
///
/// let soon = Policy::constant(Duration::from_secs(1)).attempts(3);
/// let policy: OrElsePolicy<Policy, Policy> = soon.or_else(Policy::constant(Duration::from_secs(600)));
/// assert!(!policy.needs().time);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OrElsePolicy<A, B> {
    first: A,
    next: B,
}

impl<A, B> OrElsePolicy<A, B> {
    pub(crate) const fn new(first: A, next: B) -> Self {
        Self { first, next }
    }
}

impl<A: RetryPolicy, B: RetryPolicy> RetryPolicy for OrElsePolicy<A, B> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        match self.first.decide(failure, rng) {
            Decision::Stop(reason) if reason.is_exhaustion() => self.next.decide(failure, rng),
            decision => decision,
        }
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        self.first.admit(attempt, clock)
    }

    fn outcome(&self, outcome: Outcome) {
        self.first.outcome(outcome);
        self.next.outcome(outcome);
    }

    #[inline]
    fn needs(&self) -> Needs {
        self.first.needs().or(self.next.needs())
    }
}
