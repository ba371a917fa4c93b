//! A policy for one request, behind what guards its destination.

use retry_core::{
    Admission, Bounds, Class, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryBudget, RetryPolicy,
    Scope, Toward,
};

use super::Repeating;
use super::guards::Guard;

/// A policy for one request, and what guards its destination.
pub(crate) struct Guarding<'a, P> {
    pub(super) policy: Repeating<'a, P>,
    pub(super) guard: Option<&'a Guard>,
}

impl<'a, P: RetryPolicy> Guarding<'a, P> {
    fn toward(&self, guard: &'a Guard) -> Toward<&Repeating<'a, P>, &'a retry_core::Destination> {
        (&self.policy).toward(&*guard.destination).max_wait(guard.max_wait)
    }
}

impl<P: RetryPolicy> RetryPolicy for Guarding<'_, P> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let Some(guard) = self.guard else { return self.policy.decide(failure, rng) };
        let verdict = failure.verdict();
        if verdict.class == Class::Permanent && verdict.scope == Scope::Request {
            // The host has done its work.
            guard.destination.succeeded(None, Some(failure.now()));
        }
        self.toward(guard).decide(failure, rng)
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        match self.guard {
            Some(guard) => self.toward(guard).admit(attempt, clock),
            None => self.policy.admit(attempt, clock),
        }
    }

    #[inline]
    fn outcome(&self, outcome: Outcome) {
        match self.guard {
            Some(guard) if guard.is_budget_alone() => {
                if let Outcome::Succeeded { .. } = outcome {
                    guard.destination.average().record(true);
                    // As old as the request, whose beginning is known: never too much, and no second look at the clock.
                    guard.destination.succeeded(None, Some(guard.since));
                }
                self.policy.outcome(outcome);
            }
            Some(guard) => self.toward(guard).outcome(outcome),
            None => self.policy.outcome(outcome),
        }
    }

    fn withdrawn(&self, grant: &mut Grant) {
        match self.guard {
            Some(guard) => self.toward(guard).withdrawn(grant),
            None => self.policy.withdrawn(grant),
        }
    }

    #[inline]
    fn needs(&self) -> Needs {
        match self.guard {
            Some(guard) if guard.is_budget_alone() => {
                self.policy.needs().or(Needs { failure_times: true, outcomes: true, ..Needs::NOTHING })
            }
            Some(_) => Needs::EVERYTHING,
            None => self.policy.needs(),
        }
    }

    fn retry_cost(&self, class: Class) -> u16 {
        self.policy.retry_cost(class)
    }

    fn bounds(&self) -> Bounds {
        self.policy.bounds()
    }
}
