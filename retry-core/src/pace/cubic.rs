use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{CubicCurve, Pacer, RateMeter, TokenBucket, lock};
use crate::{Class, Time};

/// Paces by CUBIC, as the SDKs of AWS do in their adaptive mode: where a destination throttles, the rate at which it
/// did is approached, held for a while, and then exceeded ever faster.
///
/// Before the first throttled attempt it measures and lets everybody through. Then a token bucket is filled by the
/// curve of [`CubicCurve`], at least 0.5 and at most twice the measured rate a second. Who finds it empty is told
/// when the next token comes, and asks again.
///
/// Source: botocore `retries/adaptive.py` and `throttling.py`, smithy-rs `client_rate_limiter.rs`.
///
/// ```
/// use retry_core::{Class, Cubic, Pacer, Time};
/// use std::time::Duration;
///
/// let pacer = Cubic::new(Time::default());
/// assert_eq!(pacer.acquire(Time::default()), Ok(()));
/// pacer.failed(Class::Throttled, Time::default());
/// // From now on, and until more is known, one in two seconds.
/// assert_eq!(pacer.acquire(Time::default()), Err(Duration::from_secs(2)));
/// ```
#[derive(Debug)]
pub struct Cubic {
    engaged: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    curve: CubicCurve,
    meter: RateMeter,
    bucket: TokenBucket,
}

const LEAST_RATE: f64 = 0.5;
const LEAST_CAPACITY: f64 = 1.0;

impl Cubic {
    /// Measures from `start`.
    ///
    /// ```
    /// # use retry_core::{Cubic, Time};
    /// assert!(!Cubic::new(Time::default()).is_engaged());
    /// ```
    #[must_use]
    pub const fn new(start: Time) -> Self {
        let (curve, meter) = (CubicCurve::new(start), RateMeter::new(start));
        let state = State { curve, meter, bucket: TokenBucket::empty(LEAST_RATE, LEAST_CAPACITY, start) };
        Self { engaged: AtomicBool::new(false), state: Mutex::new(state) }
    }

    /// Whether anything was throttled yet, so that it paces.
    ///
    /// ```
    /// # use retry_core::{Class, Cubic, Pacer, Time};
    /// let pacer = Cubic::new(Time::default());
    /// pacer.failed(Class::Transient, Time::default());
    /// assert!(!pacer.is_engaged());
    /// ```
    #[must_use]
    pub fn is_engaged(&self) -> bool {
        self.engaged.load(Ordering::Relaxed)
    }

    /// The rate a second to which it paces, or would.
    ///
    /// ```
    /// # use retry_core::{Cubic, Time};
    /// assert_eq!(Cubic::new(Time::default()).rate(), 0.5);
    /// ```
    #[must_use]
    pub fn rate(&self) -> f64 {
        lock(&self.state).bucket.rate()
    }

    /// The rate that is set where the curve says `calculated`: at most twice the measured one, at least 0.5.
    ///
    /// ```
    /// # use retry_core::Cubic;
    /// assert_eq!((Cubic::clamped(20.0, 21.0), Cubic::clamped(100.0, 20.0)), (20.0, 40.0));
    /// ```
    #[must_use]
    pub const fn clamped(calculated: f64, measured: f64) -> f64 {
        calculated.min(2.0 * measured).max(LEAST_RATE)
    }

    /// The rate of attempts a second, as measured.
    ///
    /// ```
    /// # use retry_core::{Cubic, Time};
    /// assert_eq!(Cubic::new(Time::default()).measured(), 0.0);
    /// ```
    #[must_use]
    pub fn measured(&self) -> f64 {
        lock(&self.state).meter.rate()
    }

    /// The tokens in the bucket, when it was last asked.
    ///
    /// ```
    /// # use retry_core::{Cubic, Time};
    /// assert_eq!(Cubic::new(Time::default()).tokens(), 0.0);
    /// ```
    #[must_use]
    pub fn tokens(&self) -> f64 {
        lock(&self.state).bucket.tokens()
    }

    /// Whether nothing was throttled for `quiet`, so that a new one would do.
    pub(crate) fn is_at_rest(&self, quiet: Duration, now: Time) -> bool {
        !self.is_engaged() || now.since(lock(&self.state).curve.last_throttle()) >= quiet
    }
}

impl State {
    fn set_rate(&mut self, rate: f64, now: Time) {
        let rate = Cubic::clamped(rate, self.meter.rate());
        self.bucket.set_rate(rate, rate.max(LEAST_CAPACITY), now);
    }
}

impl Pacer for Cubic {
    #[inline]
    fn acquire(&self, now: Time) -> Result<(), Duration> {
        if self.is_engaged() { lock(&self.state).bucket.try_acquire(1.0, now) } else { Ok(()) }
    }

    fn release(&self) {
        if self.is_engaged() {
            lock(&self.state).bucket.give(1.0);
        }
    }

    fn succeeded(&self, now: Time) {
        let state = &mut *lock(&self.state);
        state.meter.record(now);
        let rate = state.curve.after_success(now);
        state.set_rate(rate, now);
    }

    /// Other failures than throttling are attempts, which is all that they tell.
    fn failed(&self, class: Class, now: Time) {
        let state = &mut *lock(&self.state);
        let measured = state.meter.record(now);
        if class == Class::Throttled {
            let rate = if self.is_engaged() { measured.min(state.bucket.rate()) } else { measured };
            let rate = state.curve.after_throttle(rate, now);
            state.set_rate(rate, now);
            self.engaged.store(true, Ordering::Relaxed);
        }
    }
}
