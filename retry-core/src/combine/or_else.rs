use crate::{Admission, Bounds, Class, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy};

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
        let (decision, second) = match self.first.decide(failure, rng) {
            Decision::Stop(reason) if reason.is_exhaustion() => (self.next.decide(failure, rng), true),
            decision => (decision, false),
        };
        match decision {
            Decision::Retry(wait) => Decision::Retry(wait.by(wait.trail().push(second))),
            stop @ Decision::Stop(_) => stop,
        }
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        self.first.admit(attempt, clock)
    }

    fn outcome(&self, outcome: Outcome) {
        self.first.outcome(outcome);
        if outcome != Outcome::AdmissionWithdrawn {
            self.next.outcome(outcome);
        }
    }

    fn withdrawn(&self, grant: &mut Grant) {
        if grant.pop() { self.next.withdrawn(grant) } else { self.first.withdrawn(grant) }
    }

    fn bounds(&self) -> Bounds {
        self.first.bounds().or_else(self.next.bounds())
    }

    #[inline]
    fn needs(&self) -> Needs {
        self.first.needs().or(self.next.needs())
    }

    /// The dearer of the two, whichever of them grants.
    fn retry_cost(&self, class: Class) -> u16 {
        self.first.retry_cost(class).max(self.next.retry_cost(class))
    }
}
