use std::time::Duration;

use crate::time::nanos;
use crate::{Law, Policy};

/// When a [`Breaker`](super::Breaker) opens, for how long, and how many probes close it: plain data.
///
/// # Defaults
/// One probe; cool-downs of 5 s, then 10 s, up to 5 min, each drawn from its upper half, so that clients do not probe
/// at the same time.
///
/// ```
/// use retry_core::{BreakerRule, Policy};
/// use std::time::Duration;
///
/// static RULE: BreakerRule = BreakerRule::rate(50, 20, Duration::from_secs(30)).probes(3);
/// assert_eq!(RULE, BreakerRule::rate(50, 20, Duration::from_secs(30)).probes(3));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BreakerRule {
    pub(super) trip: Trip,
    pub(super) probes: u32,
    pub(super) cool_down: Policy,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Trip {
    Consecutive(u32),
    Rate { percent: u8, least: u32, window: u64 },
}

impl BreakerRule {
    const COOL_DOWN: Policy = Policy::exponential(Duration::from_secs(5), Duration::from_secs(300)).jitter(Law::EQUAL);

    const fn new(trip: Trip) -> Self {
        Self { trip, probes: 1, cool_down: Self::COOL_DOWN }
    }

    /// Opens after so many failures with no success between them; 0 counts as 1.
    ///
    /// For little traffic, and for hosts that are either up or down.
    ///
    /// ```
    /// # use retry_core::BreakerRule;
    /// assert_eq!(BreakerRule::consecutive(0), BreakerRule::consecutive(1));
    /// ```
    #[must_use]
    pub const fn consecutive(failures: u32) -> Self {
        Self::new(Trip::Consecutive(if failures > 1 { failures } else { 1 }))
    }

    /// Opens when at least `percent` of the attempts of the last `window` failed, and there were at least `least` of
    /// them. 0 percent counts as 1, more than 100 as 100; an empty window as one of 10 ns.
    ///
    /// The window moves by tenths.
    ///
    /// ```
    /// # use retry_core::BreakerRule;
    /// # use std::time::Duration;
    /// let window = Duration::from_secs(10);
    /// assert_eq!(BreakerRule::rate(200, 1, window), BreakerRule::rate(100, 1, window));
    /// ```
    #[must_use]
    pub const fn rate(percent: u8, least: u32, window: Duration) -> Self {
        let percent = match percent {
            0 => 1,
            101.. => 100,
            percent => percent,
        };
        let (least, window) = (if least > 1 { least } else { 1 }, nanos(window));
        Self::new(Trip::Rate { percent, least, window: if window > 10 { window } else { 10 } })
    }

    /// Sets how many attempts are let through after a cool-down, all of which must succeed; 0 counts as 1.
    ///
    /// ```
    /// # use retry_core::BreakerRule;
    /// let rule = BreakerRule::consecutive(5);
    /// assert_eq!(rule.clone().probes(0), rule.probes(1));
    /// ```
    #[must_use]
    pub const fn probes(mut self, probes: u32) -> Self {
        self.probes = if probes > 1 { probes } else { 1 };
        self
    }

    /// Sets the cool-downs: the n-th is the delay after the n-th failure. A hint of the peer counts by the policy's
    /// rule. Where the policy has ended the last one repeats; a policy with none at all counts as a second.
    ///
    /// ```
    /// # use retry_core::{BreakerRule, Policy};
    /// # use std::time::Duration;
    /// let rule = BreakerRule::consecutive(5).cool_down(Policy::constant(Duration::from_secs(30)));
    /// assert_ne!(rule, BreakerRule::consecutive(5));
    /// ```
    #[must_use]
    pub fn cool_down(self, policy: Policy) -> Self {
        Self { cool_down: policy, ..self }
    }

    pub(super) const fn goes_by_rate(&self) -> bool {
        matches!(self.trip, Trip::Rate { .. })
    }
}
