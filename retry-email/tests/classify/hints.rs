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

/// 300 s are 5 minutes, 3600 s an hour, 86400 s a day.
#[test]
fn a_waiting_time_is_read_in_many_wordings() {
    for (text, expected) in [
        ("450 4.7.1 Greylisted, please try again in 300 seconds", 300),
        ("450 Greylisted for 5 minutes", 300),
        ("451 4.7.1 try again in 5 min", 300),
        ("451 please retry in 5 mins", 300),
        ("451 please retry after 300 seconds", 300),
        ("451 greylisted for 299 seconds", 299),
        ("450 Greylisting in action, please come back in 00:04:59", 299),
        ("450 try again in 1 hour", 3600),
        ("450 retry in an hour", 3600),
        ("450 4.7.1 You are sending too fast; please wait 60 minutes before sending more", 3600),
        ("450 try again in 24 hours", 86400),
        ("550 5.4.5 Daily limit reached, try again in 24 hours", 86400),
        ("450 try again in one day", 86400),
        ("421 Too many connections, blocked for 15 minutes", 900),
        ("421 4.7.0 IP temporarily blocked for 15 minutes", 900),
        ("450 Temporarily rejected. Try again in 10 minutes.", 600),
        ("451 Try again in 60s", 60),
        ("451 try again in 1m30s", 90),
        ("451 try again in 1h 30m", 5400),
        ("451 try again in 1 hour 2 minutes", 3720),
        ("451 try again in 1 hour, 2 minutes", 3720),
        ("451 Please wait at least 2 minutes before trying again", 120),
        ("451 Please wait two minutes", 120),
        ("451 Try again in five minutes", 300),
        ("451 4.7.1 Delay 180 seconds", 180),
        ("451 4.7.1 Sender is greylisted. Delay 00:05:00", 300),
        ("450 4.7.1 Greylist in effect: 240 seconds remaining", 240),
        ("450 4.7.1 greylisted, 240 secs left", 240),
        ("451 Greylisted, please try again in about 5 minutes", 300),
        ("451 Retry-After: 300", 300),
        ("451 retry_after=300", 300),
        ("451 4.3.2 try again in 30 sec.", 30),
        ("451 4.3.2 Please try again 30 seconds later", 30),
        ("451 30 seconds until greylisting ends, retry then", 30),
        ("451 Try in 1 minute", 60),
        ("450 Resources restricted; come back in 20 minutes.", 1200),
        ("450 Retry not before 10 minutes", 600),
        ("450 do not retry within 10 minutes", 600),
        ("450 do not retry for the next 10 minutes", 600),
        ("450 retry in 600 seconds (10 minutes)", 600),
        ("450 Blocked for the next 8 hours", 28800),
        ("450 please try later (after 5 minutes)", 300),
        ("450 try again in 300 sec, see http://d.example/greylist?wait=600", 300),
        ("450 4.7.1 Bitte in 5 Minuten erneut versuchen", 300),
        ("450 Veuillez réessayer dans 5 minutes", 300),
        ("450 Inténtelo de nuevo en 5 minutos", 300),
        ("450 Tente novamente em 5 minutos", 300),
        ("450 Riprova tra 5 minuti", 300),
        ("450 Probeer het over 5 minuten opnieuw", 300),
        ("450 Spróbuj ponownie za 5 minut", 300),
        ("450 Попробуйте через 5 минут", 300),
        ("450 请5分钟后重试", 300),
        ("450 5分後に再試行してください", 300),
        ("450 4.7.1 rate limited, retry in 60 seconds, 10 messages per 300 seconds allowed", 60),
    ] {
        assert_eq!(seconds(text), Some(expected), "{text}");
    }
}

/// Limits, durations of what has been, times of day, ages, numbers of queues.
#[test]
fn a_time_that_is_told_is_not_always_a_time_to_wait() {
    for text in [
        "450 limit is 100 messages per 60 minutes, try again later",
        "450 4.7.1 too many messages: 50 in 60 seconds, try again later",
        "450 try again later (took 30 seconds)",
        "450 you sent 200 messages in 5 minutes; slow down and try again",
        "451 timeout after 300 seconds",
        "421 4.4.2 no data received for 60 seconds, try again",
        "450 greylisted at 12:30:45 try again later",
        "450 greylisted since 2026-01-02 10:00:00, try again later",
        "451 try again, error 300",
        "450 message still undelivered after 4 hours, will keep trying",
        "450 4.2.2 user over quota for 30 days, try again later",
        "450 try again on port 587",
        "450 queue id 300s4hq try again later",
        "450 messages are kept for 5 days, try again later",
        "450 no login for 90 days; try again",
        "450 rate limited: max 10 connections in 60 seconds",
        "451 connection idle for 60 seconds, try again",
        "451 Try again in 2 weeks? no",
        "421 4.7.0 timeout: no command for 120 seconds, please reconnect",
    ] {
        assert_eq!(seconds(text), None, "{text}");
    }
}
