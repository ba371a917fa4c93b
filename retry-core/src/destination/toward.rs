use std::borrow::Borrow;
use std::time::Duration;

use super::Destination;
use super::average::MULTIPLIER_MAX;
use crate::pace::Paced;
use crate::wrapped::wrapped;
use crate::{
    Admission, Because, Bounds, Budgeted, Class, Clock, Decision, Entropy, Failure, Grant, Guarded, Needs, Outcome,
    RetryPolicy, Scope, Wait,
};

/// A policy for calls to one destination, behind all that the destination has. See [`RetryPolicy::toward`].
///
/// Admission goes by breaker, then pacer; a retry by the policy, then the budget, then the breaker. It needs
/// admission, time and outcomes.
///
/// ```
/// use retry_core::{Destination, Policy, Retry, RetryPolicy, StopReason, ThreadSleeper, Toward};
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// let host = Arc::new(Destination::default());
/// let policy: Toward<Policy, Arc<Destination>> = Policy::constant(Duration::ZERO).toward(host.clone());
/// let end = Retry::with_sleeper(policy, ThreadSleeper).call_blocking(|| Err::<(), _>("down")).unwrap_err();
/// assert_eq!((end.reason, end.attempts), (StopReason::Budget, 4));
/// // 0.9^4
/// assert_eq!(host.average().percent(), 65);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Toward<P, D> {
    policy: P,
    destination: D,
    max_wait: Duration,
    adaptive: bool,
}

impl<P, D> Toward<P, D> {
    pub(crate) const fn new(policy: P, destination: D) -> Self {
        Self { policy, destination, max_wait: Duration::MAX, adaptive: false }
    }

    /// Sets the longest wait for a place, as [`Paced::max_wait`] does.
    ///
    /// ```
    /// # use retry_core::{Destination, Policy, RetryPolicy};
    /// # use std::time::Duration;
    /// let host = Destination::default();
    /// let policy = Policy::constant(Duration::ZERO).toward(&host).max_wait(Duration::from_secs(1));
    /// assert!(policy.needs().admission);
    /// ```
    #[must_use]
    pub fn max_wait(self, max_wait: Duration) -> Self {
        Self { max_wait, ..self }
    }

    /// Lengthens delays by what the destination's [average](super::SuccessAverage) says, up to eight times; hints
    /// stay as they are. Delays may then exceed the policy's cap. Off by default: behind a budget it spreads the load
    /// of a destination that mostly fails, and does little else.
    ///
    /// # What it learns from what
    /// From each attempt towards the destination, of whatever policy: a success counts as one, a failure as none,
    /// unless its scope is [`Scope::Request`], which is an answer like any other. Each attempt weighs a tenth,
    /// so that the multiplier is `1 / mean` of about the last ten, within 1 and 8: 10 % of failures lengthen delays by
    /// 1.1, a destination that is down by 8 after twenty attempts, and twenty successes take most of that
    /// back. Time alone changes nothing.
    ///
    /// # Only behind a budget
    /// Longer delays alone do harm: they move the storm of retries to after the end of an outage. So there is no
    /// adaptive schedule or policy, and no word for it in the text of policies: only a destination has an average, and
    /// every destination has a budget.
    ///
    /// ```compile_fail,E0599
    /// # use retry_core::{Policy, RetryPolicy};
    /// # use std::time::Duration;
    /// // No budget: this does not compile.
    /// let policy = Policy::constant(Duration::from_secs(1)).adaptive();
    /// ```
    ///
    /// ```
    /// # use retry_core::{Destination, Failure, Policy, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let host = Destination::default();
    /// (0..100).for_each(|_| host.average().record(false));
    /// let policy = Policy::constant(Duration::from_secs(1)).toward(&host).adaptive();
    /// let decision = policy.decide(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(decision.delay(), Some(Duration::from_secs(8)));
    /// ```
    #[must_use]
    pub fn adaptive(self) -> Self {
        Self { adaptive: true, ..self }
    }
}

/// The stack of policies that a destination makes of one: the outer ones are made for each question, and cost nothing.
macro_rules! stacked {
    ($toward:ident, $stack:ident => $ask:expr) => {{
        let destination: &Destination = $toward.destination.borrow();
        let lengthened = Lengthened { policy: &$toward.policy, destination, adaptive: $toward.adaptive };
        let budgeted = Budgeted::new(lengthened, &destination.budget);
        let $stack = Paced::new(budgeted, &destination.pacing).max_wait($toward.max_wait);
        match destination.breaker() {
            Some(breaker) => {
                let $stack = Guarded::new($stack, breaker);
                $ask
            }
            None => $ask,
        }
    }};
}

impl<P: RetryPolicy, D: Borrow<Destination>> RetryPolicy for Toward<P, D> {
    wrapped!(retry_cost);

    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        self.destination.borrow().average().record(failure.verdict().scope == Scope::Request);
        stacked!(self, stack => stack.decide(failure, rng))
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        stacked!(self, stack => stack.admit(attempt, clock))
    }

    fn outcome(&self, outcome: Outcome) {
        if let Outcome::Succeeded { .. } = outcome {
            self.destination.borrow().average().record(true);
        }
        stacked!(self, stack => stack.outcome(outcome));
    }

    fn withdrawn(&self, grant: &mut Grant) {
        stacked!(self, stack => stack.withdrawn(grant));
    }

    #[inline]
    fn needs(&self) -> Needs {
        Needs::EVERYTHING
    }

    /// Those of the policy; eight times its delays where they are [adaptive](Toward::adaptive).
    fn bounds(&self) -> Bounds {
        let bounds = self.policy.bounds();
        if self.adaptive { bounds.stretched(MULTIPLIER_MAX) } else { bounds }
    }
}

/// A policy whose delays follow the average of a destination, if asked.
#[derive(Clone, Copy, Debug)]
struct Lengthened<'a, P> {
    policy: &'a P,
    destination: &'a Destination,
    adaptive: bool,
}

impl<P: RetryPolicy> RetryPolicy for Lengthened<'_, P> {
    wrapped!(admit, outcome, withdrawn, needs, retry_cost);

    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        match self.policy.decide(failure, rng) {
            Decision::Retry(wait) if self.adaptive && !matches!(wait.because(), Because::Hint(_)) => {
                let percent = u128::from(self.destination.average().multiplier_percent());
                let nanos = u64::try_from(u128::from(wait.nanos()) * percent / 100).unwrap_or(u64::MAX);
                Decision::Retry(Wait::of(nanos, wait.because()).by(wait.trail()))
            }
            decision => decision,
        }
    }
}
