use super::Figure;
use crate::time::{FOREVER, duration};

/// How a delay, or the time of an attempt, is spread over the runs that make the attempt.
///
/// Where it is uniform, or does not vary at all, every figure is exact. Else the percentiles come from sampled runs, and least,
/// mean and greatest do where no closed form is known.
///
/// ```
/// use retry_core::{Law, Policy};
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let plan = Policy::constant(10 * second).jitter(Law::EQUAL).attempts(2).plan();
/// let delay = plan.attempts()[1].delay();
/// assert_eq!((delay.min().value, delay.mean().value, delay.max().value), (5 * second, second * 15 / 2, 10 * second));
/// assert!(delay.p95().is_exact);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spread {
    low: u64,
    high: u64,
    mean: u64,
    ends_are_exact: bool,
    mean_is_exact: bool,
    /// In order. Without any it is uniform from `low` to `high`.
    sample: Vec<u64>,
}

/// Of which a percentile is a whole number of parts.
const PARTS: u64 = 1_000_000_000;

impl Spread {
    /// Every nanosecond of `low ..= high` comes as often.
    pub(super) const fn uniform(low: u64, high: u64) -> Self {
        let mean = low + (high - low) / 2;
        Self { low, high, mean, ends_are_exact: true, mean_is_exact: true, sample: Vec::new() }
    }

    pub(super) fn sampled(mut sample: Vec<u64>) -> Self {
        sample.sort_unstable();
        let (low, high) = (sample.first().copied().unwrap_or(0), sample.last().copied().unwrap_or(0));
        let sum: u128 = sample.iter().copied().map(u128::from).sum();
        let mean = saturated(sum / (sample.len() as u128).max(1));
        Self { low, high, mean, ends_are_exact: false, mean_is_exact: false, sample }
    }

    /// With ends that are known.
    pub(super) const fn ends(mut self, low: u64, high: u64) -> Self {
        (self.low, self.high, self.ends_are_exact) = (low, high, true);
        self
    }

    /// With a mean that is known.
    pub(super) const fn centred(mut self, mean: u64) -> Self {
        (self.mean, self.mean_is_exact) = (mean, true);
        self
    }

    /// The least.
    ///
    /// ```
    /// # use retry_core::{Law, Policy};
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::from_secs(8)).jitter(Law::FULL).attempts(2).plan();
    /// assert_eq!(plan.attempts()[1].delay().min().value, Duration::ZERO);
    /// ```
    #[must_use]
    pub const fn min(&self) -> Figure {
        Figure::new(duration(self.low), self.ends_are_exact)
    }

    /// The mean, rounded down to the nanosecond.
    ///
    /// ```
    /// # use retry_core::{Law, Policy};
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::from_secs(8)).jitter(Law::FULL).attempts(3).plan();
    /// // two delays of 4 s on the average
    /// assert_eq!(plan.attempts()[2].at().mean().value, Duration::from_secs(8));
    /// ```
    #[must_use]
    pub const fn mean(&self) -> Figure {
        Figure::new(duration(self.mean), self.mean_is_exact)
    }

    /// The greatest. 584 years stand for more.
    ///
    /// ```
    /// # use retry_core::{Law, Policy};
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::MAX).attempts(3).plan();
    /// assert_eq!(plan.attempts()[2].at().max().value, Duration::from_nanos(u64::MAX));
    /// ```
    #[must_use]
    pub const fn max(&self) -> Figure {
        Figure::new(duration(self.high), self.ends_are_exact)
    }

    /// The 50th [percentile](Self::percentile), the median.
    ///
    /// ```
    /// # use retry_core::{Law, Policy};
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::from_secs(8)).jitter(Law::FULL).attempts(2).plan();
    /// assert_eq!(plan.attempts()[1].delay().p50().value, Duration::from_secs(4));
    /// ```
    #[must_use]
    pub fn p50(&self) -> Figure {
        self.percentile(50.0)
    }

    /// The 95th [percentile](Self::percentile).
    ///
    /// ```
    /// # use retry_core::{Law, Policy};
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::from_secs(100)).jitter(Law::FULL).attempts(2).plan();
    /// assert_eq!(plan.attempts()[1].delay().p95().value, Duration::from_secs(95));
    /// ```
    #[must_use]
    pub fn p95(&self) -> Figure {
        self.percentile(95.0)
    }

    /// The least value that at least `percent` hundredths of the runs do not exceed (nearest rank), to a 10 millionth of a
    /// per cent. 0 and less, and NaN, is the least; 100 and more the greatest.
    ///
    /// ```
    /// # use retry_core::{Law, Policy};
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::from_secs(1000)).jitter(Law::FULL).attempts(2).plan();
    /// let delay = plan.attempts()[1].delay();
    /// assert_eq!(delay.percentile(99.9).value, Duration::from_secs(999));
    /// assert_eq!(delay.percentile(f64::INFINITY), delay.max());
    /// assert_eq!(delay.percentile(f64::NAN), delay.min());
    /// ```
    #[must_use]
    pub fn percentile(&self, percent: f64) -> Figure {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
        let parts = (percent * 1e7).round() as u64;
        if parts == 0 {
            return self.min();
        }
        if parts >= PARTS {
            return self.max();
        }
        let count =
            if self.sample.is_empty() { u128::from(self.high - self.low) + 1 } else { self.sample.len() as u128 };
        // From 1 to `count`: both are positive.
        let rank = (count * u128::from(parts)).div_ceil(u128::from(PARTS));
        match usize::try_from(rank - 1).ok().and_then(|at| self.sample.get(at)) {
            Some(nanos) => Figure::new(duration(*nanos), false),
            None => Figure::new(duration(self.low.saturating_add(saturated(rank - 1))), true),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "checked")]
pub(super) const fn saturated(value: u128) -> u64 {
    if value > FOREVER as u128 { FOREVER } else { value as u64 }
}
