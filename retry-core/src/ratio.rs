//! Factors as ratios of integers, and their powers.

use std::num::NonZeroU32;

use crate::Invalid;

/// A factor `times / per`: exact, comparable, and usable in a `const`.
///
/// ```
/// use retry_core::{Invalid, Ratio};
///
/// const THREE_HALVES: Ratio = match Ratio::new(3, 2) {
///     Ok(ratio) => ratio,
///     Err(_) => panic!("compile error for 3 / 0"),
/// };
/// assert_eq!((THREE_HALVES.times(), THREE_HALVES.per()), (3, 2));
/// assert_eq!(Ratio::new(1, 0), Err(Invalid::Denominator));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Ratio {
    times: u32,
    per: NonZeroU32,
}

impl Ratio {
    /// 2.
    pub const TWO: Self = Self::integer(2);

    /// `times / per`, in lowest terms.
    ///
    /// # Errors
    /// [`Invalid::Denominator`] if `per` is 0.
    ///
    /// ```
    /// # use retry_core::Ratio;
    /// assert_eq!(Ratio::new(4, 2), Ok(Ratio::TWO));
    /// ```
    pub const fn new(times: u32, per: u32) -> Result<Self, Invalid> {
        let (mut a, mut b) = (times, per);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        // `a` is the greatest common divisor: 0 only for 0 / 0.
        if a == 0 {
            return Err(Invalid::Denominator);
        }
        match NonZeroU32::new(per / a) {
            Some(per) => Ok(Self { times: times / a, per }),
            None => Err(Invalid::Denominator),
        }
    }

    /// A whole number.
    ///
    /// ```
    /// # use retry_core::Ratio;
    /// assert_eq!(Ratio::integer(3).times(), 3);
    /// ```
    #[must_use]
    pub const fn integer(times: u32) -> Self {
        Self { times, per: NonZeroU32::MIN }
    }

    /// The numerator.
    ///
    /// ```
    /// # use retry_core::Ratio;
    /// assert_eq!(Ratio::TWO.times(), 2);
    /// ```
    #[must_use]
    pub const fn times(self) -> u32 {
        self.times
    }

    /// The denominator, never 0.
    ///
    /// ```
    /// # use retry_core::Ratio;
    /// assert_eq!(Ratio::TWO.per(), 1);
    /// ```
    #[must_use]
    pub const fn per(self) -> u32 {
        self.per.get()
    }

    pub(crate) fn to_f64(self) -> f64 {
        f64::from(self.times) / f64::from(self.per.get())
    }

    /// The least value that `self` takes to `cap` or beyond: what is cut to it and multiplied can be cut to `cap` then.
    pub(crate) const fn reaching(self, cap: u64) -> u64 {
        if self.times == 0 || cap == u64::MAX {
            return u64::MAX;
        }
        saturate((cap as u128 * self.per.get() as u128).div_ceil(self.times as u128))
    }

    /// `value * self`, rounded down, saturating.
    pub(crate) const fn of(self, value: u64) -> u64 {
        let product = value as u128 * self.times as u128 / self.per.get() as u128;
        saturate(product)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "checked")]
const fn saturate(value: u128) -> u64 {
    if value > u64::MAX as u128 { u64::MAX } else { value as u64 }
}

/// A positive number as `mantissa * 2^(exponent - 63)` with the mantissa's top bit set, or zero.
///
/// Powers by squaring stay within a few units in the last of 64 places, so that a product with nanoseconds, rounded
/// to the nearest, is exact to the nanosecond for delays below weeks; powers that fit 64 bits are exact themselves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Power {
    mantissa: u64,
    exponent: i64,
}

impl Power {
    const ONE: Self = Self { mantissa: 1 << 63, exponent: 0 };

    #[expect(clippy::cast_possible_truncation, reason = "the quotient is shifted to 64 bits")]
    pub(crate) const fn new(ratio: Ratio) -> Self {
        if ratio.times == 0 {
            return Self { mantissa: 0, exponent: 0 };
        }
        // A quotient of at least 64 significant bits, cut to exactly 64.
        let quotient = ((ratio.times as u128) << 96) / ratio.per.get() as u128;
        let top = 127 - quotient.leading_zeros();
        Self { mantissa: (quotient >> (top - 63)) as u64, exponent: top as i64 - 96 }
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the product is shifted to 64 bits")]
    const fn mul(self, other: Self) -> Self {
        let product = self.mantissa as u128 * other.mantissa as u128;
        let carry = (product >> 127) as u32;
        Self { mantissa: (product >> (63 + carry)) as u64, exponent: self.exponent + other.exponent + carry as i64 }
    }

    /// `self^n * value`, rounded to the nearest, saturating.
    #[inline]
    pub(crate) const fn raised(self, mut n: u32, value: u64) -> u64 {
        let (mut power, mut square) = (Self::ONE, self);
        loop {
            if n & 1 == 1 {
                power = power.mul(square);
            }
            n >>= 1;
            if n == 0 {
                return power.of(value);
            }
            square = square.mul(square);
        }
    }

    #[inline]
    const fn of(self, value: u64) -> u64 {
        let product = self.mantissa as u128 * value as u128;
        if product == 0 {
            return 0;
        }
        match 63 - self.exponent {
            shift @ 1..=127 => {
                let half = 1_u128 << (shift - 1);
                match product.checked_add(half) {
                    Some(rounded) => saturate(rounded >> shift),
                    None => u64::MAX,
                }
            }
            0 => saturate(product),
            128.. => 0,
            _ => u64::MAX,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(times: u32, per: u32, n: u32, value: u64) -> u64 {
        Power::new(Ratio::new(times, per).unwrap()).raised(n, value)
    }

    #[test]
    fn powers_are_exact_to_the_nanosecond() {
        for n in 0..30 {
            assert_eq!(power(2, 1, n, 7), 7 << n);
            // 3^n / 2^n of a value that 2^n divides
            assert_eq!(power(3, 2, n, 1 << 30), 3_u64.pow(n) << (30 - n), "{n}");
        }
        // 1.1^n of a second: 1.1, 1.21, 1.331, ..., 11^9 exactly
        assert_eq!(power(11, 10, 9, 1_000_000_000), 11_u64.pow(9));
        // 1.3^17 of five minutes, Postal's last: 13^17 * 300 / 10^8 ns = 25_951_2472_... computed by hand in u128
        let exact = (13_u128.pow(17) * 300_000_000_000 + 5 * 10_u128.pow(16)) / 10_u128.pow(17);
        assert_eq!(u128::from(power(13, 10, 17, 300_000_000_000)), exact);
    }

    #[test]
    fn powers_saturate_and_vanish_without_panic() {
        assert_eq!(power(u32::MAX, 1, u32::MAX, 1), u64::MAX);
        assert_eq!(power(1, u32::MAX, u32::MAX, u64::MAX), 0);
        assert_eq!(power(0, 1, 0, 9), 9);
        assert_eq!(power(0, 1, 3, 9), 0);
        assert_eq!(power(1, 1, u32::MAX, u64::MAX), u64::MAX);
        assert_eq!(power(u32::MAX, u32::MAX - 1, 1, u64::MAX), u64::MAX);
        assert_eq!(Ratio::new(u32::MAX, 1).unwrap().of(u64::MAX), u64::MAX);
    }
}
