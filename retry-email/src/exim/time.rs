//! Exim's time intervals.

use std::fmt::{self, Display, Formatter};

use super::Problem;

/// The greatest number of seconds: Exim counts in 32 bits with a sign, and wraps round beyond.
pub(super) const MOST: u64 = i32::MAX as u64;

const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

/// Seconds, from a word such as `2h30m`; in any order, as Exim takes them. An error says at which byte.
pub(super) fn seconds(word: &str) -> Result<u64, (usize, Problem)> {
    const EXPECTED: Problem = Problem::Unexpected { expected: "a time, such as 15m or 2h30m" };
    let (mut total, mut at) = (0_u64, 0);
    loop {
        let rest = &word[at..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 {
            return Err((at, EXPECTED));
        }
        let Some(unit) = rest[digits..].chars().next() else {
            return Err((at + digits, Problem::Unit));
        };
        let Some((_, length)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err((at + digits, Problem::Unit));
        };
        // Digits that do not fit 64 bits are too many for 32.
        let number = rest[..digits].parse::<u64>().unwrap_or(u64::MAX);
        total = total.saturating_add(number.saturating_mul(*length));
        if total > MOST {
            return Err((at, Problem::TooLong));
        }
        at += digits + 1;
        if at == word.len() {
            return if total == 0 { Err((0, Problem::Zero)) } else { Ok(total) };
        }
    }
}

/// Writes seconds with the greatest units first: `1d2h`.
pub(super) struct Written(pub(super) u64);

impl Display for Written {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        for (name, length) in UNITS {
            // Exim's manuals and its own output say 16h, 4d, 1w2d.
            if rest >= length {
                write!(f, "{}{name}", rest / length)?;
                rest %= length;
            }
        }
        if self.0 == 0 { f.write_str("0s") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_exim_reads_them() {
        // Each was given to Exim 4.96 by `exim -brt`, which prints the sum.
        for (word, expected) in
            [("15m", 900), ("2h30m", 9000), ("30m2h", 9000), ("2h2h", 14_400), ("1w2d", 777_600), ("007s", 7)]
        {
            assert_eq!(seconds(word), Ok(expected), "{word}");
        }
        assert_eq!(seconds("2147483647s"), Ok(MOST));
    }

    #[test]
    fn what_is_no_time_is_refused_where_it_goes_wrong() {
        let unexpected = Problem::Unexpected { expected: "a time, such as 15m or 2h30m" };
        for (word, at, problem) in [
            ("", 0, unexpected),
            ("m", 0, unexpected),
            ("2h30", 4, Problem::Unit),
            ("7200", 4, Problem::Unit),
            ("2H", 1, Problem::Unit),
            ("2hm", 2, unexpected),
            ("2é", 1, Problem::Unit),
            ("0s", 0, Problem::Zero),
            ("0w0s", 0, Problem::Zero),
            ("2147483648s", 0, Problem::TooLong),
            ("1w99999999999999999999999s", 2, Problem::TooLong),
        ] {
            assert_eq!(seconds(word), Err((at, problem)), "{word}");
        }
    }

    #[test]
    fn times_are_written_with_the_greatest_units_first() {
        for (value, expected) in [(900, "15m"), (9000, "2h30m"), (57_600, "16h"), (86_400, "1d"), (0, "0s")] {
            assert_eq!(Written(value).to_string(), expected);
        }
        assert_eq!(Written(MOST).to_string(), "3550w5d3h14m7s");
    }
}
