use std::time::Duration;

use crate::Entropy;
use crate::entropy::up_to;
use crate::time::nanos;

/// Uniform in `v' - below ..= v' + above` with `v' = min(v, cap - above)`, and not below zero: by a fixed time sooner or later, and
/// below the cap all the same.
///
/// ```
/// use retry_core::{Additive, Jitter, Seeded};
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let delay = Additive::new(3 * second).apply(10 * second, 10 * second, &mut Seeded::new(1));
/// assert!(7 * second <= delay && delay <= 10 * second);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Additive {
    below: u64,
    above: u64,
}

impl Additive {
    /// Up to `spread` later, never sooner. Where it is wider than the cap, the delay is uniform in `0 ..= cap`.
    ///
    /// ```
    /// # use retry_core::{Additive, Jitter, Seeded};
    /// # use std::time::Duration;
    /// let delay = Additive::new(Duration::MAX).apply(Duration::ZERO, Duration::from_secs(1), &mut Seeded::new(1));
    /// assert!(delay <= Duration::from_secs(1));
    /// ```
    #[must_use]
    pub const fn new(spread: Duration) -> Self {
        Self { below: 0, above: nanos(spread) }
    }

    /// Up to `spread` sooner or later: `KumoMTA`'s and Failsafe's jitter. A delay shorter than `spread` is drawn from zero on.
    ///
    /// ```
    /// # use retry_core::{Additive, Jitter, Seeded};
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// let delay = Additive::around(3 * second).apply(10 * second, Duration::MAX, &mut Seeded::new(1));
    /// assert!(7 * second <= delay && delay <= 13 * second);
    /// ```
    #[must_use]
    pub const fn around(spread: Duration) -> Self {
        Self { below: nanos(spread), above: nanos(spread) }
    }

    /// By how much a delay may come sooner.
    ///
    /// ```
    /// # use retry_core::Additive;
    /// # use std::time::Duration;
    /// assert_eq!(Additive::new(Duration::from_secs(3)).below(), Duration::ZERO);
    /// ```
    #[must_use]
    pub const fn below(self) -> Duration {
        Duration::from_nanos(self.below)
    }

    /// By how much a delay may come later.
    ///
    /// ```
    /// # use retry_core::Additive;
    /// # use std::time::Duration;
    /// assert_eq!(Additive::around(Duration::from_secs(3)).above(), Duration::from_secs(3));
    /// ```
    #[must_use]
    pub const fn above(self) -> Duration {
        Duration::from_nanos(self.above)
    }

    pub(crate) const fn spread(self) -> u64 {
        self.above
    }

    pub(crate) fn nanos(self, v: u64, cap: u64, rng: &mut dyn Entropy) -> u64 {
        let least = self.least(v, cap);
        least + up_to(self.greatest(v, cap) - least, rng)
    }

    pub(crate) const fn least(self, v: u64, cap: u64) -> u64 {
        self.centre(v, cap).saturating_sub(self.below)
    }

    pub(crate) const fn greatest(self, v: u64, cap: u64) -> u64 {
        let centre = self.centre(v, cap);
        if self.above < cap - centre { centre + self.above } else { cap }
    }

    /// At most `cap`.
    const fn centre(self, v: u64, cap: u64) -> u64 {
        let top = cap.saturating_sub(self.above);
        if v < top { v } else { top }
    }
}

super::by_nanos!(Additive);
