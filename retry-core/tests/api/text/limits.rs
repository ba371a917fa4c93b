//! Texts that are too large.

use retry_core::{ParseError, ParseErrorKind, Policy};

fn error(text: &str) -> ParseError {
    text.parse::<Policy>().unwrap_err()
}

#[track_caller]
fn assert_too_large(text: &str, column: usize, most: usize) {
    let error = error(text);
    assert!(matches!(error.kind(), ParseErrorKind::TooLarge { most: found, .. } if *found == most), "{error}");
    assert_eq!(error.column(), column);
}

#[test]
fn a_text_has_at_most_65536_bytes() {
    let padded = |length: usize| format!("const 1s{}", " ".repeat(length - "const 1s".len()));
    assert!(padded(65_536).parse::<Policy>().is_ok());
    assert_too_large(&padded(65_537), 1, 65_536);
}

/// 4,000,000,000 entries would take 64 GB.
#[test]
fn lists_have_at_most_65536_entries_together() {
    assert!("[1s*65536]".parse::<Policy>().is_ok());
    assert_too_large("[1s*65537]", 5, 65_536);
    assert_too_large("5m*4000000000", 4, 65_536);
    assert_too_large("[1s*65536 1s]", 13, 65_536);
    assert_too_large("[1s*60000] then [1s*6000]", 21, 65_536);
    assert_too_large("[1s*60000]; throttled: [1s*6000]", 28, 65_536);
    assert_too_large("[1s*65536] take 1 then ages [1h: 1s]", 30, 65_536);
}

#[test]
fn schedules_are_nested_at_most_32_deep() {
    let nested = |depth: usize| format!("{}const 1s{}", "(".repeat(depth), ")".repeat(depth));
    assert!(nested(32).parse::<Policy>().is_ok());
    assert_too_large(&nested(33), 33, 32);
    assert_too_large(&"(".repeat(65_000), 33, 32);
    // The first schedule is one, and each of these puts another around it.
    let taken = |times: usize| format!("const 1s{}", " take 9".repeat(times));
    assert!(taken(31).parse::<Policy>().is_ok());
    assert_too_large(&taken(32), 8 + 31 * 7 + 2, 32);
    let chained = |times: usize| format!("[1s]{}", " then [1s]".repeat(times));
    assert!(chained(31).parse::<Policy>().is_ok());
    assert_too_large(&chained(32), 4 + 31 * 10 + 2, 32);
}

#[test]
fn what_is_within_the_limits_round_trips() {
    let deep = format!("const 1s{}", " take 9".repeat(31));
    assert_eq!(deep.parse::<Policy>().unwrap().to_string(), deep);
    let right = format!("{}[1s]{}", "[1s] then (".repeat(31), ")".repeat(31));
    let policy: Policy = right.parse().unwrap();
    assert_eq!(policy.to_string().parse(), Ok(policy));
}
