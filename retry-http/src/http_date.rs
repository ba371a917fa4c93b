//! Dates of HTTP, with what servers make of them.

use std::time::{Duration, SystemTime};

/// Parses the three forms of RFC 9110 section 5.6.7: IMF-fixdate, RFC 850 (two-digit years are 1970 to 2069), asctime, all of
/// them in UTC. Of the first, also what many servers send: a day of one digit, and the zones UTC, Z and +0000.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok().or_else(|| httpdate::parse_http_date(&strict(text)?).ok())
}

/// An almost-IMF date in the exact form.
fn strict(text: &str) -> Option<String> {
    let mut words = text.split_ascii_whitespace();
    let (weekday, day, month) = (words.next()?, words.next()?, words.next()?);
    let (year, time, zone) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || !matches!(zone, "GMT" | "UTC" | "UT" | "Z" | "+0000" | "-0000") {
        return None;
    }
    Some(format!("{weekday} {day:0>2} {month} {year} {time} GMT"))
}

/// From `now` to `then`, zero if it is past, at most what the engine can wait.
pub(crate) fn until(then: SystemTime, now: SystemTime) -> Duration {
    clamped(then.duration_since(now).unwrap_or_default())
}

/// At most 584 years, the longest span the engine works with.
pub(crate) fn clamped(delay: Duration) -> Duration {
    delay.min(Duration::from_nanos(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_and_the_common_deviations_are_the_same_moment() {
        // 784111777 s after the epoch: the example of RFC 9110.
        let moment = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777));
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 6 Nov 1994 08:49:37 +0000",
        ] {
            assert_eq!(parse(text), moment, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "Sun, 06 Nov 1994 08:49:37 +0200",
            "Sun, 06 Nov 1994 08:49:37",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Fri, 32 Dec 1999 23:59:59 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun, 0006 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
