//! CUBIC as the cases of the overload experiments have it: first attempts alone are paced, and wait one behind the
//! other; any answer but throttling makes the rate follow the curve. Ours puts callers off, and they ask again.

use std::cell::RefCell;
use std::time::Duration;

use retry_core::{
    Admission, Class, Clock, Cubic, CubicCurve, Decision, Entropy, Failure, Needs, Outcome, RateMeter, RetryPolicy,
    StopReason, Time, TokenBucket,
};

/// How long a place may be away.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Reserved<P> {
    policy: P,
    /// Every failure is taken for throttling, as ours never does.
    any_failure: bool,
    state: RefCell<State>,
}

struct State {
    engaged: bool,
    curve: CubicCurve,
    meter: RateMeter,
    bucket: TokenBucket,
}

impl<P> Reserved<P> {
    pub(super) const fn new(policy: P, any_failure: bool) -> Self {
        let start = Time::from_nanos(0);
        let (curve, meter) = (CubicCurve::new(start), RateMeter::new(start));
        let state = State { engaged: false, curve, meter, bucket: TokenBucket::empty(0.5, 1.0, start) };
        Self { policy, any_failure, state: RefCell::new(state) }
    }

    fn answered(&self, throttled: bool, now: Time) {
        let state = &mut *self.state.borrow_mut();
        let measured = state.meter.record(now);
        let rate = if throttled {
            let rate = if state.engaged { measured.min(state.bucket.rate()) } else { measured };
            state.engaged = true;
            state.curve.after_throttle(rate, now)
        } else {
            state.curve.after_success(now)
        };
        let rate = Cubic::clamped(rate, measured);
        state.bucket.set_rate(rate, rate.max(1.0), now);
    }
}

impl<P: RetryPolicy> RetryPolicy for Reserved<P> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        self.answered(self.any_failure || failure.verdict().class == Class::Throttled, failure.now());
        self.policy.decide(failure, rng)
    }

    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        let state = &mut *self.state.borrow_mut();
        if attempt > 1 || !state.engaged {
            return Admission::Go;
        }
        match state.bucket.reserve(1.0, PATIENCE, clock.now()) {
            Ok(wait) if wait.is_zero() => Admission::Go,
            Ok(wait) => Admission::Wait(wait),
            Err(_) => Admission::Refuse(StopReason::Pacing),
        }
    }

    fn outcome(&self, outcome: Outcome) {
        if let Outcome::Succeeded { now: Some(now), .. } = outcome {
            self.answered(false, now);
        }
    }

    fn needs(&self) -> Needs {
        Needs::EVERYTHING
    }
}
