use std::borrow::Borrow;

use super::{Breaker, BreakerState};
use crate::wrapped::wrapped;
use crate::{
    Admission, Class, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy, StopReason, Time,
};

/// A policy behind a circuit breaker. See [`RetryPolicy::guarded`].
///
/// Each attempt is asked for, the first included, and each result is told. Where the breaker is open an attempt is
/// refused with [`StopReason::Breaker`], and so is a retry that would come before the end of the cool-down, at once
/// and with the error still at hand. It needs admission, time and outcomes. Put it outermost: then it hears of every
/// failure.
///
/// ```
/// use retry_core::{Breaker, BreakerRule, Guarded, Policy, Retry, RetryPolicy, StopReason, ThreadSleeper};
/// use std::time::Duration;
///
/// let breaker = Breaker::new(BreakerRule::consecutive(3));
/// let policy: Guarded<Policy, &Breaker> = Policy::constant(Duration::ZERO).guarded(&breaker);
/// let retry = Retry::with_sleeper(policy, ThreadSleeper);
/// let end = retry.call_blocking(|| Err::<(), _>("down")).unwrap_err();
/// assert_eq!((end.reason, end.attempts), (StopReason::Breaker, 3));
/// assert_eq!(retry.call_blocking(|| Ok::<_, ()>(1)).unwrap_err().attempts, 0);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Guarded<P, B> {
    policy: P,
    breaker: B,
}

impl<P, B> Guarded<P, B> {
    pub(crate) const fn new(policy: P, breaker: B) -> Self {
        Self { policy, breaker }
    }
}

impl<P: RetryPolicy, B: Borrow<Breaker>> RetryPolicy for Guarded<P, B> {
    wrapped!(withdrawn, retry_cost, bounds);

    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let (breaker, now) = (self.breaker.borrow(), failure.now());
        breaker.failed(failure.verdict(), now, rng);
        match self.policy.decide(failure, rng) {
            Decision::Retry(wait) if is_open(breaker, now, now.after(wait.delay())) => {
                if self.policy.needs().outcomes {
                    self.policy.withdrawn(&mut Grant::new(wait, failure.verdict().class));
                }
                Decision::Stop(StopReason::Breaker)
            }
            decision => decision,
        }
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        let breaker = self.breaker.borrow();
        if !breaker.admits_by(clock) {
            return Admission::Refuse(StopReason::Breaker);
        }
        let admission = self.policy.admit(attempt, clock);
        if !admission.is_given() {
            breaker.withdrawn();
        }
        admission
    }

    fn outcome(&self, outcome: Outcome) {
        match outcome {
            Outcome::Succeeded { now, .. } => self.breaker.borrow().succeeded(now.unwrap_or_default()),
            Outcome::AdmissionWithdrawn => self.breaker.borrow().withdrawn(),
            _ => {}
        }
        self.policy.outcome(outcome);
    }

    #[inline]
    fn needs(&self) -> Needs {
        Needs::EVERYTHING
    }
}

/// Whether it is open `now`, and will be `then`.
fn is_open(breaker: &Breaker, now: Time, then: Time) -> bool {
    matches!(breaker.state(now), BreakerState::Open { until } if then < until)
}
