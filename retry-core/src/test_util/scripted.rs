use crate::Entropy;

/// Random bits from a script: an [`Entropy`] that draws what the test says, over and over.
///
/// ```
/// use retry_core::test_util::Scripted;
/// use retry_core::{Full, Jitter};
/// use std::time::Duration;
///
/// let mut rng = Scripted::fractions(&[0.0, 0.5]);
/// let mut draw = || Full.apply(Duration::from_secs(8), Duration::MAX, &mut rng);
/// assert_eq!([draw(), draw(), draw()].map(|d| d.as_secs()), [0, 4, 0]);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Scripted {
    bits: Vec<u64>,
    next: usize,
}

impl Scripted {
    /// Draws `bits` in turn, from the beginning again after the last. An empty script draws zeros.
    ///
    /// ```
    /// # use retry_core::{Entropy, test_util::Scripted};
    /// let mut rng = Scripted::bits(&[7, 8]);
    /// assert_eq!([rng.next_u64(), rng.next_u64(), rng.next_u64()], [7, 8, 7]);
    /// ```
    #[must_use]
    pub fn bits(bits: &[u64]) -> Self {
        Self { bits: bits.to_vec(), next: 0 }
    }

    /// Draws the bits that stand for these fractions of the whole range: 0.0 is the least, 1.0 the greatest. What is
    /// outside, or not a number, counts as the nearest end.
    ///
    /// ```
    /// # use retry_core::{Entropy, test_util::Scripted};
    /// let mut rng = Scripted::fractions(&[1.0, f64::NAN]);
    /// assert_eq!([rng.next_u64(), rng.next_u64()], [u64::MAX, 0]);
    /// ```
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates; NaN gives 0")]
    pub fn fractions(fractions: &[f64]) -> Self {
        Self { bits: fractions.iter().map(|fraction| (fraction * 2_f64.powi(64)) as u64).collect(), next: 0 }
    }
}

impl Entropy for Scripted {
    fn next_u64(&mut self) -> u64 {
        let bits = self.bits.get(self.next).copied().unwrap_or(0);
        self.next = (self.next + 1).checked_rem(self.bits.len()).unwrap_or(0);
        bits
    }
}
