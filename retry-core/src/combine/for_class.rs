use crate::{
    Admission, Bounds, Class, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy, StopReason,
};

/// One class has a policy of its own. See [`RetryPolicy::for_class`].
///
/// [`Class::Unknown`] goes with [`Class::Transient`]; [`Class::Permanent`] stops whatever the policy says. Only the
/// policy for the rest has a say in admission.
///
/// ```
/// use retry_core::{Class, Decision, Failure, ForClass, Policy, RetryPolicy, Seeded, StopReason, Verdict};
/// use std::time::Duration;
///
/// let now = Policy::constant(Duration::ZERO);
/// let policy: ForClass<Policy, Policy> = now.clone().for_class(Class::Permanent, now);
/// let decision = policy.decide(&Failure::first(Verdict::PERMANENT), &mut Seeded::new(0));
/// assert_eq!(decision, Decision::Stop(StopReason::Permanent));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ForClass<A, B> {
    rest: A,
    class: Class,
    policy: B,
}

impl<A, B> ForClass<A, B> {
    pub(crate) const fn new(rest: A, class: Class, policy: B) -> Self {
        Self { rest, class, policy }
    }

    fn is_for(&self, class: Class) -> bool {
        class == self.class || class == Class::Unknown && self.class == Class::Transient
    }
}

impl<A: RetryPolicy, B: RetryPolicy> RetryPolicy for ForClass<A, B> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        if failure.verdict().class == Class::Permanent {
            Decision::Stop(StopReason::Permanent)
        } else if self.is_for(failure.verdict().class) {
            self.policy.decide(&failure.in_class(), rng)
        } else {
            self.rest.decide(failure, rng)
        }
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        self.rest.admit(attempt, clock)
    }

    fn outcome(&self, outcome: Outcome) {
        self.rest.outcome(outcome);
        if outcome != Outcome::AdmissionWithdrawn {
            self.policy.outcome(outcome);
        }
    }

    fn withdrawn(&self, grant: &mut Grant) {
        if self.is_for(grant.class()) { self.policy.withdrawn(grant) } else { self.rest.withdrawn(grant) }
    }

    fn bounds(&self) -> Bounds {
        self.rest.bounds().either(self.policy.bounds())
    }

    #[inline]
    fn needs(&self) -> Needs {
        self.rest.needs().or(self.policy.needs())
    }

    fn retry_cost(&self, class: Class) -> u16 {
        if self.is_for(class) { self.policy.retry_cost(class) } else { self.rest.retry_cost(class) }
    }
}
