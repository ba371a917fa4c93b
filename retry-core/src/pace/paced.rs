use std::time::Duration;

use super::Pacer;
use crate::wrapped::wrapped;
use crate::{Admission, Class, Clock, Decision, Entropy, Failure, Grant, Needs, Outcome, RetryPolicy, Scope, Verdict};

/// A policy behind a pacer. See [`RetryPolicy::paced`].
///
/// Each attempt waits for its place, the first included; each result is told, and what is [`Class::Throttled`] slows down, unless
/// its scope is [`Scope::Request`]. The wait is cut by the retrier's deadline, and by [`max_wait`](Self::max_wait) where one is
/// set. A place that is not used goes back. It needs admission, time and outcomes.
///
/// ```
/// use retry_core::{Aimd, Paced, Policy, RetryPolicy, Time};
/// use std::time::Duration;
///
/// let pacer = Aimd::new(Time::default());
/// let policy: Paced<Policy, &Aimd> = Policy::constant(Duration::ZERO).paced(&pacer);
/// assert!(policy.needs().admission);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Paced<P, Q> {
    policy: P,
    pacer: Q,
    max_wait: Duration,
}

impl<P, Q> Paced<P, Q> {
    pub(crate) const fn new(policy: P, pacer: Q) -> Self {
        Self { policy, pacer, max_wait: Duration::MAX }
    }

    /// Sets the longest wait for one attempt's place: where it would be longer the run ends with
    /// [`StopReason::Pacing`](crate::StopReason::Pacing). Unlimited by default.
    ///
    /// ```
    /// # use retry_core::{Class, Cubic, Pacer, Policy, Retry, RetryPolicy, StopReason, Time, test_util::VirtualClock};
    /// # use std::time::Duration;
    /// let pacer = Cubic::new(Time::default());
    /// pacer.failed(Class::Throttled, Time::default());
    /// let policy = Policy::constant(Duration::ZERO).paced(&pacer).max_wait(Duration::from_secs(1));
    /// let end = Retry::with_sleeper(policy, VirtualClock::new()).call_blocking(|| Ok::<_, ()>(1)).unwrap_err();
    /// assert_eq!((end.reason, end.attempts), (StopReason::Pacing, 0));
    /// ```
    #[must_use]
    pub fn max_wait(self, max_wait: Duration) -> Self {
        Self { max_wait, ..self }
    }
}

impl<P: RetryPolicy, Q: Pacer> RetryPolicy for Paced<P, Q> {
    wrapped!(withdrawn, retry_cost, bounds);

    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let Verdict { class, scope, .. } = *failure.verdict();
        // What one request alone was told (the limit of one mailbox) says nothing of the destination.
        let class = if scope == Scope::Request { Class::Transient } else { class };
        self.pacer.failed(class, failure.now());
        self.policy.decide(failure, rng)
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        if let Err(wait) = self.pacer.acquire(clock.now()) {
            return Admission::Later { wait, at_most: self.max_wait };
        }
        let admission = self.policy.admit(attempt, clock);
        if !admission.is_given() {
            self.pacer.release();
        }
        admission
    }

    fn outcome(&self, outcome: Outcome) {
        match outcome {
            Outcome::Succeeded { now, .. } => self.pacer.succeeded(now.unwrap_or_default()),
            Outcome::AdmissionWithdrawn => self.pacer.release(),
            _ => {}
        }
        self.policy.outcome(outcome);
    }

    #[inline]
    fn needs(&self) -> Needs {
        Needs::EVERYTHING
    }
}
