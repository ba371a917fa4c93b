//! Instants as plain numbers.

use std::time::Duration;

/// An instant: nanoseconds since the epoch of the [`Clock`](crate::Clock) that made it.
///
/// Plain data, so it can be stored; unlike [`std::time::Instant`] it can be made in a test and read after a restart.
/// Instants of different clocks have nothing to do with each other. The range is 584 years; arithmetic saturates.
///
/// ```
/// use retry_core::Time;
/// use std::time::Duration;
///
/// let start = Time::from_nanos(5);
/// let later = start.after(Duration::from_secs(1));
/// assert_eq!(later.since(start), Duration::from_secs(1));
/// assert_eq!(start.since(later), Duration::ZERO);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Time(u64);

impl Time {
    /// The instant `nanos` nanoseconds after the epoch.
    ///
    /// ```
    /// # use retry_core::Time;
    /// assert_eq!(Time::from_nanos(7).as_nanos(), 7);
    /// ```
    #[must_use]
    #[inline]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the epoch.
    ///
    /// ```
    /// # use retry_core::Time;
    /// assert_eq!(Time::default().as_nanos(), 0);
    /// ```
    #[must_use]
    #[inline]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The time from `earlier` to `self`; zero if `earlier` is the later one.
    ///
    /// ```
    /// # use retry_core::Time;
    /// # use std::time::Duration;
    /// assert_eq!(Time::from_nanos(9).since(Time::from_nanos(2)), Duration::from_nanos(7));
    /// ```
    #[must_use]
    #[inline]
    pub const fn since(self, earlier: Self) -> Duration {
        duration(self.nanos_since(earlier))
    }

    /// The instant `duration` later, at most the last one a clock can show.
    ///
    /// ```
    /// # use retry_core::Time;
    /// # use std::time::Duration;
    /// assert_eq!(Time::from_nanos(1).after(Duration::MAX), Time::from_nanos(u64::MAX));
    /// ```
    #[must_use]
    #[inline]
    pub const fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanos(duration)))
    }

    #[inline]
    pub(crate) const fn nanos_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The longest span the engine works with: 584 years.
pub(crate) const FOREVER: u64 = u64::MAX;

/// `duration` in nanoseconds, at most [`FOREVER`].
#[inline]
pub(crate) const fn nanos(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos() as u64)
}

/// The inverse of [`nanos`].
#[inline]
pub(crate) const fn duration(nanos: u64) -> Duration {
    // Most delays are short, and then there is nothing to divide.
    #[expect(clippy::cast_possible_truncation, reason = "below 10^9")]
    if nanos < 1_000_000_000 { Duration::new(0, nanos as u32) } else { Duration::from_nanos(nanos) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_survive_as_nanoseconds_and_saturate() {
        for n in [0, 1, 999_999_999, 1_000_000_000, 1_000_000_001, u64::MAX] {
            assert_eq!(nanos(duration(n)), n);
        }
        assert_eq!(nanos(Duration::MAX), FOREVER);
    }
}
