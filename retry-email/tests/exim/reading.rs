//! What Exim 4.96 reads: the rules of this file were given to it by `exim -brt`, with `* *` before sets that stand alone.

use std::time::Duration;

use retry_core::{Interval, Policy, Ratio, Schedule, Segment, Segments};
use retry_email::exim::{self, Rule};
use retry_email::preset::EXIM;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

fn fixed(until: Duration, interval: Duration) -> Segment {
    Segment::new(until, Interval::Fixed(interval))
}

fn geometric(until: Duration, first: Duration, times: u32, per: u32) -> Segment {
    Segment::new(until, Interval::Geometric { first, factor: Ratio::new(times, per).unwrap() })
}

fn random(until: Duration, first: Duration, times: u32, per: u32) -> Segment {
    Segment::new(until, Interval::Random { first, factor: Ratio::new(times, per).unwrap() })
}

/// With Exim's longest interval, and its end at the last cutoff.
fn policy(segments: Vec<Segment>) -> Policy {
    let last = segments.last().unwrap().until;
    Policy::new(Schedule::Segments(Segments::new(segments).unwrap())).capped(DAY).within(last)
}

#[track_caller]
fn assert_reads(text: &str, segments: Vec<Segment>) {
    assert_eq!(exim::parse(text), Ok(policy(segments)), "{text}");
}

#[test]
fn the_default_rule_is_the_preset() {
    for text in [
        "F,2h,15m; G,16h,1h,1.5; F,4d,6h",
        "F,2h,15m;G,16h,1h,1.5;F,4d,6h;",
        "*                      *           F,2h,15m; G,16h,1h,1.5; F,4d,6h",
        "  # the default\n*\t*\tF,120m,900s; \\\n      g, 960m, 60m, 1.500 ; \\\n   f,96h,6h\r\n\n",
    ] {
        assert_eq!(exim::parse(text).as_ref(), Ok(&EXIM), "{text}");
    }
}

#[test]
fn each_letter_is_its_kind_of_interval() {
    assert_reads("F,24h,30m;", vec![fixed(DAY, 30 * MINUTE)]);
    assert_reads("G,8h,10m,1.5", vec![geometric(8 * HOUR, 10 * MINUTE, 3, 2)]);
    assert_reads("H,1w,90m,2", vec![random(7 * DAY, 90 * MINUTE, 2, 1)]);
    assert_reads("f,1h,15m; g,2d,1h,2;", vec![fixed(HOUR, 15 * MINUTE), geometric(2 * DAY, HOUR, 2, 1)]);
}

#[test]
fn times_and_factors_are_exim_s() {
    assert_reads("F,1w2d3h4m5s,30m2h", vec![fixed(9 * DAY + 3 * HOUR + 4 * MINUTE + MINUTE / 12, 150 * MINUTE)]);
    assert_reads("F, 2h2h, 15m", vec![fixed(4 * HOUR, 15 * MINUTE)]);
    // the decimals after the third are cut off
    assert_reads("G,16h,1h,1.5559", vec![geometric(16 * HOUR, HOUR, 1555, 1000)]);
    assert_reads("G,16h,1h,1.", vec![geometric(16 * HOUR, HOUR, 1, 1)]);
}

#[test]
fn intervals_are_capped_at_a_day_and_the_end_is_the_last_cutoff() {
    let policy = exim::parse("F,4w,2d").unwrap();
    assert_eq!((policy.cap(), policy.time_limit()), (Some(DAY), Some(28 * DAY)));
}

#[test]
fn a_rule_says_for_whom_it_is() {
    let fields = |text: &str| {
        let rule: Rule = text.parse().unwrap();
        (rule.address().to_owned(), rule.error().to_owned(), rule.senders().map(str::to_owned))
    };
    let expected = |address: &str, error: &str, senders: Option<&str>| {
        (address.to_owned(), error.to_owned(), senders.map(str::to_owned))
    };
    assert_eq!(fields("F,1h,5m"), expected("*", "*", None));
    assert_eq!(fields("* refused_A F,2h,20m;"), expected("*", "refused_A", None));
    assert_eq!(fields("*   rcpt_4xx   senders=:   F,1h,30m"), expected("*", "rcpt_4xx", Some(":")));
    assert_eq!(
        fields(r#"a.domain  rcpt_452  senders = "xb.dom : yc.dom"  G,8h,10m,1.5"#),
        expected("a.domain", "rcpt_452", Some("xb.dom : yc.dom"))
    );
    assert_eq!(fields(r#""a \"b\" \\ c" quota_5d"#), expected(r#"a "b" \ c"#, "quota_5d", None));
    assert_eq!(fields(r"^\N[^@]+@xyz\d+\.abc\N$ * G,1h,10m,2"), expected(r"^\N[^@]+@xyz\d+\.abc\N$", "*", None));
}

#[test]
fn a_rule_without_sets_never_retries() {
    let policy = exim::parse("* *").unwrap();
    assert_eq!(policy.max_attempts().unwrap().get(), 1);
}

#[test]
fn a_section_is_read_line_by_line() {
    let rules = exim::parse_rules(
        "
begin retry
# Address or Domain    Error       Retries
alice@wonderland.fict  quota_5d    F,7d,3h
wonderland.fict        quota_5d
wonderland.fict        *           F,1h,15m; G,2d,1h,2;
*                      *           F,2h,15m; \\
   # a comment between a line and the rest of it
                                   G,16h,1h,1.5; F,5d,8h
",
    )
    .unwrap();
    let written: Vec<_> = rules.iter().map(ToString::to_string).collect();
    assert_eq!(
        written,
        [
            "alice@wonderland.fict quota_5d F,1w,3h",
            "wonderland.fict quota_5d",
            "wonderland.fict * F,1h,15m; G,2d,1h,2",
            "* * F,2h,15m; G,16h,1h,1.5; F,5d,8h",
        ]
    );
    assert_eq!(exim::parse_rules("\n# nothing\n"), Ok(vec![]));
}
