//! Durations as people read and write them.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use retry_core::Policy;

/// A duration by its greatest units, rounded to what a reader looks at: a whole minute of days, a second of hours and minutes,
/// a hundredth below.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Span(pub(super) Duration);

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const YEAR: u64 = 365 * DAY;

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // `pad` honours the width.
        f.pad(&self.text())
    }
}

impl Span {
    fn text(self) -> String {
        let nanos = self.0.as_nanos();
        let rounded = |unit: u128| u64::try_from((nanos + unit / 2) / unit).unwrap_or(u64::MAX);
        if nanos == 0 {
            return String::from("0s");
        }
        for (limit, unit, name) in [(1_000, 1, "ns"), (999_995, 1_000, "us"), (999_995_000, 1_000_000, "ms")] {
            if nanos < limit {
                return decimal(rounded((unit / 100).max(1)), if unit == 1 { 1 } else { 100 }, name);
            }
        }
        if nanos < 59_995_000_000 {
            return decimal(rounded(10_000_000), 100, "s");
        }
        let secs = rounded(1_000_000_000);
        if secs < DAY {
            return units(&[(secs / HOUR, "h"), (secs % HOUR / MINUTE, "m"), (secs % MINUTE, "s")]);
        }
        if secs < 2 * YEAR {
            let secs = rounded(60_000_000_000).saturating_mul(MINUTE);
            return units(&[(secs / DAY, "d"), (secs % DAY / HOUR, "h"), (secs % HOUR / MINUTE, "m")]);
        }
        format!("{}y", self.0.as_secs() / YEAR)
    }
}

/// `value / per`, with no more decimals than needed.
fn decimal(value: u64, per: u64, unit: &str) -> String {
    let digits = if per == 1 { String::new() } else { format!("{:02}", value % per) };
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    format!("{}{point}{digits}{unit}", value / per)
}

fn units(parts: &[(u64, &str)]) -> String {
    parts.iter().filter(|(value, _)| *value > 0).map(|(value, unit)| format!("{value}{unit}")).collect()
}

/// For the command line: as in a policy, so that a duration is the same everywhere.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let advice = || String::from("give numbers with units, such as 30s, 1m30s or 250ms");
    if text.is_empty() || !text.chars().all(|c| c.is_alphanumeric() || c == '.') {
        return Err(advice());
    }
    let policy: Policy = format!("const {text}").parse().map_err(|_| advice())?;
    policy.attempts(2).max_total_delay().ok_or_else(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_the_units_that_a_reader_looks_at() {
        let (ms, second) = (1_000_000, 1_000_000_000_u64);
        for (nanos, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5us"),
            (337_504_999, "337.5ms"),
            (999 * ms, "999ms"),
            (999_999_999, "1s"),
            (1_239 * ms, "1.24s"),
            (59_999 * ms, "1m"),
            (306 * second, "5m6s"),
            (4000 * second, "1h6m40s"),
            (3600 * second, "1h"),
            (86_399_600_000_000, "1d"),
            (341_212 * second + 500 * ms, "3d22h47m"),
            (u64::MAX, "584y"),
        ] {
            assert_eq!(Span(Duration::from_nanos(nanos)).to_string(), text);
        }
        assert_eq!(Span(Duration::MAX).to_string(), "584942417355y");
        assert_eq!(format!("{:>6}|", Span(Duration::from_secs(5))), "    5s|");
    }

    #[test]
    fn a_duration_is_read_as_in_a_policy() {
        for (text, nanos) in [("0s", 0), ("250ms", 250_000_000), ("1m30s", 90_000_000_000), ("1.5h", 5_400_000_000_000)]
        {
            assert_eq!(parse(text), Ok(Duration::from_nanos(nanos)));
        }
        for text in ["", "5", "soon", "5s full", "5s,5s", "-5s", "5s, 3 attempts"] {
            assert!(parse(text).unwrap_err().contains("30s"), "{text}");
        }
    }
}
