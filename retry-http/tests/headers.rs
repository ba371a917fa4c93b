use std::time::{Duration, SystemTime};

use retry_http::{InvalidHeader, PushBack, RateLimit, RateLimitPolicy, ResetFormat, RetryAfter, next_allowed};

use crate::support::{NOW, headers};

const FOREVER: Duration = Duration::from_nanos(u64::MAX);

/// 1994-11-06 08:49:37, the example of RFC 9110.
fn moment() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)
}

fn wait(fields: &[(&str, &str)]) -> Option<u64> {
    next_allowed(&headers(fields), NOW).map(|wait| wait.as_secs())
}

#[test]
fn retry_after_takes_digits_alone() {
    for (value, seconds) in [("0", 0), ("120", 120), (" 120", 120), ("\t42 ", 42), ("007", 7)] {
        assert_eq!(RetryAfter::parse(value).unwrap().delay(NOW), Duration::from_secs(seconds), "{value}");
    }
    for value in
        ["-2", "+1", "1.0", "2.5", "1e3", "0x10", "10;foo=bar", "120 seconds", "10, 20", "²", "١٢", "Infinity", "NaN"]
    {
        assert_eq!(RetryAfter::parse(value), Err(InvalidHeader::NoDelay), "{value}");
    }
    for value in ["", " ", "\t"] {
        assert_eq!(RetryAfter::parse(value), Err(InvalidHeader::Empty));
    }
    assert_eq!(RetryAfter::parse([0xff, b'1']), Err(InvalidHeader::NoDelay));
}

#[test]
fn a_delay_beyond_the_engine_saturates() {
    for value in ["18446744073709551615", "18446744073709551616", "99999999999999999999999999"] {
        assert_eq!(RetryAfter::parse(value).unwrap().delay(NOW), FOREVER, "{value}");
    }
    let last = RetryAfter::parse("Fri, 31 Dec 9999 23:59:59 GMT").unwrap();
    assert_eq!(last.delay(NOW), FOREVER);
}

#[test]
fn dates_count_from_now_and_past_ones_are_over() {
    for value in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
        let at = RetryAfter::parse(value).unwrap();
        assert_eq!(at.delay(moment() - Duration::from_secs(60)), Duration::from_secs(60), "{value}");
        assert_eq!(at.delay(moment() + Duration::from_secs(60)), Duration::ZERO, "{value}");
    }
}

#[test]
fn reset_headers_are_whole_numbers() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for (format, value, expected) in [
        (ResetFormat::Seconds, "5", Ok(5_000)),
        (ResetFormat::Seconds, "2.5", Err(InvalidHeader::NoDelay)),
        (ResetFormat::Seconds, "Fri, 17 Jul 2020 11:59:51 GMT", Err(InvalidHeader::NoDelay)),
        (ResetFormat::Millis, "1500", Ok(1_500)),
        (ResetFormat::UnixSeconds, "1000000005", Ok(5_000)),
        (ResetFormat::UnixSeconds, "1000000000", Ok(0)),
        (ResetFormat::UnixSeconds, "999999999", Err(InvalidHeader::Past)),
        (ResetFormat::UnixMillis, "1000000005500", Ok(5_500)),
        (ResetFormat::Detect, "999999999", Ok(999_999_999_000)),
        (ResetFormat::Detect, "1000000005", Ok(5_000)),
        (ResetFormat::Detect, "1000000005500", Ok(5_500)),
        (ResetFormat::Detect, "", Err(InvalidHeader::Empty)),
    ] {
        let delay = format.delay(value, now);
        assert_eq!(delay, expected.map(Duration::from_millis), "{format:?} {value}");
    }
    for format in [ResetFormat::Seconds, ResetFormat::Millis, ResetFormat::UnixSeconds, ResetFormat::UnixMillis] {
        assert!(format.delay("99999999999999999999", now).unwrap() >= Duration::from_secs(500 * 365 * 86_400));
    }
}

#[test]
fn push_back_is_one_signed_32_bit_number() {
    for (values, expected) in [
        (&["5000"][..], Some(PushBack::Delay(Duration::from_secs(5)))),
        (&[" 5000 "], Some(PushBack::Delay(Duration::from_secs(5)))),
        (&["2147483647"], Some(PushBack::Delay(Duration::from_millis(2_147_483_647)))),
        (&["2147483648"], Some(PushBack::DoNotRetry)),
        (&["-1"], Some(PushBack::DoNotRetry)),
        (&["+1"], Some(PushBack::DoNotRetry)),
        (&["1.5"], Some(PushBack::DoNotRetry)),
        (&[""], Some(PushBack::DoNotRetry)),
        (&["100", "10"], Some(PushBack::DoNotRetry)),
        (&[], None),
    ] {
        assert_eq!(PushBack::parse(values), expected, "{values:?}");
    }
}

#[test]
fn rate_limit_fields_are_lists_of_named_limits() {
    let limits = RateLimit::parse(r#""a";r=1;t=2, "b";r=0;pk=:AQI=:"#).unwrap();
    assert_eq!(limits.len(), 2);
    assert_eq!((limits[0].remaining, limits[0].resets), (1, Some(Duration::from_secs(2))));
    assert_eq!((limits[1].resets, limits[1].partition_key.as_deref()), (None, Some(&[1, 2][..])));
    let policies = RateLimitPolicy::parse(r#""a";q=100;w=60;qu="content-bytes""#).unwrap();
    assert_eq!((policies[0].quota, policies[0].unit.as_deref()), (100, Some("content-bytes")));
    for value in [
        r#""default;r=0;t=50"#,
        "default;r=0",
        r#""a";r=-1"#,
        r#""a";t=5"#,
        r#""a";r=1;t=-5"#,
        r#""a";r="1""#,
        "(\"a\" \"b\");r=1",
        "5;r=1",
        "☃",
    ] {
        assert_eq!(RateLimit::parse(value), Err(InvalidHeader::NoLimits), "{value}");
    }
}

#[test]
fn retry_after_takes_precedence_and_what_is_malformed_counts_as_absent() {
    let exhausted = ("ratelimit", r#""default";r=0;t=50"#);
    assert_eq!(wait(&[]), None);
    assert_eq!(wait(&[exhausted]), Some(50));
    assert_eq!(wait(&[exhausted, ("retry-after", "20")]), Some(20));
    assert_eq!(wait(&[exhausted, ("retry-after", "90")]), Some(90));
    assert_eq!(wait(&[exhausted, ("retry-after", "soon")]), Some(50));
    assert_eq!(wait(&[("ratelimit", r#""default;r=0;t=50"#)]), None);
    assert_eq!(wait(&[("ratelimit", r#""default";r=50;t=30"#)]), Some(0));
    assert_eq!(wait(&[("retry-after", "2"), ("retry-after", "3")]), Some(2));
    assert_eq!(wait(&[("retry-after-ms", "1500"), ("retry-after", "2")]), Some(1));
}

#[test]
fn of_several_limits_the_last_exhausted_one_to_reset_counts() {
    let two = r#""burst";r=0;t=10, "daily";r=0;t=3600, "other";r=5;t=9000"#;
    assert_eq!(wait(&[("ratelimit", two)]), Some(3600));
    assert_eq!(wait(&[("ratelimit", r#""burst";r=0;t=10"#), ("ratelimit", r#""daily";r=0;t=3600"#)]), Some(3600));
    assert_eq!(wait(&[("ratelimit", r#""burst";r=0"#)]), None, "exhausted, and nobody says until when");
}

#[test]
fn vendors_headers_are_read_after_the_standard_ones() {
    assert_eq!(wait(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "30")]), Some(30));
    assert_eq!(wait(&[("x-ratelimit-remaining", "1"), ("x-ratelimit-reset", "30")]), Some(0));
    assert_eq!(wait(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "40"), ("x-ratelimit-reset", "30")]), Some(40));
    assert_eq!(wait(&[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "1700000000")]), Some(1_700_000_000));
    assert_eq!(wait(&[("x-ratelimit-remaining", "none"), ("x-ratelimit-reset", "never")]), None);
}

#[test]
fn the_servers_own_clock_counts() {
    let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    // 784111807 is 30 s after the date; our clock stands in 1970.
    assert_eq!(
        wait(&[date, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "784111807")]),
        Some(784_111_807),
        "below 10^9: seconds"
    );
    let later = ("date", "Tue, 14 Nov 2023 22:13:20 GMT");
    // 1700000000 is that date.
    assert_eq!(wait(&[later, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1700000030")]), Some(30));
    assert_eq!(wait(&[later, ("retry-after", "Tue, 14 Nov 2023 22:13:30 GMT")]), Some(10));
    assert_eq!(wait(&[("date", "rubbish"), ("retry-after", "Thu, 01 Jan 1970 00:00:10 GMT")]), Some(10));
}
