//! Instants as cases write them.

use std::time::{Duration, SystemTime};

use super::fault::Fault;

/// An instant of RFC 3339 in UTC and whole seconds, as `2019-06-03T11:00:00Z`; not before 1970.
pub(crate) fn parse(text: &str) -> Result<SystemTime, Fault> {
    let seconds =
        seconds(text).ok_or_else(|| Fault::unreadable(format!("`{text}` is no instant like 1970-01-01T00:00:00Z")))?;
    Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

fn seconds(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let in_range = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !in_range || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // A year that begins in March ends with the leap day: 153 days in each five months from there.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    // From 1 March of the year 0 to 1970.
    Some((days - 719_468) * 86_400 + hour * 3600 + minute * 60 + second)
}

fn numbers(text: &str, separator: char) -> Option<[u64; 3]> {
    let parts: Option<Vec<_>> = text.split(separator).map(|part| part.parse().ok()).collect();
    parts?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_leap_years() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            // 30 years and 7 leap days, less 2 s: 10,957 * 86,400 - 2
            ("1999-12-31T23:59:58Z", 946_684_798),
            ("2000-03-01T00:00:00Z", 951_868_800),
            ("2019-06-03T11:00:00Z", 1_559_559_600),
        ] {
            assert_eq!(parse(text).unwrap(), SystemTime::UNIX_EPOCH + Duration::from_secs(seconds), "{text}");
        }
        assert!(parse("1969-12-31T23:59:59Z").is_err() && parse("2019-06-03").is_err());
    }
}
