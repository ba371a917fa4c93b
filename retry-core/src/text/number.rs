//! Exact decimal numbers.

/// A number as written: digits, and digits after a point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal<'a> {
    whole: &'a str,
    fraction: &'a str,
}

/// Why a number does not fit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Misfit {
    TooGreat,
    TooFine,
}

impl<'a> Decimal<'a> {
    pub(super) const fn new(whole: &'a str, fraction: &'a str) -> Self {
        Self { whole, fraction }
    }

    /// The number times `scale`, if that is whole and fits.
    pub(super) fn times(self, scale: u64) -> Result<u64, Misfit> {
        let (numerator, denominator) = self.fraction()?;
        let product = numerator.checked_mul(scale.into()).ok_or(Misfit::TooGreat)?;
        if !product.is_multiple_of(denominator) {
            return Err(Misfit::TooFine);
        }
        u64::try_from(product / denominator).map_err(|_| Misfit::TooGreat)
    }

    /// The number as a whole one.
    pub(super) fn integer(self) -> Result<u64, Misfit> {
        self.times(1)
    }

    /// The number as a fraction, whose parts are below 10^38 and, for the lower one, 10^18.
    pub(super) fn fraction(self) -> Result<(u128, u128), Misfit> {
        let digits = self.fraction.trim_end_matches('0');
        let places = u32::try_from(digits.len()).ok().filter(|places| *places <= 18).ok_or(Misfit::TooFine)?;
        let denominator = 10_u128.pow(places);
        let whole: u64 = self.whole.parse().map_err(|_| Misfit::TooGreat)?;
        let part: u128 = if digits.is_empty() { 0 } else { digits.parse().map_err(|_| Misfit::TooFine)? };
        Ok((u128::from(whole) * denominator + part, denominator))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_or_refused() {
        assert_eq!(Decimal::new("1", "5").times(1_000_000_000), Ok(1_500_000_000));
        assert_eq!(Decimal::new("0", "000000001").times(1_000_000_000), Ok(1));
        assert_eq!(Decimal::new("0", "0000000010000000000000000").times(1_000_000_000), Ok(1));
        assert_eq!(Decimal::new("0", "0000000001").times(1_000_000_000), Err(Misfit::TooFine));
        assert_eq!(Decimal::new("0", "0000000000000000001").fraction(), Err(Misfit::TooFine));
        assert_eq!(Decimal::new("18446744073709551615", "").integer(), Ok(u64::MAX));
        assert_eq!(Decimal::new("18446744073709551616", "").integer(), Err(Misfit::TooGreat));
        // 2^64 * 10^18 is below 2^128; times a week in nanoseconds it is not
        assert_eq!(
            Decimal::new("18446744073709551615", "999999999999999999").times(604_800_000_000_000),
            Err(Misfit::TooGreat)
        );
    }
}
