use crate::{Admission, Clock, Decision, Entropy, Failure, Needs, Outcome, RetryPolicy};

/// Both must agree. See [`RetryPolicy::and`].
///
/// ```
/// use retry_core::{And, Never, Policy, RetryPolicy};
/// use std::time::Duration;
///
/// let policy: And<Policy, Never> = Policy::constant(Duration::ZERO).and(Never);
/// assert!(!policy.needs().time);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct And<A, B> {
    left: A,
    right: B,
}

impl<A, B> And<A, B> {
    pub(crate) const fn new(left: A, right: B) -> Self {
        Self { left, right }
    }
}

impl<A: RetryPolicy, B> And<A, B> {
    /// What the left policy granted will not be used.
    fn withdraw(&self, outcome: Outcome) {
        if self.left.needs().outcomes {
            self.left.outcome(outcome);
        }
    }
}

impl<A: RetryPolicy, B: RetryPolicy> RetryPolicy for And<A, B> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let left = self.left.decide(failure, rng);
        let Decision::Retry(a) = left else { return left };
        match self.right.decide(failure, rng) {
            Decision::Retry(b) if b.nanos() > a.nanos() => Decision::Retry(b),
            Decision::Retry(_) => left,
            stop @ Decision::Stop(_) => {
                self.withdraw(Outcome::Withdrawn);
                stop
            }
        }
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        let left = self.left.admit(attempt, clock);
        if let Admission::Refuse(_) = left {
            return left;
        }
        match (left, self.right.admit(attempt, clock)) {
            (_, Admission::Refuse(reason)) => {
                self.withdraw(Outcome::AdmissionWithdrawn);
                Admission::Refuse(reason)
            }
            (Admission::Wait(a), Admission::Wait(b)) => Admission::Wait(a.max(b)),
            (Admission::Go, other) | (other, _) => other,
        }
    }

    fn outcome(&self, outcome: Outcome) {
        self.left.outcome(outcome);
        self.right.outcome(outcome);
    }

    #[inline]
    fn needs(&self) -> Needs {
        self.left.needs().or(self.right.needs())
    }
}
