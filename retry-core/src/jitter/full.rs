use crate::Entropy;
use crate::entropy::up_to;

/// Uniform in `0 ..= v`: spreads clients best, at the price of some very early retries. AWS's "full jitter".
///
/// ```
/// use retry_core::{Full, Jitter, Seeded};
/// use std::time::Duration;
///
/// let delay = Full.apply(Duration::from_secs(8), Duration::from_secs(2), &mut Seeded::new(1));
/// assert!(delay <= Duration::from_secs(2));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct Full;

impl Full {
    #[inline(always)]
    pub(crate) fn nanos(self, v: u64, _: u64, rng: &mut dyn Entropy) -> u64 {
        up_to(v, rng)
    }
}

super::by_nanos!(Full);
