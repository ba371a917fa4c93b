use super::{Additive, Equal, Full, Proportional};
use crate::Entropy;

/// The engine's jitter laws as data: what a [`Policy`](crate::Policy) holds.
///
/// ```
/// use retry_core::{Jitter, Law, Proportional, Seeded};
/// use std::time::Duration;
///
/// let law = Law::from(Proportional::percent(10)?);
/// let delay = law.apply(Duration::from_secs(100), Duration::MAX, &mut Seeded::new(2));
/// assert!(delay >= Duration::from_secs(90));
/// assert_eq!(Law::None.apply(Duration::from_secs(9), Duration::MAX, &mut Seeded::new(2)), Duration::from_secs(9));
/// # Ok::<(), retry_core::Invalid>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Law {
    /// The schedule itself.
    #[default]
    None,
    /// See [`Full`].
    Full(Full),
    /// See [`Equal`].
    Equal(Equal),
    /// See [`Proportional`].
    Proportional(Proportional),
    /// See [`Additive`].
    Additive(Additive),
}

macro_rules! from {
    ($($law:ident),*) => {$(
        impl From<$law> for Law {
            fn from(law: $law) -> Self {
                Self::$law(law)
            }
        }
    )*};
}
from!(Full, Equal, Proportional, Additive);

impl Law {
    /// [`Full`].
    pub const FULL: Self = Self::Full(Full);
    /// [`Equal`].
    pub const EQUAL: Self = Self::Equal(Equal);

    /// `v` must be at most `cap`.
    #[inline(always)]
    pub(crate) fn nanos(&self, v: u64, cap: u64, rng: &mut dyn Entropy) -> u64 {
        match self {
            Self::Full(full) => full.nanos(v, cap, rng),
            law => law.other(v, cap, rng),
        }
    }

    #[inline(never)]
    fn other(&self, v: u64, cap: u64, rng: &mut dyn Entropy) -> u64 {
        match *self {
            Self::None => v,
            Self::Full(full) => full.nanos(v, cap, rng),
            Self::Equal(equal) => equal.nanos(v, cap, rng),
            Self::Proportional(proportional) => proportional.nanos(v, cap, rng),
            Self::Additive(additive) => additive.nanos(v, cap, rng),
        }
    }

    /// The least delay [`nanos`](Self::nanos) can give; it grows with `v`. Every one between the two comes as often.
    pub(crate) const fn least(self, v: u64, cap: u64) -> u64 {
        match self {
            Self::None => v,
            Self::Full(_) => 0,
            Self::Equal(_) => v - v / 2,
            Self::Proportional(proportional) => proportional.least(v, cap),
            Self::Additive(additive) => additive.least(v, cap),
        }
    }

    /// The greatest delay [`nanos`](Self::nanos) can give; it grows with `v`.
    pub(crate) const fn greatest(self, v: u64, cap: u64) -> u64 {
        match self {
            Self::None | Self::Full(_) | Self::Equal(_) => v,
            Self::Proportional(proportional) => proportional.greatest(v, cap),
            Self::Additive(additive) => additive.greatest(v, cap),
        }
    }

    /// By how much a hint may be exceeded, so that those who were told the same second spread out.
    pub(crate) const fn above(self, hint: u64) -> u64 {
        match self {
            Self::None => 0,
            Self::Full(_) | Self::Equal(_) => hint / 8,
            Self::Proportional(proportional) => proportional.spread_above(hint),
            Self::Additive(additive) => additive.spread(),
        }
    }
}

super::by_nanos!(Law);
