//! Scripted and seeded randomness for a case.

use retry_core::test_util::Scripted;
use retry_core::{Entropy, Seeded};

/// A source of random bits for one run.
pub(crate) type Draw = Box<dyn Entropy>;

/// For cases that give no draw.
const SEEDS: u64 = 512;

/// Always `u`, where a peer draws uniformly from `[0, 1)`: ours draw from a closed range of integers, whose least number belongs
/// to 0 and whose greatest to 1.
pub(crate) fn always(u: f64) -> Draw {
    Box::new(Scripted::fractions(&[u]))
}

/// These one after another, again and again.
pub(crate) fn these(us: &[f64]) -> Draw {
    Box::new(Scripted::fractions(us))
}

/// The ends of the range of draws, and their alternations.
pub(crate) fn corners() -> impl Iterator<Item = Draw> {
    let corners: [&[u64]; 4] = [&[0], &[u64::MAX], &[0, u64::MAX], &[u64::MAX, 0]];
    corners.into_iter().map(|bits| Box::new(Scripted::bits(bits)) as Draw)
}

/// Seeded sequences.
pub(crate) fn seeded() -> impl Iterator<Item = Draw> {
    (0..SEEDS).map(|seed| Box::new(Seeded::new(seed)) as Draw)
}

/// [`corners`], then [`seeded`].
pub(crate) fn many() -> impl Iterator<Item = Draw> {
    corners().chain(seeded())
}
