use std::time::Duration;

use crate::Entropy;
use crate::entropy::up_to;
use crate::time::nanos;

/// Uniform in `v' ..= v' + spread` with `v' = min(v, cap - spread)`: never early, and below the cap all the same.
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
    spread: u64,
}

impl Additive {
    /// Up to `spread` more. Where it is wider than the cap, the delay is uniform in `0 ..= cap`.
    ///
    /// ```
    /// # use retry_core::{Additive, Jitter, Seeded};
    /// # use std::time::Duration;
    /// let delay = Additive::new(Duration::MAX).apply(Duration::ZERO, Duration::from_secs(1), &mut Seeded::new(1));
    /// assert!(delay <= Duration::from_secs(1));
    /// ```
    #[must_use]
    pub const fn new(spread: Duration) -> Self {
        Self { spread: nanos(spread) }
    }

    pub(crate) const fn spread(self) -> u64 {
        self.spread
    }

    pub(crate) fn nanos(self, v: u64, cap: u64, rng: &mut dyn Entropy) -> u64 {
        let base = self.base(v, cap);
        base + up_to(self.spread.min(cap - base), rng)
    }

    pub(crate) const fn greatest(self, v: u64, cap: u64) -> u64 {
        let base = self.base(v, cap);
        if self.spread < cap - base { base + self.spread } else { cap }
    }

    /// At most `cap`.
    const fn base(self, v: u64, cap: u64) -> u64 {
        let top = cap.saturating_sub(self.spread);
        if v < top { v } else { top }
    }
}

super::by_nanos!(Additive);
