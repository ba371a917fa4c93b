use super::{Charge, RetryBudget};
use crate::wrapped::wrapped;
use crate::{Admission, Class, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy, StopReason};

/// A policy that makes retries only while a budget grants them. See [`RetryPolicy::budgeted`].
///
/// The policy is asked first, and then the budget, at [`retry_cost`](RetryPolicy::retry_cost) for the class of the
/// failure. A retry after an attempt that was [no load](crate::Verdict::unreached) is free: what was paid for that
/// attempt pays for the next. A granted retry that is not made is paid back, also where a waiting call is dropped.
/// Put the budget around the whole policy: a second one inside would be paid, too.
///
/// It needs outcomes and the time of failures: a success reads no clock, unless it is to be [dated](Self::dated) or
/// the policy needs the time itself.
///
/// ```
/// use retry_core::{AwsQuota, Budgeted, Policy, Retry, RetryPolicy, StopReason, ThreadSleeper};
/// use std::time::Duration;
///
/// let quota = AwsQuota::new(5, 5, 5);
/// let policy: Budgeted<Policy, &AwsQuota> = Policy::constant(Duration::ZERO).budgeted(&quota);
/// let end = Retry::with_sleeper(policy, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).unwrap_err();
/// assert_eq!((end.reason, end.attempts), (StopReason::Budget, 2));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Budgeted<P, B> {
    policy: P,
    budget: B,
    dated: bool,
}

impl<P, B> Budgeted<P, B> {
    pub(crate) const fn new(policy: P, budget: B) -> Self {
        Self { policy, budget, dated: false }
    }

    /// Has the clock read at each success, twice, so that a burst of failures after a long time without any finds all
    /// that the last successes have saved up. See [`SuccessBudget`](super::SuccessBudget).
    ///
    /// ```
    /// # use retry_core::{Policy, RetryPolicy, SuccessBudget};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO).budgeted(SuccessBudget::default());
    /// assert!(!policy.needs().time);
    /// assert!(policy.dated().needs().time);
    /// ```
    #[must_use]
    pub fn dated(self) -> Self {
        Self { dated: true, ..self }
    }

    /// The policy behind the budget.
    ///
    /// ```
    /// # use retry_core::{AwsQuota, Policy, RetryPolicy};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO).attempts(3).budgeted(AwsQuota::v2_0());
    /// assert_eq!(policy.policy().max_attempts().unwrap().get(), 3);
    /// ```
    pub const fn policy(&self) -> &P {
        &self.policy
    }

    pub(crate) fn with_budget<C>(self, budget: C) -> Budgeted<P, C> {
        Budgeted { policy: self.policy, budget, dated: self.dated }
    }

    /// The budget.
    ///
    /// ```
    /// # use retry_core::{AwsQuota, Policy, RetryPolicy};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO).budgeted(AwsQuota::v2_0());
    /// assert_eq!(policy.budget().available(), 500);
    /// ```
    pub const fn budget(&self) -> &B {
        &self.budget
    }
}

impl<P: RetryPolicy, B: RetryBudget> Budgeted<P, B> {
    fn charge(&self, class: Class, free: bool) -> Charge {
        Charge::new(class).costing(if free { 0 } else { self.policy.retry_cost(class) })
    }

    fn charge_of(&self, grant: &Grant) -> Charge {
        self.charge(grant.class(), grant.is_free())
    }
}

impl<P: RetryPolicy, B: RetryBudget> RetryPolicy for Budgeted<P, B> {
    wrapped!(admit, retry_cost, bounds);

    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let verdict = failure.verdict();
        let wait = match self.policy.decide(failure, rng) {
            Decision::Retry(wait) => wait,
            stop @ Decision::Stop(_) => {
                self.budget.failed(verdict.class, failure.now());
                return stop;
            }
        };
        let free = verdict.is_unreached();
        if self.budget.withdraw(self.charge(verdict.class, free), failure.now()) {
            return Decision::Retry(if free { wait.by(wait.trail().free()) } else { wait });
        }
        if self.policy.needs().outcomes {
            self.policy.withdrawn(&mut Grant::new(wait, verdict.class));
        }
        Decision::Stop(StopReason::Budget)
    }

    fn outcome(&self, outcome: Outcome) {
        if let Outcome::Succeeded { now, grant, .. } = outcome {
            self.budget.succeeded(grant.map(|grant| self.charge_of(&grant)), now);
        }
        self.policy.outcome(outcome);
    }

    fn withdrawn(&self, grant: &mut Grant) {
        self.budget.refund(self.charge_of(grant));
        self.policy.withdrawn(grant);
    }

    #[inline]
    fn needs(&self) -> Needs {
        let own = Needs { time: self.dated, failure_times: true, outcomes: true, ..Needs::NOTHING };
        if self.budget.limits() { self.policy.needs().or(own) } else { self.policy.needs() }
    }
}
