use std::time::Duration;

use crate::entropy::unit;
use crate::time::{duration, nanos};
use crate::{Backoff, Entropy, Failure};

/// Polly's "decorrelated jitter V2": exponential growth by differences of one smooth curve, without the bunching of
/// decorrelated delays.
///
/// With `f(t) = 2^t * tanh(sqrt(4 t))` and a uniform `u`, the n-th delay is `base / 1.4` times
/// `f(n - 1 + u) - (f of the delay before)`; `base` is near the median of the first delay. What the curve had reached
/// before is the sum of the delays so far, so no state is kept beyond [`Failure::slept`]; where other waits are
/// in it (hints, other classes), it is taken as the nearest value it can have had.
///
/// Polly cuts delays at the cap, where they pile up. Here the step freezes at the last one whose longest delay fits the cap,
/// so the delays go on to be spread below it.
///
/// Source: Polly.Core, `RetryHelper.DecorrelatedJitterBackoffV2`; the formula is by George Dangoor and Dylan Reisenberger.
///
/// ```
/// use retry_core::{Backoff, DecorrelatedV2, Failure, Seeded, Verdict};
/// use std::time::Duration;
///
/// let schedule = DecorrelatedV2::new(Duration::from_secs(1), Duration::from_secs(60));
/// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(3)).unwrap();
/// assert!(delay < Duration::from_millis(1378));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecorrelatedV2 {
    base: u64,
    cap: u64,
    /// Nanoseconds for one unit of the curve.
    scale: f64,
    /// The last step whose longest delay fits the cap.
    frozen: u32,
}

// No NaN: `scale` is a quotient of finite numbers.
impl Eq for DecorrelatedV2 {}

impl DecorrelatedV2 {
    /// First delays around `base`, none above `cap`. A cap that is too low for the first step scales it down.
    ///
    /// ```
    /// # use retry_core::{Backoff, DecorrelatedV2, Failure, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let low = DecorrelatedV2::new(Duration::from_secs(9), Duration::from_secs(1));
    /// let delay = low.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0)).unwrap();
    /// assert!(delay < Duration::from_secs(1));
    /// ```
    #[must_use]
    pub const fn new(base: Duration, cap: Duration) -> Self {
        Self::with(nanos(base), nanos(cap))
    }

    /// About the median of the first delay.
    ///
    /// ```
    /// # use retry_core::DecorrelatedV2;
    /// # use std::time::Duration;
    /// let schedule = DecorrelatedV2::new(Duration::from_secs(1), Duration::from_secs(60));
    /// assert_eq!(schedule.base(), Duration::from_secs(1));
    /// ```
    #[must_use]
    pub const fn base(&self) -> Duration {
        duration(self.base)
    }

    /// What no delay is longer than.
    ///
    /// ```
    /// # use retry_core::DecorrelatedV2;
    /// # use std::time::Duration;
    /// let schedule = DecorrelatedV2::new(Duration::from_secs(1), Duration::from_secs(60));
    /// assert_eq!(schedule.top(), Duration::from_secs(60));
    /// ```
    #[must_use]
    pub const fn top(&self) -> Duration {
        duration(self.cap)
    }

    #[expect(clippy::cast_precision_loss, reason = "a delay to 16 digits")]
    const fn with(base: u64, cap: u64) -> Self {
        let mut schedule = Self { base, cap, scale: base as f64 / 1.4, frozen: 0 };
        if !schedule.fits(0) {
            // A little less than the cap over the first step's longest delay, so that no rounding takes it above.
            schedule.scale = cap as f64 / curve(1.0) * (1.0 - 1e-15);
        }
        while schedule.frozen < STEPS && schedule.fits(schedule.frozen + 1) {
            schedule.frozen += 1;
        }
        schedule
    }

    /// Whether no delay of `step` is above the cap, nor the curve above what 64 bits hold.
    #[expect(clippy::cast_precision_loss, reason = "2^64 is exact")]
    const fn fits(&self, step: u32) -> bool {
        let top = curve((step + 1) as f64) * self.scale;
        top < u64::MAX as f64 && self.longest(step) <= self.cap
    }

    /// The longest delay of `step`.
    const fn longest(&self, step: u32) -> u64 {
        self.height((step + 1) as f64) - self.height(step.saturating_sub(1) as f64)
    }

    pub(crate) fn nanos(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<u64> {
        self.nanos_below(self.cap, failure, rng)
    }

    /// The delay under a cap that may be lower than its own: drawn below it, not cut to it.
    pub(crate) fn nanos_below(&self, cap: u64, failure: &Failure, rng: &mut dyn Entropy) -> Option<u64> {
        if cap < self.cap {
            return Self::with(self.base, cap).nanos(failure, rng);
        }
        let n = failure.count().saturating_sub(1);
        let step = n.min(self.frozen);
        let reached = self.height(f64::from(step) + unit(rng));
        let before = if n > step {
            // Frozen: the sum of the delays has left the curve behind, so where it stood is drawn as well.
            self.height((f64::from(step) - 1.0 + unit(rng)).max(0.0))
        } else {
            failure.slept_nanos().clamp(self.height(f64::from(step.saturating_sub(1))), self.height(f64::from(step)))
        };
        Some(reached.saturating_sub(before))
    }

    /// The curve in nanoseconds.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    const fn height(&self, t: f64) -> u64 {
        (curve(t) * self.scale) as u64
    }

    /// The longest delay after `count` failures under a cap that may be lower than its own.
    pub(crate) const fn greatest_below(&self, cap: u64, count: u32) -> u64 {
        if cap < self.cap { Self::with(self.base, cap).greatest(count) } else { self.greatest(count) }
    }

    const fn greatest(&self, count: u32) -> u64 {
        let n = count.saturating_sub(1);
        self.longest(if n < self.frozen { n } else { self.frozen })
    }

    /// The longest sum of so many delays: the height of the curve, and from the frozen step on the longest delay each.
    pub(crate) const fn greatest_sum_below(&self, cap: u64, delays: u32) -> u64 {
        if cap < self.cap {
            return Self::with(self.base, cap).greatest_sum_below(cap, delays);
        }
        let steps = if delays < self.frozen + 1 { delays } else { self.frozen + 1 };
        self.height(steps as f64).saturating_add(self.greatest(delays).saturating_mul((delays - steps) as u64))
    }

    /// The shortest sum of so many delays: the height of the curve before the last, and nothing from the frozen step on.
    pub(crate) const fn least_sum_below(&self, cap: u64, delays: u32) -> u64 {
        if cap < self.cap {
            return Self::with(self.base, cap).least_sum_below(cap, delays);
        }
        let step = delays.saturating_sub(1);
        self.height((if step < self.frozen { step } else { self.frozen }) as f64)
    }

    pub(crate) const fn is_level(&self) -> bool {
        self.base == 0 || self.cap == 0
    }

    /// From which count on the longest delay is the same.
    pub(crate) const fn levels_at(&self) -> u32 {
        self.frozen + 1
    }
}

impl Backoff for DecorrelatedV2 {
    #[inline]
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.nanos(failure, rng).map(duration)
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.nanos_below(nanos(cap).min(self.cap), failure, rng).map(duration)
    }
    fn needs_time(&self) -> bool {
        false
    }
}

/// More steps than 64 bits of nanoseconds have room for.
const STEPS: u32 = 66;

/// `2^t * tanh(sqrt(4 t))` for `t >= 0`. Our own arithmetic, since that of the standard library is neither `const` nor the
/// same on every machine, and a seed is to replay byte for byte.
const fn curve(t: f64) -> f64 {
    let decay = exp2(-2.0 * LOG2_E * sqrt(4.0 * t));
    exp2(t) * (1.0 - decay) / (1.0 + decay)
}

const LOG2_E: f64 = std::f64::consts::LOG2_E;

/// 2^x for -1000 < x < 1000: the whole part by the exponent's bits, the rest by its Taylor series.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the exponent is within an f64's")]
#[expect(clippy::cast_precision_loss, reason = "a small whole number")]
const fn exp2(x: f64) -> f64 {
    let whole = x as i64 - (x < 0.0) as i64;
    let rest = (x - whole as f64) * std::f64::consts::LN_2;
    let (mut sum, mut term, mut n) = (1.0, 1.0, 1.0);
    while n < 24.0 {
        term *= rest / n;
        sum += term;
        n += 1.0;
    }
    sum * f64::from_bits(((whole + 1023) as u64) << 52)
}

/// Newton's method from a guess that halves the exponent.
const fn sqrt(x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let mut root = f64::from_bits((x.to_bits() >> 1) + (511 << 52));
    let mut n = 0;
    while n < 6 {
        root = 0.5 * (root + x / root);
        n += 1;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_that_of_the_standard_library() {
        for n in 0..640 {
            let t = f64::from(n) / 10.0;
            let exact = t.exp2() * (4.0 * t).sqrt().tanh();
            assert!((curve(t) - exact).abs() <= exact * 1e-13, "{t}: {} {exact}", curve(t));
        }
    }
}
