//! Durations: `1h30m`, exact to the nanosecond.

use std::fmt;

use super::error::ParseError;
use super::number::Misfit;
use super::parser::Parser;
use crate::time::FOREVER;

/// Each unit's name and length in nanoseconds, the longest first.
const UNITS: [(&str, u64); 10] = [
    ("w", 604_800_000_000_000),
    ("d", DAY),
    ("h", HOUR),
    ("m", MINUTE),
    ("s", SECOND),
    ("ms", 1_000_000),
    ("us", 1_000),
    // The micro sign and the Greek letter look alike.
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ns", 1),
];
const DAY: u64 = 86_400_000_000_000;
const HOUR: u64 = 3_600_000_000_000;
const MINUTE: u64 = 60_000_000_000;
const SECOND: u64 = 1_000_000_000;

/// What people also write, and what it is here.
const LONG: [(&str, &str); 27] = [
    ("week", "w"),
    ("weeks", "w"),
    ("day", "d"),
    ("days", "d"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("msec", "ms"),
    ("msecs", "ms"),
    ("milli", "ms"),
    ("millis", "ms"),
    ("millisecond", "ms"),
    ("milliseconds", "ms"),
    ("usec", "us"),
    ("micros", "us"),
    ("microseconds", "us"),
    ("nanos", "ns"),
    ("nanoseconds", "ns"),
];

/// Without end, as far as the engine goes: 2^64 - 1 ns.
const WORD: &str = "forever";
const EXAMPLE: &str = "a duration such as `30s` or `1h30m`";
const UNIT: &str = "a unit right behind the number (ns, us, ms, s, m, h, d, w)";

impl Parser<'_> {
    /// A duration in nanoseconds.
    pub(super) fn duration(&mut self) -> Result<u64, ParseError> {
        self.duration_or(EXAMPLE)
    }

    /// A duration; `what` says which one is missing where there is none.
    pub(super) fn duration_or(&mut self, what: &str) -> Result<u64, ParseError> {
        self.cursor.skip_space();
        if self.cursor.eat_word(WORD) {
            return Ok(FOREVER);
        }
        if !self.cursor.at_digit() {
            return Err(self.unexpected(&[what]));
        }
        let start = self.cursor.place();
        let (mut total, mut smallest) = (0_u64, u64::MAX);
        while self.cursor.at_digit() {
            let place = self.cursor.place();
            let number = self.decimal();
            let at_unit = self.cursor.place();
            let unit = self.cursor.take_while(char::is_alphabetic);
            let Some((_, length)) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)) else {
                let long = LONG.iter().find(|(long, _)| long.eq_ignore_ascii_case(unit));
                return Err(self.unexpected_with(at_unit, &[UNIT], long.map(|(_, unit)| (*unit).to_owned())));
            };
            if *length >= smallest {
                return Err(self.number(place, "units in falling order, as in `1h30m`"));
            }
            smallest = *length;
            total = match number.times(*length) {
                Ok(nanos) => total.checked_add(nanos).ok_or_else(|| self.too_long(start))?,
                Err(Misfit::TooGreat) => return Err(self.too_long(start)),
                Err(Misfit::TooFine) => return Err(self.number(place, "whole nanoseconds")),
            };
        }
        Ok(total)
    }

    /// Whether a duration stands here, and no plain number.
    pub(super) fn at_duration(&self) -> bool {
        let mut cursor = self.cursor;
        if cursor.at_word(WORD) {
            return true;
        }
        cursor.at_digit() && {
            cursor.take_while(|c| c.is_ascii_digit() || c == '.');
            let counts = ["attempts", "attempt", "retries", "retry"].iter().any(|word| cursor.at_word(word));
            !counts && cursor.peek().is_some_and(char::is_alphabetic)
        }
    }

    fn too_long(&self, place: super::cursor::Place) -> ParseError {
        self.number(place, "at most 30500w, or `forever`")
    }
}

/// Nanoseconds in the canonical form: days, hours, minutes, and seconds with their fraction; below a second the greatest
/// unit that leaves a whole part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span(pub(crate) u64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => return f.write_str("0s"),
            FOREVER => return f.write_str(WORD),
            1..1_000 => return decimal(f, self.0, 1, "ns"),
            1_000..1_000_000 => return decimal(f, self.0, 1_000, "us"),
            1_000_000..SECOND => return decimal(f, self.0, 1_000_000, "ms"),
            _ => {}
        }
        let mut rest = self.0;
        for (length, unit) in [(DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm')] {
            if rest >= length {
                write!(f, "{}{unit}", rest / length)?;
                rest %= length;
            }
        }
        if rest > 0 { decimal(f, rest, SECOND, "s") } else { Ok(()) }
    }
}

/// `nanos` in a unit of `length`, a power of a thousand, with as many places as it takes.
fn decimal(f: &mut fmt::Formatter<'_>, nanos: u64, length: u64, unit: &str) -> fmt::Result {
    write!(f, "{}", nanos / length)?;
    let mut part = nanos % length;
    if part > 0 {
        f.write_str(".")?;
        let mut place = length / 10;
        while part > 0 {
            write!(f, "{}", part / place)?;
            part %= place;
            place /= 10;
        }
    }
    f.write_str(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_with_the_units_of_people() {
        let texts = [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5us"),
            (999_999_999, "999.999999ms"),
            (1_000_000_000, "1s"),
            (1_000_000_001, "1.000000001s"),
            (90_000_000_000, "1m30s"),
            (4_000_000_000_000, "1h6m40s"),
            (86_400_000_000_000, "1d"),
            (86_400_500_000_000, "1d0.5s"),
            (1_209_600_000_000_000, "14d"),
            // 2^64 - 2
            (u64::MAX - 1, "213503d23h34m33.709551614s"),
            (u64::MAX, "forever"),
        ];
        for (nanos, text) in texts {
            assert_eq!(Span(nanos).to_string(), text);
        }
    }
}
