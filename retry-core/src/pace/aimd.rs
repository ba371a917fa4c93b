use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Pacer, RateMeter, TokenBucket, lock};
use crate::{Class, Ratio, Time};

/// Paces by additive increase and multiplicative decrease: careful, and it hardly ever exceeds a limit twice.
///
/// Before the first throttled attempt it measures and lets everybody through. Then the rate is 0.7 of what was
/// measured; each success raises it by `2 / rate`, that is by 2/s in a second of full use; throttling cuts it to 0.7,
/// once in half a second at the most, for attempts that were under way together are throttled together. It is at
/// least 0.5/s. Up to a tenth of a second's attempts, and always one, may go at once.
///
/// Source: Chiu and Jain 1989 (the law); the constants are ours.
///
/// ```
/// use retry_core::{Aimd, Class, Pacer, Time};
/// use std::time::Duration;
///
/// let pacer = Aimd::new(Time::default());
/// let at = |ms: u64| Time::default().after(Duration::from_millis(ms));
/// // 10 a second
/// (1..=100).for_each(|n| pacer.succeeded(at(n * 100)));
/// pacer.failed(Class::Throttled, at(10_050));
/// // 10 * 0.7, and what else was under way changes nothing
/// assert!((pacer.rate() - 7.0).abs() < 0.01);
/// pacer.failed(Class::Throttled, at(10_060));
/// assert!((pacer.rate() - 7.0).abs() < 0.01);
/// ```
#[derive(Debug)]
pub struct Aimd {
    increase: f64,
    decrease: f64,
    engaged: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    meter: RateMeter,
    bucket: TokenBucket,
    last_cut: Time,
}

const LEAST_RATE: f64 = 0.5;
/// Throttling within this time of a cut is of attempts that began before it.
const ONE_CUT: Duration = Duration::from_millis(500);

impl Aimd {
    /// Measures from `start`; up by 2/s in a second, down to 0.7.
    ///
    /// ```
    /// # use retry_core::{Aimd, Time};
    /// assert!(!Aimd::new(Time::default()).is_engaged());
    /// ```
    #[must_use]
    pub const fn new(start: Time) -> Self {
        let bucket = TokenBucket::empty(LEAST_RATE, 1.0, start);
        let state = State { meter: RateMeter::new(start), bucket, last_cut: start };
        Self { increase: 2.0, decrease: 0.7, engaged: AtomicBool::new(false), state: Mutex::new(state) }
    }

    /// Replaces by how much the rate grows in a second of full use, and the factor by which throttling cuts it, at
    /// most 1.
    ///
    /// ```
    /// # use retry_core::{Aimd, Class, Pacer, Ratio, Time};
    /// let pacer = Aimd::new(Time::default()).shaped(Ratio::integer(1), Ratio::new(1, 2)?);
    /// pacer.failed(Class::Throttled, Time::default());
    /// pacer.succeeded(Time::default());
    /// // 0.5 + 1 / 1
    /// assert_eq!(pacer.rate(), 1.5);
    /// # Ok::<(), retry_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn shaped(self, increase: Ratio, decrease: Ratio) -> Self {
        Self { increase: increase.to_f64(), decrease: decrease.to_f64().min(1.0), ..self }
    }

    /// Whether anything was throttled yet, so that it paces.
    ///
    /// ```
    /// # use retry_core::{Aimd, Class, Pacer, Time};
    /// let pacer = Aimd::new(Time::default());
    /// pacer.failed(Class::Throttled, Time::default());
    /// assert!(pacer.is_engaged());
    /// ```
    #[must_use]
    pub fn is_engaged(&self) -> bool {
        self.engaged.load(Ordering::Relaxed)
    }

    /// The rate a second to which it paces once it is engaged.
    ///
    /// ```
    /// # use retry_core::{Aimd, Time};
    /// assert_eq!(Aimd::new(Time::default()).rate(), 0.5);
    /// ```
    #[must_use]
    pub fn rate(&self) -> f64 {
        lock(&self.state).bucket.rate()
    }

    /// Whether nothing was throttled for `quiet`, so that a new one would do.
    pub(crate) fn is_at_rest(&self, quiet: Duration, now: Time) -> bool {
        !self.is_engaged() || now.since(lock(&self.state).last_cut) >= quiet
    }
}

impl State {
    fn set_rate(&mut self, rate: f64, now: Time) {
        let rate = rate.max(LEAST_RATE);
        self.bucket.set_rate(rate, (rate / 10.0).max(1.0), now);
    }
}

impl Pacer for Aimd {
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
        if self.is_engaged() {
            let rate = state.bucket.rate();
            state.set_rate(rate + self.increase / rate.max(1.0), now);
        }
    }

    /// Other failures than throttling are attempts, which is all that they tell.
    fn failed(&self, class: Class, now: Time) {
        let state = &mut *lock(&self.state);
        let measured = state.meter.record(now);
        if class != Class::Throttled {
            return;
        }
        if !self.is_engaged() {
            state.set_rate(measured * self.decrease, now);
            self.engaged.store(true, Ordering::Relaxed);
        } else if now.since(state.last_cut) > ONE_CUT {
            let rate = state.bucket.rate();
            state.set_rate(rate * self.decrease, now);
        } else {
            return;
        }
        state.last_cut = now;
    }
}
