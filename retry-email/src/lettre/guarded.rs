use retry_core::{Admission, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy};

use super::unknown_outcome::UnknownOutcome;

/// A policy that holds or resends where the outcome is unknown; the one a
/// [`RetryTransport`](super::RetryTransport) runs by.
///
/// With [`Hold`](UnknownOutcome::Hold) it is [`RetryPolicy::at_most_once`], with
/// [`Resend`](UnknownOutcome::Resend) the policy as it is; the choice is a value, so that it can come from a
/// configuration.
///
/// ```
/// use std::time::Duration;
///
/// use retry_core::{Decision, Failure, Grant, Policy, RetryPolicy, Seeded, StopReason, Verdict};
/// use retry_email::lettre::{Guarded, UnknownOutcome};
///
/// let decide = |choice| {
///     let policy = Guarded::new(Policy::constant(Duration::ZERO), choice);
///     // Transient, and possibly with effect.
///     policy.decide(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0))
/// };
/// assert_eq!(decide(UnknownOutcome::Hold), Decision::Stop(StopReason::UnknownOutcome));
/// assert_eq!(decide(UnknownOutcome::Resend).delay(), Some(Duration::ZERO));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Guarded<P> {
    policy: P,
    unknown: UnknownOutcome,
}

impl<P: RetryPolicy> Guarded<P> {
    /// `policy`, and what to do where the outcome is unknown.
    ///
    /// ```
    /// # use retry_core::{Never, RetryPolicy};
    /// # use retry_email::lettre::{Guarded, UnknownOutcome};
    /// assert!(!Guarded::new(Never, UnknownOutcome::Hold).needs().time);
    /// ```
    pub const fn new(policy: P, unknown: UnknownOutcome) -> Self {
        Self { policy, unknown }
    }

    /// Replaces the choice.
    pub(super) fn choosing(self, unknown: UnknownOutcome) -> Self {
        Self { unknown, ..self }
    }

    /// The policy inside.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use retry_core::Policy;
    /// # use retry_email::lettre::{Guarded, UnknownOutcome};
    /// let guarded = Guarded::new(Policy::constant(Duration::ZERO).attempts(3), UnknownOutcome::Hold);
    /// assert_eq!(guarded.policy().max_attempts().unwrap().get(), 3);
    /// ```
    pub const fn policy(&self) -> &P {
        &self.policy
    }
}

impl<P: RetryPolicy> RetryPolicy for Guarded<P> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        match self.unknown {
            UnknownOutcome::Hold => (&self.policy).at_most_once().decide(failure, rng),
            UnknownOutcome::Resend => self.policy.decide(failure, rng),
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

    fn needs(&self) -> Needs {
        self.policy.needs()
    }
}
