use std::time::Duration;

use crate::Ratio;
use crate::time::nanos;

/// A limit on how much may be in flight, by additive increase and multiplicative decrease: plain state, for whoever
/// counts what is in flight.
///
/// An answer that was dropped, or took longer than the timeout, cuts the limit; one that came in time while at least
/// half of the limit was in use raises it by one.
///
/// Source: `AIMDLimit` of Netflix's concurrency-limits.
///
/// ```
/// use retry_core::AimdLimit;
/// use std::time::Duration;
///
/// let mut limit = AimdLimit::new(30);
/// // 30 * 0.9
/// assert_eq!(limit.sample(Duration::ZERO, 30, true), 27);
/// assert_eq!(limit.sample(Duration::ZERO, 14, false), 28);
/// // less than half in use tells nothing
/// assert_eq!(limit.sample(Duration::ZERO, 13, false), 28);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AimdLimit {
    limit: u32,
    least: u32,
    most: u32,
    decrease: Ratio,
    timeout: u64,
}

impl AimdLimit {
    /// Begins at `limit`; between 20 and 200, down to 0.9, timeout 5 s.
    ///
    /// ```
    /// # use retry_core::AimdLimit;
    /// assert_eq!(AimdLimit::new(10).limit(), 10);
    /// ```
    #[must_use]
    pub const fn new(limit: u32) -> Self {
        // Nine tenths; the other arm cannot be.
        let decrease = match Ratio::new(9, 10) {
            Ok(ratio) => ratio,
            Err(_) => Ratio::integer(1),
        };
        Self { limit, least: 20, most: 200, decrease, timeout: 5_000_000_000 }
    }

    /// Replaces the least and the greatest limit, which hold from the first sample on. If they are in the wrong order
    /// the greatest counts.
    ///
    /// ```
    /// # use retry_core::AimdLimit;
    /// # use std::time::Duration;
    /// assert_eq!(AimdLimit::new(21).between(0, 21).sample(Duration::ZERO, 21, false), 21);
    /// ```
    #[must_use]
    pub const fn between(self, least: u32, most: u32) -> Self {
        Self { least, most, ..self }
    }

    /// Replaces the factor by which the limit is cut. More than 1 counts as 1.
    ///
    /// ```
    /// # use retry_core::{AimdLimit, Ratio};
    /// # use std::time::Duration;
    /// let half = Ratio::new(1, 2)?;
    /// assert_eq!(AimdLimit::new(100).decrease(half).sample(Duration::ZERO, 1, true), 50);
    /// # Ok::<(), retry_core::Invalid>(())
    /// ```
    #[must_use]
    pub const fn decrease(self, factor: Ratio) -> Self {
        Self { decrease: factor, ..self }
    }

    /// Replaces the time after which an answer counts as dropped.
    ///
    /// ```
    /// # use retry_core::AimdLimit;
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// assert_eq!(AimdLimit::new(100).timeout(second).sample(2 * second, 100, false), 90);
    /// ```
    #[must_use]
    pub const fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: nanos(timeout), ..self }
    }

    /// How much may be in flight.
    ///
    /// ```
    /// # use retry_core::AimdLimit;
    /// assert_eq!(AimdLimit::new(25).limit(), 25);
    /// ```
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// An answer came after `round_trip`, with `in_flight` of which it was one, or was dropped; the new limit.
    ///
    /// ```
    /// # use retry_core::AimdLimit;
    /// # use std::time::Duration;
    /// let mut limit = AimdLimit::new(20);
    /// assert_eq!(limit.sample(Duration::MAX, 20, false), 20);
    /// assert_eq!(limit.sample(Duration::ZERO, u32::MAX, false), 21);
    /// ```
    pub fn sample(&mut self, round_trip: Duration, in_flight: u32, dropped: bool) -> u32 {
        if dropped || nanos(round_trip) > self.timeout {
            let cut = self.decrease.of(u64::from(self.limit));
            self.limit = u32::try_from(cut).unwrap_or(u32::MAX).min(self.limit);
        } else if u64::from(in_flight) * 2 >= u64::from(self.limit) {
            self.limit = self.limit.saturating_add(1);
        }
        self.limit = self.limit.max(self.least).min(self.most);
        self.limit
    }
}
