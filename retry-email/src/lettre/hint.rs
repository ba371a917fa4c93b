//! Waiting times in the text of a reply.

use std::time::Duration;

/// Words that tell a time to wait from any other time.
const TOPIC: &[&str] = &["try", "retry", "again", "back", "wait", "later", "greylisted", "graylisted", "greylisting"];

/// Words before the number. Not "per": `10 per 60 seconds` is a limit.
const BEFORE: &[&str] = &["in", "after", "for", "wait", "least", "about", "another"];

/// How long the text asks to wait: `try again in 300 seconds`. It must be in lower case.
///
/// What is too long for the type is as long as the type allows.
pub(super) fn wait(text: &str) -> Option<Duration> {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    if !words.clone().any(|word| TOPIC.contains(&word)) {
        return None;
    }
    while let Some(before) = words.next() {
        if !BEFORE.contains(&before) {
            continue;
        }
        let mut rest = words.clone();
        if let Some(wait) = duration(rest.next()?, rest.next()) {
            return Some(wait);
        }
    }
    None
}

/// `300` `seconds`, or `300s`.
fn duration(number: &str, next: Option<&str>) -> Option<Duration> {
    let end = number.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, unit) = number.split_at_checked(end)?;
    let unit = seconds(if unit.is_empty() { next? } else { unit })?;
    if digits.is_empty() {
        return None;
    }
    // All are digits: it can only be too great.
    let number = digits.parse().unwrap_or(u64::MAX);
    Some(Duration::from_secs(number.saturating_mul(unit)))
}

fn seconds(unit: &str) -> Option<u64> {
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_time_is_read_with_its_unit() {
        for (text, seconds) in [
            ("4.7.1 greylisted, please try again in 300 seconds", 300),
            ("4.7.1 recipient address rejected: greylisted for 5 minutes", 300),
            ("example.com greylisted for 60 seconds by zerospam", 60),
            ("greylisted, please retry in 5 minutes", 300),
            ("try again in 2 hours", 7_200),
            ("wait 90s", 90),
            ("please wait at least 10 min.", 600),
            ("try again after 0 seconds", 0),
            ("try in a while, or in 1 minute", 60),
            ("retry in 99999999999999999999 s", u64::MAX),
            ("retry in 18446744073709551615 hours", u64::MAX),
        ] {
            assert_eq!(wait(text), Some(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_waiting_time() {
        for text in [
            "",
            "try again",
            "try again in",
            "try again in 5",
            "try again in 5 years",
            "try again in seconds",
            "try again in 5x seconds",
            "limit of 10 connections per 60 seconds, try again later",
            "mail for 5 seconds is refused",
            "try again in é5 seconds",
        ] {
            assert_eq!(wait(text), None, "{text}");
        }
    }
}
