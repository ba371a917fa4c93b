//! Waiting times in the text.

use super::support::classify;

fn seconds(text: &str) -> Option<u64> {
    classify(text).hint.map(|hint| hint.as_secs())
}

#[test]
fn a_waiting_time_is_read_with_its_unit() {
    for (text, expected) in [
        ("450 4.7.1 Greylisted, please try again in 300 seconds", 300),
        ("451 4.7.1 Greylisted for 5 minutes", 300),
        ("450 4.2.0 Greylisting in action, please come back in 00:04:30", 4 * 60 + 30),
        ("450 please come back in 1:00:00", 3_600),
        ("421 4.7.0 too many messages, wait 10 minutes", 600),
        ("450 try again in 2 hours", 7_200),
        ("450 retry in 90s", 90),
        ("450 retry in 1h30m", 5_400),
        ("450 retry in 1 hour and 30 minutes", 5_400),
        ("450 retry in 2 min 5 sec", 125),
        ("450 please wait at least 10 min.", 600),
        ("450 try again in an hour", 3_600),
        ("450 try again after one day", 86_400),
        ("450 greylisted, retry after 120", 120),
        ("450 try again in (300) seconds", 300),
        ("450-4.2.0 Greylisted,\r\n450 4.2.0 try again in 60 seconds", 60),
        ("550 Greylisted, retry in 1 hour", 3_600),
        ("452 4.2.2 mailbox full, try again in 4 hours", 14_400),
    ] {
        assert_eq!(seconds(text), Some(expected), "{text}");
    }
}

#[test]
fn other_languages_wait_as_well() {
    for (text, expected) in [
        ("450 Bitte in 5 Minuten erneut versuchen", 300),
        ("450 Veuillez réessayer dans 10 minutes", 600),
        ("450 Intente de nuevo en 30 segundos", 30),
        ("450 Tente novamente em 2 minutos", 120),
        ("450 Riprovare tra 15 minuti", 900),
        ("450 Probeer opnieuw over 5 minuten", 300),
        ("450 Повторите через 10 минут", 600),
        ("450 请在5分钟后重试", 300),
    ] {
        assert_eq!(seconds(text), Some(expected), "{text}");
    }
}

#[test]
fn other_numbers_are_no_waiting_time() {
    for text in [
        "450 try again",
        "450 try again in",
        "450 try again in 5",
        "450 try again in 5 years",
        "450 try again in seconds",
        "450 try again in 5x seconds",
        "450 limit of 10 connections per 60 seconds, try again later",
        "450 mail for 5 seconds is refused",
        "450 try again after 12 34 56 78",
        "450 retry after 10 tries",
    ] {
        assert_eq!(seconds(text), None, "{text}");
    }
}

#[test]
fn a_waiting_time_is_none_where_waiting_does_not_help() {
    assert_eq!(seconds("550 5.1.1 no such user, try again in 5 minutes"), None);
    assert_eq!(seconds("250 queued, will be tried again in 5 minutes"), None);
}

#[test]
fn a_waiting_time_is_a_week_at_the_most() {
    for text in [
        "450 try again in 400 hours",
        "450 try again in 99999999999999999999999 hours",
        "450 try again in 18446744073709551615 days",
        "450 try again in 99999999999999h99999999999999m",
    ] {
        assert_eq!(seconds(text), Some(7 * 86_400), "{text}");
    }
    assert_eq!(seconds("450 try again in 0 seconds"), Some(0));
}
