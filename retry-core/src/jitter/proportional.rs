use crate::entropy::up_to;
use crate::{Entropy, Invalid};

/// Uniform in `v'(1-b) ..= v'(1+a)` with `v' = min(v, cap / (1+a))`: by a part of the delay sooner or later, and below the
/// cap all the same. Both parts are often the same: plus or minus p.
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
    below: u32,
    above: u32,
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
        Self::between(ppm, ppm)
    }

    /// Up to `percent` hundredths later, never sooner: Oban's and Spring's jitter.
    ///
    /// # Errors
    /// [`Invalid::Proportion`] above 100.
    ///
    /// ```
    /// # use retry_core::{Jitter, Proportional, Seeded};
    /// # use std::time::Duration;
    /// let delay = Proportional::later(20)?.apply(Duration::from_secs(10), Duration::MAX, &mut Seeded::new(1));
    /// assert!(Duration::from_secs(10) <= delay && delay <= Duration::from_secs(12));
    /// # Ok::<(), retry_core::Invalid>(())
    /// ```
    pub const fn later(percent: u32) -> Result<Self, Invalid> {
        Self::between(0, percent.saturating_mul(10_000))
    }

    /// Up to `percent` hundredths sooner, never later: Temporal's jitter.
    ///
    /// # Errors
    /// [`Invalid::Proportion`] above 100.
    ///
    /// ```
    /// # use retry_core::{Jitter, Proportional, Seeded};
    /// # use std::time::Duration;
    /// let delay = Proportional::sooner(20)?.apply(Duration::from_secs(10), Duration::MAX, &mut Seeded::new(1));
    /// assert!(Duration::from_secs(8) <= delay && delay <= Duration::from_secs(10));
    /// # Ok::<(), retry_core::Invalid>(())
    /// ```
    pub const fn sooner(percent: u32) -> Result<Self, Invalid> {
        Self::between(percent.saturating_mul(10_000), 0)
    }

    /// From `below` millionths sooner to `above` millionths later.
    ///
    /// # Errors
    /// [`Invalid::Proportion`] where either is above a million.
    ///
    /// ```
    /// # use retry_core::Proportional;
    /// assert_eq!(Proportional::between(0, 200_000), Proportional::later(20));
    /// ```
    pub const fn between(below: u32, above: u32) -> Result<Self, Invalid> {
        if below as u64 <= MILLION && above as u64 <= MILLION {
            Ok(Self { below, above })
        } else {
            Err(Invalid::Proportion)
        }
    }

    /// By how many millionths of the delay it may come sooner.
    ///
    /// ```
    /// # use retry_core::Proportional;
    /// assert_eq!(Proportional::percent(15).map(Proportional::below), Ok(150_000));
    /// ```
    #[must_use]
    pub const fn below(self) -> u32 {
        self.below
    }

    /// By how many millionths of the delay it may come later.
    ///
    /// ```
    /// # use retry_core::Proportional;
    /// assert_eq!(Proportional::sooner(15).map(Proportional::above), Ok(0));
    /// ```
    #[must_use]
    pub const fn above(self) -> u32 {
        self.above
    }

    pub(crate) fn nanos(self, v: u64, cap: u64, rng: &mut dyn Entropy) -> u64 {
        let least = self.least(v, cap);
        least + up_to(self.greatest(v, cap) - least, rng)
    }

    pub(crate) const fn least(self, v: u64, cap: u64) -> u64 {
        let centre = self.centre(v, cap);
        centre - part(centre, self.below)
    }

    pub(crate) const fn greatest(self, v: u64, cap: u64) -> u64 {
        let centre = self.centre(v, cap);
        centre + part(centre, self.above)
    }

    /// What it adds to a hint at most: the wider of its two parts, since none may come sooner.
    pub(crate) const fn spread_above(self, hint: u64) -> u64 {
        part(hint, if self.above > self.below { self.above } else { self.below })
    }

    /// The greatest centre whose spread stays within `cap`.
    #[expect(clippy::cast_possible_truncation, reason = "at most cap")]
    const fn centre(self, v: u64, cap: u64) -> u64 {
        let knee = (cap as u128 * MILLION as u128 / (MILLION + self.above as u64) as u128) as u64;
        if v < knee { v } else { knee }
    }
}

/// `ppm` millionths of `v`, rounded down.
#[expect(clippy::cast_possible_truncation, reason = "at most v")]
const fn part(v: u64, ppm: u32) -> u64 {
    (v as u128 * ppm as u128 / MILLION as u128) as u64
}

super::by_nanos!(Proportional);
