use std::borrow::Cow;

/// The message with a `Message-ID` and a `Date`, where its header lacks them (RFC 5322 section 3.6; RFC 6409 section 8 lets a
/// submitter add them).
///
/// Do this once, before the first attempt: the Message-ID then stays the same in every attempt, at every host and after a restart,
/// and receivers can tell copies. `seconds` is the time since 1970 in UTC; `unique` must differ between messages, as a random number
/// does; `domain` is the sender's.
///
/// ```
/// use retry_email::identified;
///
/// let message = identified(b"Subject: hello\r\n\r\nHello", 1_795_305_600, 42, "example.org");
/// let text = String::from_utf8_lossy(&message);
/// assert!(text.starts_with("Message-ID: <"));
/// assert!(text.contains("@example.org>\r\nDate: Sun, 22 Nov 2026 00:00:00 +0000\r\nSubject: hello\r\n"));
///
/// // Whatever has both stays as it is.
/// assert_eq!(identified(&message, 0, 0, "example.org"), message);
/// ```
#[must_use]
pub fn identified<'m>(message: &'m [u8], seconds: u64, unique: u128, domain: &str) -> Cow<'m, [u8]> {
    let (has_id, has_date) = (has_field(message, b"message-id"), has_field(message, b"date"));
    if has_id && has_date {
        return Cow::Borrowed(message);
    }
    let mut whole = Vec::with_capacity(message.len() + 128);
    if !has_id {
        let domain: String = domain.chars().filter(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect();
        let domain = if domain.is_empty() { "localhost" } else { &domain };
        whole.extend_from_slice(format!("Message-ID: <{seconds:x}.{unique:032x}@{domain}>\r\n").as_bytes());
    }
    if !has_date {
        whole.extend_from_slice(format!("Date: {}\r\n", rfc5322(seconds)).as_bytes());
    }
    if !begins_with_header(message) {
        whole.extend_from_slice(b"\r\n");
    }
    whole.extend_from_slice(message);
    Cow::Owned(whole)
}

/// The lines of the header, continuations among them.
fn header(message: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = message.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.take_while(|line| !line.is_empty())
}

fn has_field(message: &[u8], name: &[u8]) -> bool {
    header(message).any(|line| {
        let end = line.iter().position(|&byte| byte == b':').unwrap_or(0);
        line[..end].trim_ascii_end().eq_ignore_ascii_case(name)
    })
}

/// Whether the first line is a field, or the empty line that ends a header: else all of it is body.
fn begins_with_header(message: &[u8]) -> bool {
    match header(message).next() {
        None => true,
        Some(line) => {
            let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
            let word = name.trim_ascii_end();
            name.len() < line.len() && !word.is_empty() && word.iter().all(u8::is_ascii_graphic)
        }
    }
}

/// A date in UTC. The calendar is Howard Hinnant's `civil_from_days`.
fn rfc5322(seconds: u64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months from March on.
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, year) =
        if month < 10 { (month + 2, era * 400 + year_of_era) } else { (month - 10, era * 400 + year_of_era + 1) };
    let weekday = usize::try_from(days % 7).map_or("", |day| DAYS[day]);
    let month = usize::try_from(month).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} +0000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, date) in [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 +0000"),
            (1_709_251_200, "Fri, 01 Mar 2024 00:00:00 +0000"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 +0000"),
        ] {
            assert_eq!(rfc5322(seconds), date);
        }
        // No panic for any number.
        assert!(rfc5322(u64::MAX).ends_with("+0000"));
    }

    #[test]
    fn only_what_is_missing_is_added() {
        let add =
            |message: &str| String::from_utf8(identified(message.as_bytes(), 0, 1, "x y.org").into_owned()).unwrap();
        let id = "Message-ID: <0.00000000000000000000000000000001@xy.org>\r\n";
        let date = "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n";
        assert_eq!(add("message-id: <a@b>\n\nDate: body"), format!("{date}message-id: <a@b>\n\nDate: body"));
        assert_eq!(add("DATE : today\n\n"), format!("{id}DATE : today\n\n"));
        assert_eq!(add("hello, no header here"), format!("{id}{date}\r\nhello, no header here"));
        assert_eq!(add("\r\nbody"), format!("{id}{date}\r\nbody"));
        assert_eq!(add(""), format!("{id}{date}"));
    }
}
