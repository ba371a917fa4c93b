//! How long an attempt was put off, in two bytes.

use std::time::Duration;

/// A sum of waits in microseconds, as an 11-bit number and a power of two: each wait is rounded up by less than a
/// part in 1,024, or to a microsecond. A session has two bytes to spare.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub(crate) struct PutOff(u16);

const BITS: u32 = 11;

impl PutOff {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The sum with a wait, at most the greatest one there is: 50 days.
    pub(crate) fn and(self, wait: Duration) -> Self {
        let wait = wait.as_nanos().div_ceil(1000).max(1);
        let sum = self.micros() + wait;
        let power = (u128::BITS - sum.leading_zeros()).saturating_sub(BITS);
        // Rounding up can need one power more.
        let power = if sum.div_ceil(1 << power) >> BITS > 0 { power + 1 } else { power };
        match (u16::try_from(sum.div_ceil(1 << power.min(127))), u16::try_from(power)) {
            (Ok(number), Ok(power)) if power < 32 => Self(power << BITS | number),
            _ => Self(u16::MAX),
        }
    }

    /// To a part in 256, for the sum is rounded up.
    pub(crate) fn is_within(self, at_most: Duration) -> bool {
        let at_most = at_most.as_nanos().div_ceil(1000);
        self.micros() <= at_most + at_most / 256
    }

    const fn micros(self) -> u128 {
        ((self.0 & ((1 << BITS) - 1)) as u128) << (self.0 >> BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(waits: &[u64]) -> u128 {
        waits.iter().fold(PutOff::NONE, |sum, wait| sum.and(Duration::from_micros(*wait))).micros()
    }

    #[test]
    fn sums_are_rounded_up_by_little() {
        assert_eq!(sum(&[]), 0);
        assert_eq!(sum(&[0]), 1);
        assert_eq!(sum(&[1, 2, 2044]), 2047);
        // 2048 = 1024 * 2, 2049 is rounded to 2050
        assert_eq!((sum(&[2048]), sum(&[2049])), (2048, 2050));
        // 4095 = 2048 * 2 needs one power more: 1024 * 4
        assert_eq!(sum(&[4095]), 4096);
        let waits = [10_000; 500];
        let exact = 5_000_000;
        assert!((exact..exact * 5 / 4).contains(&sum(&waits)), "{}", sum(&waits));
    }

    #[test]
    fn the_longest_waits_stay_the_longest() {
        let longest = PutOff::NONE.and(Duration::MAX);
        // 2047 * 2^31 us
        assert_eq!(longest.micros(), 2047 << 31);
        assert_eq!(longest.and(Duration::MAX), longest);
        assert!(longest.is_within(Duration::MAX) && !longest.is_within(Duration::from_secs(4_000_000)));
    }

    #[test]
    fn a_wait_of_exactly_the_most_is_within_it() {
        for seconds in 1..100 {
            let wait = Duration::from_secs(seconds);
            let put_off = PutOff::NONE.and(wait);
            assert!(put_off.is_within(wait) && !put_off.is_within(wait * 99 / 100));
        }
    }
}
