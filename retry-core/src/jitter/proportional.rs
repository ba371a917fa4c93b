use crate::entropy::up_to;
use crate::{Entropy, Invalid};

/// Uniform in `v'(1-p) ..= v'(1+p)` with `v' = min(v, cap / (1+p))`: plus or minus p, and below the cap all the same.
///
/// ```
/// use retry_core::{Jitter, Proportional, Seeded};
/// use std::time::Duration;
///
/// let jitter = Proportional::percent(20)?;
/// let delay = jitter.apply(Duration::from_secs(10), Duration::MAX, &mut Seeded::new(1));
/// assert!(Duration::from_secs(8) <= delay && delay <= Duration::from_secs(12));
/// # Ok::<(), retry_core::Invalid>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Proportional {
    ppm: u32,
}

const MILLION: u64 = 1_000_000;

impl Proportional {
    /// Plus or minus `percent` hundredths.
    ///
    /// # Errors
    /// [`Invalid::Proportion`] above 100.
    ///
    /// ```
    /// # use retry_core::{Invalid, Proportional};
    /// assert_eq!(Proportional::percent(50), Proportional::millionths(500_000));
    /// assert_eq!(Proportional::percent(101), Err(Invalid::Proportion));
    /// ```
    pub const fn percent(percent: u32) -> Result<Self, Invalid> {
        Self::millionths(percent.saturating_mul(10_000))
    }

    /// Plus or minus `ppm` millionths.
    ///
    /// # Errors
    /// [`Invalid::Proportion`] above a million.
    ///
    /// ```
    /// # use retry_core::{Invalid, Proportional};
    /// assert!(Proportional::millionths(1_000_000).is_ok());
    /// assert_eq!(Proportional::millionths(1_000_001), Err(Invalid::Proportion));
    /// ```
    pub const fn millionths(ppm: u32) -> Result<Self, Invalid> {
        if ppm as u64 <= MILLION { Ok(Self { ppm }) } else { Err(Invalid::Proportion) }
    }

    pub(crate) fn nanos(self, v: u64, cap: u64, rng: &mut dyn Entropy) -> u64 {
        let centre = self.centre(v, cap);
        let part = self.part(centre);
        // No overflow: the part is at most the centre, and their sum at most the cap.
        centre - part + up_to(2 * part, rng)
    }

    pub(crate) const fn greatest(self, v: u64, cap: u64) -> u64 {
        let centre = self.centre(v, cap);
        centre + self.part(centre)
    }

    /// p times `v`, rounded down.
    #[expect(clippy::cast_possible_truncation, reason = "at most v")]
    pub(crate) const fn part(self, v: u64) -> u64 {
        (v as u128 * self.ppm as u128 / MILLION as u128) as u64
    }

    /// The greatest centre whose spread stays within `cap`.
    #[expect(clippy::cast_possible_truncation, reason = "at most cap")]
    const fn centre(self, v: u64, cap: u64) -> u64 {
        let knee = (cap as u128 * MILLION as u128 / (MILLION + self.ppm as u64) as u128) as u64;
        if v < knee { v } else { knee }
    }
}

super::by_nanos!(Proportional);
