use crate::Entropy;
use crate::entropy::up_to;

/// Uniform in `v/2 ..= v`: never retries at once. AWS's "equal jitter".
///
/// ```
/// use retry_core::{Equal, Jitter, Seeded};
/// use std::time::Duration;
///
/// let delay = Equal.apply(Duration::from_secs(8), Duration::MAX, &mut Seeded::new(1));
/// assert!(Duration::from_secs(4) <= delay && delay <= Duration::from_secs(8));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct Equal;

impl Equal {
    pub(crate) fn nanos(self, v: u64, _: u64, rng: &mut dyn Entropy) -> u64 {
        v - up_to(v / 2, rng)
    }
}

super::by_nanos!(Equal);
