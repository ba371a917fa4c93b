use std::fmt;

use crate::Ratio;

/// `2`, `1.5` where three decimal places will do, `1/3` elsewhere.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_fraction(f, self.times().into(), self.per().into())
    }
}

/// A ratio as a percentage.
pub(super) struct Percent(pub(super) Ratio);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In lowest terms, the factors of 100 that the denominator has are those it loses.
        let (times, mut per, mut hundred) = (u64::from(self.0.times()), u64::from(self.0.per()), 100_u64);
        for prime in [2, 2, 5, 5] {
            if per.is_multiple_of(prime) && hundred.is_multiple_of(prime) {
                (per, hundred) = (per / prime, hundred / prime);
            }
        }
        write_fraction(f, times * hundred, per)?;
        f.write_str("%")
    }
}

fn write_fraction(f: &mut fmt::Formatter<'_>, times: u64, per: u64) -> fmt::Result {
    if times.is_multiple_of(per) {
        return write!(f, "{}", times / per);
    }
    for (places, power) in [(1, 10_u64), (2, 100), (3, 1000)] {
        if power.is_multiple_of(per) {
            let (whole, part) = (times / per, times % per * (power / per));
            return write!(f, "{whole}.{part:0places$}");
        }
    }
    write!(f, "{times}/{per}")
}
