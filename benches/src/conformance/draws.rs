//! Scripted and seeded randomness for a case.

use retry_core::test_util::Scripted;
use retry_core::{Entropy, Seeded};

use super::fault::Fault;
use super::fields::Fields;

/// A source of random bits for one run.
pub(crate) type Draw = Box<dyn Entropy>;

/// Seeds for cases that give no draw.
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

/// The extremes and their alternations, then seeded sequences.
pub(crate) fn many() -> impl Iterator<Item = Draw> {
    let extremes: [&[u64]; 4] = [&[0], &[u64::MAX], &[0, u64::MAX], &[u64::MAX, 0]];
    let extremes = extremes.into_iter().map(|bits| Box::new(Scripted::bits(bits)) as Draw);
    extremes.chain((0..SEEDS).map(|seed| Box::new(Seeded::new(seed)) as Draw))
}

/// The draw that the case gives as `random`, or [`many`].
pub(crate) fn given(input: Fields<'_>) -> Result<Box<dyn Iterator<Item = Draw>>, Fault> {
    Ok(match input.number("random")? {
        Some(u) => Box::new(std::iter::once(always(u))),
        None => Box::new(many()),
    })
}
