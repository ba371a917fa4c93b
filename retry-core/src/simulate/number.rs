//! Between whole numbers, rates and spans.

use std::time::Duration;

use crate::time::duration;

const SECOND: f64 = 1e9;

/// A count as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) const fn real(count: u64) -> f64 {
    count as f64
}

/// The span between two events of `rate` a second: 584 years for no rate, zero for an infinite one.
pub(super) fn interval(rate: f64) -> Duration {
    if rate > 0.0 { seconds(1.0 / rate) } else { Duration::from_nanos(u64::MAX) }
}

/// `s` seconds, rounded to a nanosecond: zero for what is negative or no number, at most 584 years.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates, and NaN becomes 0")]
pub(super) fn seconds(s: f64) -> Duration {
    duration((s * SECOND).round() as u64)
}

/// How many of `rate` a second fit into `span`, rounded down.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates, and NaN becomes 0")]
pub(super) fn fit(rate: f64, span: Duration) -> u64 {
    // A millionth saves what is whole from the rounding of the product.
    (rate * span.as_secs_f64() + 1e-6) as u64
}

/// `part / whole`, or nothing of nothing.
pub(super) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| real(part) / real(whole))
}
