//! Exim's factors: thousandths.

use std::fmt::{self, Display, Formatter};

use retry_core::Ratio;

use super::Problem;

/// The greatest number of thousandths: Exim counts in 32 bits with a sign, and wraps round beyond.
pub(super) const MOST: u32 = i32::MAX as u32;

/// Thousandths, from a word such as `1.5`; decimals after the third are cut off, as Exim does.
pub(super) fn thousandths(word: &str) -> Result<u32, (usize, Problem)> {
    let (whole, decimals) = word.split_once('.').unwrap_or((word, ""));
    let other = |digits: &str| digits.find(|c: char| !c.is_ascii_digit());
    let wrong = if whole.is_empty() { Some(0) } else { other(whole) };
    if let Some(at) = wrong.or_else(|| other(decimals).map(|at| whole.len() + 1 + at)) {
        return Err((at, Problem::Unexpected { expected: "a factor, such as 2 or 1.5" }));
    }
    let first_three =
        decimals.bytes().chain([b'0'; 3]).take(3).fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let value = whole.parse::<u32>().ok().and_then(|whole| whole.checked_mul(1000)?.checked_add(first_three));
    match value {
        Some(value @ 1000..=MOST) => Ok(value),
        _ => Err((0, Problem::Factor)),
    }
}

/// The thousandths of a ratio, if it is so many exactly and at least one whole.
pub(super) fn of(ratio: Ratio) -> Option<u32> {
    let thousandfold = u64::from(ratio.times()) * 1000;
    let value = thousandfold / u64::from(ratio.per());
    let exact = thousandfold % u64::from(ratio.per()) == 0;
    u32::try_from(value).ok().filter(|value| exact && (1000..=MOST).contains(value))
}

/// Writes thousandths with no more decimals than needed: `1.5`.
pub(super) struct Written(pub(super) u32);

impl Display for Written {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:03}", self.0 % 1000);
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { "" } else { "." };
        write!(f, "{}{point}{decimals}", self.0 / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_read_as_exim_reads_them() {
        // Each was given to Exim 4.96 by `exim -brt`, which prints what it read.
        for (word, expected) in
            [("1", 1000), ("1.5", 1500), ("1.", 1000), ("2.05", 2050), ("1.555", 1555), ("1.5559", 1555)]
        {
            assert_eq!(thousandths(word), Ok(expected), "{word}");
        }
        assert_eq!(thousandths("2147483.647"), Ok(MOST));
    }

    #[test]
    fn what_is_no_factor_is_refused_where_it_goes_wrong() {
        let unexpected = Problem::Unexpected { expected: "a factor, such as 2 or 1.5" };
        for (word, at, problem) in [
            ("", 0, unexpected),
            (".5", 0, unexpected),
            ("x", 0, unexpected),
            ("1.5x", 3, unexpected),
            ("1.5.5", 3, unexpected),
            ("1h", 1, unexpected),
            ("0.999", 0, Problem::Factor),
            ("2147483.648", 0, Problem::Factor),
            ("99999999999", 0, Problem::Factor),
        ] {
            assert_eq!(thousandths(word), Err((at, problem)), "{word}");
        }
    }

    #[test]
    fn factors_are_written_with_the_decimals_they_need() {
        for (value, expected) in [(1000, "1"), (1500, "1.5"), (2050, "2.05"), (1005, "1.005")] {
            assert_eq!(Written(value).to_string(), expected);
        }
    }

    #[test]
    fn ratios_are_thousandths_only_where_that_is_exact() {
        let ratio = |times, per| of(Ratio::new(times, per).unwrap());
        assert_eq!((ratio(3, 2), ratio(13, 10), ratio(1, 1)), (Some(1500), Some(1300), Some(1000)));
        // a third has no end of decimals, a half is below 1, and Exim's number is cut to 31 bits
        assert_eq!((ratio(4, 3), ratio(1, 2), ratio(u32::MAX, 1)), (None, None, None));
    }
}
