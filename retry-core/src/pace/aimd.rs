use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Pacer, RateMeter, TokenBucket, lock};
use crate::{Class, Ratio, Time};

/// Paces by additive increase and multiplicative decrease: careful, and soon back where it was.
///
/// Before the first throttled attempt it measures and lets everybody through. Then the rate is 0.7 of what was
/// measured, or of what came in the half second that is not over yet, if that is more. It changes like this, in a
/// second of full use, and is at least 0.5/s:
///
/// | when | rate |
/// |---|---|
/// | until it is throttled again: nothing is known of the limit | up by a fifth each second |
/// | later | up by 1/50 of the rate at which it was cut: 2/s at 100/s |
/// | at twice that rate: the limit is no longer what it was | up by a fifth each second |
/// | throttled, once in half a second at the most | 0.7 of it |
/// | the first success after a cut | what the first cut since the last success left |
/// | and three times as long as that success took to come | no change |
/// | less than half of it used | no change |
///
/// Attempts that were under way together are throttled together, hence the half second. Where nothing succeeds
/// between two cuts, as during a ban, the second one tells nothing of the limit: it makes those who probe fewer, and
/// is undone. What throttling costs shows in how long nothing succeeded, so that the rate stays below the limit for
/// the longer; where everything else goes on that is no time at all. Up to a tenth of a second's attempts, and always
/// one, may go at once.
///
/// Source: Chiu and Jain 1989 (the law), RFC 9438 section 4.10 (slow start until something is known); the constants
/// are ours. None of them is a rate, so that it behaves alike at any limit: `benches/results/overload.md` has limits
/// from 1 to 1,000 a second. Whoever shares a limit with others and wants fair parts sets a fixed increase by
/// [`shaped`](Self::shaped).
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
/// // During a ban of 10 s it probes ever less, and is back with the first success.
/// (1..=10).for_each(|s| pacer.failed(Class::Throttled, at(10_050 + s * 1000)));
/// assert!(pacer.rate() < 0.6);
/// pacer.succeeded(at(20_100));
/// assert!(pacer.rate() > 6.9);
/// ```
#[derive(Debug)]
pub struct Aimd {
    /// A second; by what is known of the limit if there is none.
    increase: Option<f64>,
    decrease: f64,
    engaged: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    meter: RateMeter,
    bucket: TokenBucket,
    last_cut: Time,
    /// The rate at which it was cut while there were successes; 0 if that is not known.
    limit: f64,
    stop: Option<Stop>,
    /// No increase before.
    hold: Time,
}

/// Nothing has succeeded since a cut.
#[derive(Clone, Copy, Debug)]
struct Stop {
    since: Time,
    /// What the cut left.
    rate: f64,
}

const LEAST_RATE: f64 = 0.5;
/// Throttling within this time of a cut is of attempts that began before it.
const ONE_CUT: Duration = Duration::from_millis(500);
/// Of the limit, a second: from 0.7 of it back in 15 s.
const STEP: f64 = 0.02;
/// Of the rate, a second, where the limit is not known: ten times as much in 12 s.
const START: f64 = 0.2;
/// Times the limit: it is higher than it was.
const OUTDATED: f64 = 2.0;
/// Times what is measured.
const UNUSED: f64 = 2.0;
/// Times the stop: what is lost to stops is at most a quarter.
const HOLD: u32 = 3;

impl Aimd {
    /// Measures from `start`; up by 1/50 of the limit in a second, down to 0.7.
    ///
    /// ```
    /// # use retry_core::{Aimd, Time};
    /// assert!(!Aimd::new(Time::default()).is_engaged());
    /// ```
    #[must_use]
    pub const fn new(start: Time) -> Self {
        let bucket = TokenBucket::empty(LEAST_RATE, 1.0, start);
        let meter = RateMeter::new(start);
        let state = State { meter, bucket, last_cut: start, limit: 0.0, stop: None, hold: start };
        Self { increase: None, decrease: 0.7, engaged: AtomicBool::new(false), state: Mutex::new(state) }
    }

    /// Replaces by how much the rate grows in a second of full use, always the same then, and the factor by which
    /// throttling cuts it, at most 1.
    ///
    /// Senders that share a limit come to fair parts by a fixed increase (Chiu and Jain). About 1/50 of the limit
    /// is refused seldom; with more the rate is sooner above it.
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
        Self { increase: Some(increase.to_f64()), decrease: decrease.to_f64().min(1.0), ..self }
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

    /// The rate a second to which it paces once it is engaged; while nothing succeeds, that of the probes.
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
    /// After a success at `now`.
    fn raise(&mut self, increase: Option<f64>, now: Time) {
        let mut rate = self.bucket.rate();
        if let Some(stop) = self.stop.take() {
            rate = rate.max(stop.rate);
            // At first the limit is not known, nor whether the rate is near it.
            if self.limit > 0.0 {
                self.hold = now.after(now.since(stop.since).saturating_mul(HOLD));
            }
        }
        // A rate that nobody uses says nothing.
        if now >= self.hold && rate < UNUSED * self.meter.rate().max(self.meter.so_far()) {
            let step = if rate < OUTDATED * self.limit { STEP * self.limit } else { START * rate };
            rate += increase.unwrap_or(step) / rate.max(1.0);
        }
        self.set_rate(rate, now);
    }

    /// Throttled at `now`, and not by what was under way with the last one.
    fn cut(&mut self, decrease: f64, now: Time) {
        let rate = self.bucket.rate();
        self.set_rate(rate * decrease, now);
        if self.stop.is_none() {
            self.limit = rate;
            self.stop = Some(Stop { since: now, rate: self.bucket.rate() });
        }
        self.last_cut = now;
    }

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
            state.raise(self.increase, now);
        }
    }

    /// Other failures than throttling are attempts, which is all that they tell.
    fn failed(&self, class: Class, now: Time) {
        let state = &mut *lock(&self.state);
        let so_far = state.meter.so_far();
        let measured = state.meter.record(now);
        if class != Class::Throttled {
            return;
        }
        if !self.is_engaged() {
            state.set_rate(measured.max(so_far), now);
            state.cut(self.decrease, now);
            state.limit = 0.0;
            self.engaged.store(true, Ordering::Relaxed);
        } else if now.since(state.last_cut) > ONE_CUT {
            state.cut(self.decrease, now);
        }
    }
}
