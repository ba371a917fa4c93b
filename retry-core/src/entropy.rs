//! Randomness: a trait of ours, `rand` behind it.

use std::cell::Cell;

/// A source of random bits; object safe, and it keeps `rand` out of the API.
///
/// ```
/// use retry_core::{Entropy, Seeded};
///
/// let (mut a, mut b) = (Seeded::new(1), Seeded::new(1));
/// assert_eq!(a.next_u64(), b.next_u64());
/// ```
pub trait Entropy {
    /// The next 64 uniformly distributed bits.
    fn next_u64(&mut self) -> u64;
}

impl<R: Entropy + ?Sized> Entropy for &mut R {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        (**self).next_u64()
    }
}

impl<R: Entropy + ?Sized> Entropy for Box<R> {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        (**self).next_u64()
    }
}

/// A draw from `0..=max`, both ends included, by one multiplication (Lemire; the bias is below max / 2^64). Zero bits
/// give 0, all ones `max`; only `u64::MAX` itself is never drawn.
#[inline(always)]
pub(crate) fn up_to(max: u64, rng: &mut dyn Entropy) -> u64 {
    ((u128::from(max.saturating_add(1)) * u128::from(rng.next_u64())) >> 64) as u64
}

/// A draw from `[0, 1)` with 53 bits.
#[expect(clippy::cast_precision_loss, reason = "53 bits are what an f64 holds")]
pub(crate) fn unit(rng: &mut dyn Entropy) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// For those that draw nothing.
pub(crate) struct Still;

impl Entropy for Still {
    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// The default: a small generator in each thread, seeded by `rand` from the system when the thread first draws.
///
/// No two threads and no two runs share a sequence. Not for secrets.
///
/// ```
/// use retry_core::{Entropy, ThreadEntropy};
///
/// assert_ne!(ThreadEntropy.next_u64(), ThreadEntropy.next_u64());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct ThreadEntropy;

thread_local!(static STATE: Cell<u64> = const { Cell::new(0) });

impl Entropy for ThreadEntropy {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        // A thread that is being torn down has no state any more: seed each draw.
        STATE
            .try_with(|state| {
                let seed = match state.get() {
                    0 => fresh_seed(),
                    seed => seed,
                };
                let (next, bits) = wyrand(seed);
                state.set(next);
                bits
            })
            .unwrap_or_else(|_| wyrand(fresh_seed()).1)
    }
}

#[cold]
#[inline(never)]
fn fresh_seed() -> u64 {
    use rand::Rng as _;

    #[expect(clippy::disallowed_methods, reason = "the one place that seeds")]
    let seed = rand::rng().next_u64();
    seed | 1
}

/// Wang Yi's wyrand: a counter and one wide multiplication. It passes BigCrush, which is more than jitter needs.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "folds the product's halves")]
const fn wyrand(state: u64) -> (u64, u64) {
    let state = state.wrapping_add(0x2d35_8dcc_aa6c_78a5);
    let product = state as u128 * (state ^ 0x8bb8_4b93_962e_acc9) as u128;
    (state, product as u64 ^ (product >> 64) as u64)
}

/// A seeded generator, for tests, simulations and replays: the same seed gives the same bits on every machine.
///
/// Vigna's SplitMix64, whose output for a seed is published and stable.
///
/// ```
/// use retry_core::{Entropy, Seeded};
///
/// assert_eq!(Seeded::new(1_234_567).next_u64(), 6_457_827_717_110_365_317);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Seeded {
    state: u64,
}

impl Seeded {
    /// By which the state grows with each draw.
    pub(crate) const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

    /// Begins the sequence of `seed`; any number will do.
    ///
    /// ```
    /// # use retry_core::{Entropy, Seeded};
    /// assert_ne!(Seeded::new(0).next_u64(), Seeded::new(1).next_u64());
    /// ```
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }
}

impl Entropy for Seeded {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(Self::STEP);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}
