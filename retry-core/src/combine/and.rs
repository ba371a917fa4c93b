use crate::{Admission, Bounds, Class, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy};

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

impl<A: RetryPolicy, B: RetryPolicy> RetryPolicy for And<A, B> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let left = match self.left.decide(failure, rng) {
            Decision::Retry(left) => left,
            stop @ Decision::Stop(_) => return stop,
        };
        match self.right.decide(failure, rng) {
            Decision::Retry(right) => {
                let longer = if right.nanos() > left.nanos() { right } else { left };
                Decision::Retry(longer.by(left.trail().join(right.trail())))
            }
            stop @ Decision::Stop(_) => {
                if self.left.needs().outcomes {
                    self.left.withdrawn(&mut Grant::new(left, failure.verdict().class));
                }
                stop
            }
        }
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        let left = self.left.admit(attempt, clock);
        if !left.is_given() {
            return left;
        }
        match (left, self.right.admit(attempt, clock)) {
            (_, right) if !right.is_given() => {
                if self.left.needs().outcomes {
                    self.left.outcome(Outcome::AdmissionWithdrawn);
                }
                right
            }
            (Admission::Wait(a), Admission::Wait(b)) => Admission::Wait(a.max(b)),
            (Admission::Go, other) | (other, _) => other,
        }
    }

    fn outcome(&self, outcome: Outcome) {
        self.left.outcome(outcome);
        self.right.outcome(outcome);
    }

    fn withdrawn(&self, grant: &mut Grant) {
        self.left.withdrawn(grant);
        self.right.withdrawn(grant);
    }

    fn bounds(&self) -> Bounds {
        self.left.bounds().and(self.right.bounds())
    }

    #[inline]
    fn needs(&self) -> Needs {
        self.left.needs().or(self.right.needs())
    }

    /// The dearer of the two.
    fn retry_cost(&self, class: Class) -> u16 {
        self.left.retry_cost(class).max(self.right.retry_cost(class))
    }
}
