use super::seconds;
use crate::{Ratio, Time};

/// The CUBIC curve of a sending rate: down by a factor where it is too much, then flat near where that was, then
/// steeply up.
///
/// With the rate `w` at which it was too much, `beta` and `scale` C: after throttling `beta w`, and t seconds after
/// that `C (t - K)^3 + w` with `K = cbrt(w (1 - beta) / C)`.
///
/// Source: RFC 9438 (CUBIC) as the SDKs of AWS use it in their adaptive mode; botocore `retries/throttling.py`.
///
/// ```
/// use retry_core::{CubicCurve, Time};
/// use std::time::Duration;
///
/// let mut curve = CubicCurve::resumed(10.0, Time::default());
/// // K = cbrt(10 * 0.3 / 0.4)
/// assert!((curve.k() - 1.957_433_820_584).abs() < 1e-9);
/// let plateau = Time::default().after(Duration::from_nanos(1_957_433_821));
/// assert!((curve.after_success(plateau) - 10.0).abs() < 1e-6);
/// assert_eq!(curve.after_throttle(8.0, plateau), 5.6);
/// assert_eq!(curve.last_max(), 8.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CubicCurve {
    beta: f64,
    scale: f64,
    last_max: f64,
    last_throttle: Time,
}

impl CubicCurve {
    /// Where nothing was throttled yet: beta 0.7, scale 0.4.
    ///
    /// ```
    /// # use retry_core::{CubicCurve, Time};
    /// assert_eq!(CubicCurve::new(Time::default()).k(), 0.0);
    /// ```
    #[must_use]
    pub const fn new(start: Time) -> Self {
        Self::resumed(0.0, start)
    }

    /// Where throttling began at `last_max` a second, at `last_throttle`.
    ///
    /// ```
    /// # use retry_core::{CubicCurve, Time};
    /// let curve = CubicCurve::resumed(10.0, Time::default());
    /// // 0.7 * 10
    /// assert!((curve.after_success(Time::default()) - 7.0).abs() < 1e-9);
    /// ```
    #[must_use]
    pub const fn resumed(last_max: f64, last_throttle: Time) -> Self {
        Self { beta: 0.7, scale: 0.4, last_max: last_max.max(0.0), last_throttle }
    }

    /// Replaces beta, at most 1, and the scale, at least a billionth.
    ///
    /// ```
    /// # use retry_core::{CubicCurve, Ratio, Time};
    /// let mut curve = CubicCurve::new(Time::default()).shaped(Ratio::new(3, 5)?, Ratio::new(2, 5)?);
    /// assert_eq!(curve.after_throttle(10.0, Time::default()), 6.0);
    /// # Ok::<(), retry_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn shaped(self, beta: Ratio, scale: Ratio) -> Self {
        Self { beta: beta.to_f64().min(1.0), scale: scale.to_f64().max(1e-9), ..self }
    }

    /// The rate after a success at `now`. A time before the last throttling counts as that.
    ///
    /// ```
    /// # use retry_core::{CubicCurve, Time};
    /// # use std::time::Duration;
    /// // 0.4 * 3^3
    /// let later = Time::default().after(Duration::from_secs(3));
    /// assert!((CubicCurve::new(Time::default()).after_success(later) - 10.8).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn after_success(&self, now: Time) -> f64 {
        let passed = seconds(now.nanos_since(self.last_throttle)) - self.k();
        self.scale * passed.powi(3) + self.last_max
    }

    /// The rate after throttling at `now`, where `rate` was too much.
    ///
    /// ```
    /// # use retry_core::{CubicCurve, Time};
    /// assert_eq!(CubicCurve::new(Time::default()).after_throttle(f64::NAN, Time::default()), 0.0);
    /// ```
    pub const fn after_throttle(&mut self, rate: f64, now: Time) -> f64 {
        (self.last_max, self.last_throttle) = (rate.max(0.0), now);
        self.last_max * self.beta
    }

    /// Seconds from throttling to where the curve is flat.
    ///
    /// ```
    /// # use retry_core::{CubicCurve, Time};
    /// assert!(CubicCurve::resumed(8.0, Time::default()).k() > 1.8);
    /// ```
    #[must_use]
    pub fn k(&self) -> f64 {
        (self.last_max * (1.0 - self.beta) / self.scale).cbrt()
    }

    /// The rate at which it was too much.
    ///
    /// ```
    /// # use retry_core::{CubicCurve, Time};
    /// assert_eq!(CubicCurve::new(Time::default()).last_max(), 0.0);
    /// ```
    #[must_use]
    pub const fn last_max(&self) -> f64 {
        self.last_max
    }

    /// When it was last too much.
    ///
    /// ```
    /// # use retry_core::{CubicCurve, Time};
    /// assert_eq!(CubicCurve::new(Time::from_nanos(5)).last_throttle(), Time::from_nanos(5));
    /// ```
    #[must_use]
    pub const fn last_throttle(&self) -> Time {
        self.last_throttle
    }
}
