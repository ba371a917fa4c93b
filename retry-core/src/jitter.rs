//! Randomised delays that keep the cap: no law exceeds it, and none piles up on it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crate::Entropy;

mod additive;
mod equal;
mod full;
mod law;
mod proportional;

pub use additive::Additive;
pub use equal::Equal;
pub use full::Full;
pub use law::Law;
pub use proportional::Proportional;

/// Randomises one delay.
///
/// With cap C and `v = min(delay, C)`:
///
/// | law | delay |
/// |---|---|
/// | [`Law::None`] | v |
/// | [`Full`] | uniform in 0 ..= v |
/// | [`Equal`] | uniform in v/2 ..= v |
/// | [`Proportional`] p | uniform in v'(1-p) ..= v'(1+p), v' = min(v, C/(1+p)) |
/// | [`Additive`] j | uniform in v' ..= v'+j, v' = min(v, C-j) |
///
/// ```
/// use retry_core::{Entropy, Jitter, Seeded};
/// use std::time::Duration;
///
/// /// Comes a little early, by up to a millisecond.
/// struct Early;
///
/// impl Jitter for Early {
///     fn apply(&self, delay: Duration, _: Duration, rng: &mut dyn Entropy) -> Duration {
///         delay.saturating_sub(Duration::from_nanos(rng.next_u64() % 1_000_000))
///     }
/// }
///
/// let delay = Early.apply(Duration::from_secs(1), Duration::MAX, &mut Seeded::new(0));
/// assert!(delay > Duration::from_millis(998) && delay <= Duration::from_secs(1));
/// ```
pub trait Jitter {
    /// A random delay derived from `delay`, which may be longer than `cap`; the answer must not be.
    fn apply(&self, delay: Duration, cap: Duration, rng: &mut dyn Entropy) -> Duration;
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<J: Jitter + ?Sized> Jitter for $pointer {
            fn apply(&self, delay: Duration, cap: Duration, rng: &mut dyn Entropy) -> Duration {
                (**self).apply(delay, cap, rng)
            }
        }
    )*};
}
forward!(&J, Box<J>, Arc<J>, Rc<J>);

/// [`Jitter`] for the engine's own laws, over their `nanos(v, cap, rng)` with `v <= cap`.
macro_rules! by_nanos {
    ($ty:ty) => {
        impl crate::Jitter for $ty {
            #[inline]
            fn apply(
                &self,
                delay: std::time::Duration,
                cap: std::time::Duration,
                rng: &mut dyn crate::Entropy,
            ) -> std::time::Duration {
                let cap = crate::time::nanos(cap);
                crate::time::duration(self.nanos(crate::time::nanos(delay).min(cap), cap, rng))
            }
        }
    };
}
use by_nanos;
