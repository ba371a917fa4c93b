use crate::{Admission, Class, Clock, Decision, Entropy, Failure, Needs, Outcome, RetryPolicy};

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
}

impl<A: RetryPolicy, B: RetryPolicy> RetryPolicy for ForClass<A, B> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let class = match failure.verdict().class {
            Class::Unknown => Class::Transient,
            Class::Permanent => return Decision::Stop(crate::StopReason::Permanent),
            class => class,
        };
        if class == self.class { self.policy.decide(&failure.in_class(), rng) } else { self.rest.decide(failure, rng) }
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        self.rest.admit(attempt, clock)
    }

    fn outcome(&self, outcome: Outcome) {
        self.rest.outcome(outcome);
        self.policy.outcome(outcome);
    }

    #[inline]
    fn needs(&self) -> Needs {
        self.rest.needs().or(self.policy.needs())
    }
}
