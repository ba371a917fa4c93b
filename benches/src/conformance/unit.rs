//! The unit in which a file writes time.

use std::time::Duration;

/// The unit of a number that stands for a time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// The longest delay the engine knows, and what stands for "longer than any".
pub(crate) const GREATEST: Duration = Duration::from_nanos(u64::MAX);

impl Unit {
    /// Suffixes of keys, as in `base_ms`.
    pub(crate) const SUFFIXES: [(&str, Self); 4] =
        [("_s", Self::Seconds), ("_ms", Self::Milliseconds), ("_us", Self::Microseconds), ("_ns", Self::Nanoseconds)];

    /// From a file's `units`, whose first word decides; seconds if it says nothing.
    pub(crate) fn of(units: &str) -> Self {
        let units = units.trim_start().to_ascii_lowercase();
        if units.starts_with("milli") || units.starts_with("ms") {
            Self::Milliseconds
        } else if units.starts_with("micro") || units.starts_with("us") {
            Self::Microseconds
        } else if units.starts_with("nano") || units.starts_with("ns") {
            Self::Nanoseconds
        } else {
            Self::Seconds
        }
    }

    const fn nanos(self) -> u64 {
        match self {
            Self::Seconds => 1_000_000_000,
            Self::Milliseconds => 1_000_000,
            Self::Microseconds => 1_000,
            Self::Nanoseconds => 1,
        }
    }

    /// `value` units to the nearest nanosecond; at most [`GREATEST`], and zero for what is negative or no number.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    #[expect(clippy::cast_precision_loss, reason = "a power of ten below 2^53")]
    pub(crate) fn duration(self, value: f64) -> Duration {
        Duration::from_nanos((value * self.nanos() as f64).round() as u64)
    }

    /// `value` units, exactly.
    pub(crate) const fn whole(self, value: u64) -> Duration {
        Duration::from_nanos(value.saturating_mul(self.nanos()))
    }

    /// `duration` in this unit.
    #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance that says so")]
    pub(crate) fn count(self, duration: Duration) -> f64 {
        duration.as_nanos() as f64 / self.nanos() as f64
    }

    /// The whole units in `duration`: the rest is dropped.
    pub(crate) fn floor(self, duration: Duration) -> Duration {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(nanos - nanos % self.nanos())
    }

    /// One nanosecond in this unit: ours are exact to that, and no finer.
    #[expect(clippy::cast_precision_loss, reason = "a power of ten below 2^53")]
    pub(crate) fn tick(self) -> f64 {
        1.0 / self.nanos() as f64
    }
}
