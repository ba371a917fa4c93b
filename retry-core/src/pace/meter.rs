use std::time::Duration;

use super::seconds;
use crate::time::nanos;
use crate::{Ratio, Time};

/// Measures a rate: what came in each slot of time, smoothed.
///
/// At the first event of a later slot, the events since the last one are divided by the time between the slots, and
/// the mean moves towards that by the smoothing.
///
/// Source: `RateClocker` of botocore (`retries/adaptive.py`).
///
/// ```
/// use retry_core::{RateMeter, Time};
/// use std::time::Duration;
///
/// let mut meter = RateMeter::new(Time::default());
/// let at = |ms| Time::default().after(Duration::from_millis(ms));
/// // two in the first half second count when the third comes in the next: 3 / 0.5 s * 0.8
/// let rates = [200, 400, 600].map(|ms| meter.record(at(ms)));
/// assert!(rates[1] == 0.0 && (rates[2] - 4.8).abs() < 1e-9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateMeter {
    smoothing: f64,
    slot: u64,
    /// The slot of the last measurement.
    last: u64,
    count: u64,
    rate: f64,
}

impl RateMeter {
    /// Counts from `start`, by slots of half a second and a smoothing of 0.8, as the SDKs of AWS do.
    ///
    /// ```
    /// # use retry_core::{RateMeter, Time};
    /// assert_eq!(RateMeter::new(Time::default()).rate(), 0.0);
    /// ```
    #[must_use]
    pub const fn new(start: Time) -> Self {
        const HALF_SECOND: u64 = 500_000_000;
        Self { smoothing: 0.8, slot: HALF_SECOND, last: start.as_nanos() / HALF_SECOND, count: 0, rate: 0.0 }
    }

    /// Counts from `start`, by `slot` (zero counts as a nanosecond) and a weight of the newest slot of `smoothing`
    /// (more than 1 counts as 1).
    ///
    /// ```
    /// # use retry_core::{Ratio, RateMeter, Time};
    /// # use std::time::Duration;
    /// let half = Duration::from_millis(500);
    /// assert_eq!(RateMeter::with(Ratio::new(4, 5)?, half, Time::default()), RateMeter::new(Time::default()));
    /// # Ok::<(), retry_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn with(smoothing: Ratio, slot: Duration, start: Time) -> Self {
        let slot = nanos(slot).max(1);
        Self { smoothing: smoothing.to_f64().min(1.0), slot, last: start.as_nanos() / slot, count: 0, rate: 0.0 }
    }

    /// Counts an event at `now`; the rate a second.
    ///
    /// ```
    /// # use retry_core::{RateMeter, Time};
    /// # use std::time::Duration;
    /// let mut meter = RateMeter::new(Time::default());
    /// // one a second
    /// let rate = (1..=20).map(|s| meter.record(Time::default().after(Duration::from_secs(s)))).last();
    /// assert!((rate.unwrap() - 1.0).abs() < 1e-7);
    /// ```
    pub fn record(&mut self, now: Time) -> f64 {
        let slot = now.as_nanos() / self.slot;
        self.count = self.count.saturating_add(1);
        if slot > self.last {
            #[expect(clippy::cast_precision_loss, reason = "to within a part in 2^53")]
            let count = self.count as f64;
            let newest = count / seconds((slot - self.last).saturating_mul(self.slot));
            self.rate = newest * self.smoothing + self.rate * (1.0 - self.smoothing);
            (self.count, self.last) = (0, slot);
        }
        self.rate
    }

    /// At least so many a second come in the slot that is not over yet: what has come, over all of it.
    pub(super) fn so_far(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "to within a part in 2^53")]
        let count = self.count as f64;
        count / seconds(self.slot)
    }

    /// The rate a second, as last measured.
    ///
    /// ```
    /// # use retry_core::{RateMeter, Time};
    /// assert_eq!(RateMeter::new(Time::default()).rate(), 0.0);
    /// ```
    #[must_use]
    pub const fn rate(&self) -> f64 {
        self.rate
    }
}
