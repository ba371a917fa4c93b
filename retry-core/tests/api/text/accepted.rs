//! What is accepted, and the policy that it is.

use std::num::NonZeroU32;
use std::time::Duration;

use retry_core::{
    Additive, ByAge, Constant, Decorrelated, DecorrelatedV2, Exponential, Fibonacci, HintRule, Interval, Law, Linear,
    Policy, Polynomial, Proportional, Ratio, Retryable, Schedule, Segment, Segments, Staggered,
};

use crate::support::facts::{DAY, FOREVER, HOUR, MINUTE, MS, SECOND, ns};

#[track_caller]
fn assert_reads(text: &str, built: Policy, canonical: &str) {
    let policy: Policy = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(policy, built, "{text}");
    assert_eq!(policy.to_string(), canonical, "{text}");
    assert_eq!(canonical.parse(), Ok(built), "{canonical}");
}

fn of(schedule: impl Into<Schedule>) -> Policy {
    Policy::new(schedule.into())
}

fn list(delays: &[Duration]) -> Staggered {
    Staggered::new(delays.to_vec()).unwrap()
}

fn ratio(times: u32, per: u32) -> Ratio {
    Ratio::new(times, per).unwrap()
}

#[test]
fn every_schedule_has_its_words() {
    let decorrelated = Decorrelated::new(SECOND, HOUR).unwrap();
    let postfix = ByAge::new(300 * SECOND, 4000 * SECOND).unwrap();
    assert_reads("const 5m", Policy::constant(5 * MINUTE), "const 5m");
    assert_reads("constant 0s", Policy::constant(Duration::ZERO), "const 0s");
    assert_reads("exp 1s..1h", Policy::exponential(SECOND, HOUR), "exp 1s..1h");
    assert_reads("exp 1s..1h x2", Policy::exponential(SECOND, HOUR), "exp 1s..1h");
    assert_reads("exponential 1s", of(Exponential::new(SECOND)), "exp 1s");
    assert_reads("linear 5m..1h", of(Linear::new(5 * MINUTE)).capped(HOUR), "linear 5m..1h");
    assert_reads(
        "linear 400s step 800s",
        of(Linear::new(800 * SECOND).starting_at(400 * SECOND)),
        "linear 6m40s step 13m20s",
    );
    assert_reads("fib 1s..1h", of(Fibonacci::new(SECOND)).capped(HOUR), "fib 1s..1h");
    assert_reads("fibonacci 1s", of(Fibonacci::new(SECOND)), "fib 1s");
    assert_reads("poly 15s n^4", of(Polynomial::new(15 * SECOND, SECOND, 4)), "poly 15s n^4");
    assert_reads("poly 15s + 2s n^4", of(Polynomial::new(15 * SECOND, 2 * SECOND, 4)), "poly 15s + 2s n^4");
    assert_reads(
        "polynomial 15s..1d+500ms n ^ 2",
        of(Polynomial::new(15 * SECOND, 500 * MS, 2)).capped(DAY),
        "poly 15s..1d + 500ms n^2",
    );
    assert_reads("decorrelated 1s..1h", of(decorrelated), "decorrelated 1s..1h");
    assert_reads("decorrelated-v2 1s..1h", of(DecorrelatedV2::new(SECOND, HOUR)), "decorrelated-v2 1s..1h");
    assert_reads("age 300s..4000s", of(postfix), "age 5m..1h6m40s");
}

#[test]
fn factors_are_exact_ratios() {
    let exp = |factor| of(Exponential::new(SECOND).factor(factor));
    assert_reads("exp 1s x1.5", exp(ratio(3, 2)), "exp 1s x1.5");
    assert_reads("exp 1s x3/2", exp(ratio(3, 2)), "exp 1s x1.5");
    assert_reads("exp 1s x6/4", exp(ratio(3, 2)), "exp 1s x1.5");
    assert_reads("exp 1s x1/3", exp(ratio(1, 3)), "exp 1s x1/3");
    assert_reads("exp 1s x1.618", exp(ratio(809, 500)), "exp 1s x1.618");
    // 1.0625 = 17 / 16
    assert_reads("exp 1s x1.0625", exp(ratio(17, 16)), "exp 1s x17/16");
    assert_reads("exp 1s X1.50", exp(ratio(3, 2)), "exp 1s x1.5");
    assert_reads("exp 1s \u{d7}3", exp(Ratio::integer(3)), "exp 1s x3");
    // 1.5 / 2
    assert_reads("exp 1s x1.5/2", exp(ratio(3, 4)), "exp 1s x0.75");
    assert_reads("exp 1s x4294967295", exp(Ratio::integer(u32::MAX)), "exp 1s x4294967295");
    assert_reads("exp 1h..1s x1/2", exp_shrinking(), "exp 1h..1s x0.5");
}

/// Allowed, since what shrinks comes below its cap.
fn exp_shrinking() -> Policy {
    of(Exponential::new(HOUR).factor(ratio(1, 2))).capped(SECOND)
}

#[test]
fn lists_stand_in_brackets_or_alone() {
    let five = [5 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR];
    assert_reads("5m, 5m, 10m, 30m, 1h", of(list(&five)), "[5m*2 10m 30m 1h]");
    assert_reads("[5m 5m 10m 30m 1h]", of(list(&five)), "[5m*2 10m 30m 1h]");
    assert_reads("[5m,5m , 10m,30m 1h,]", of(list(&five)), "[5m*2 10m 30m 1h]");
    let haraka = [&[MINUTE][..], &[5 * MINUTE; 2], &[HOUR; 3]].concat();
    assert_reads("1m, 5m*2, 1h*3", of(list(&haraka)), "[1m 5m*2 1h*3]");
    let repeating = [&[5 * MINUTE; 3][..], &[30 * MINUTE, HOUR]].concat();
    assert_reads("[5m 5m*2 30m 1h+]", of(list(&repeating).last_repeats()), "[5m*3 30m 1h+]");
    assert_reads("5m, 5m*2, 30m, 1h+", of(list(&repeating).last_repeats()), "[5m*3 30m 1h+]");
    assert_reads("5m*1+", of(list(&[5 * MINUTE]).last_repeats()), "[5m+]");
    assert_reads("[ 1s * 2 + ]", of(list(&[SECOND; 2]).last_repeats()), "[1s*2+]");
    // One delay, and so two attempts.
    assert_reads("5m", of(list(&[5 * MINUTE])), "[5m]");
    assert_reads("0s, 5m", of(list(&[Duration::ZERO, 5 * MINUTE])), "[0s 5m]");
}

#[test]
fn a_bare_list_ends_where_a_clause_begins() {
    let two = || of(list(&[5 * MINUTE, 10 * MINUTE]));
    assert_reads("5m, 10m, 8 attempts", two().attempts(8), "[5m 10m], 8 attempts");
    assert_reads("5m, 8 attempts", of(list(&[5 * MINUTE])).attempts(8), "[5m], 8 attempts");
    assert_reads("5m, 10m, within 3d", two().within(3 * DAY), "[5m 10m], within 3d");
    assert_reads("5m, 10m full", two().jitter(Law::FULL), "[5m 10m] full");
    assert_reads("5m, 10m+, 8 attempts", repeating().attempts(8), "[5m 10m+], 8 attempts");
    // A plus with something behind it is jitter.
    let spread = Law::from(Additive::new(30 * SECOND));
    assert_reads("5m, 10m+30s", two().jitter(spread), "[5m 10m] +30s");
    assert_reads("5m, 10m+ +30s", repeating().jitter(spread), "[5m 10m+] +30s");
    assert_reads("5m, 10m+ + 30s, 2 retries", repeating().jitter(spread).attempts(3), "[5m 10m+] +30s, 3 attempts");
    let both = Law::from(Additive::around(30 * SECOND));
    assert_reads("5m, 10m+-30s", two().jitter(both), "[5m 10m] +-30s");
}

fn repeating() -> Policy {
    of(list(&[5 * MINUTE, 10 * MINUTE]).last_repeats())
}

#[test]
fn segments_by_age_are_exims() {
    let segments = Segments::new(vec![
        Segment::new(2 * HOUR, Interval::Fixed(15 * MINUTE)),
        Segment::new(16 * HOUR, Interval::Geometric { first: HOUR, factor: ratio(3, 2) }),
        Segment::new(4 * DAY, Interval::Random { first: 6 * HOUR, factor: Ratio::TWO }),
    ]);
    assert_reads(
        "ages [2h: 15m, 16h: 1h x1.5, 4d: random 6h x2,]",
        of(segments.unwrap()),
        "ages [2h: 15m, 16h: 1h x1.5, 4d: random 6h x2]",
    );
}

#[test]
fn schedules_compose_with_the_precedence_that_is_documented() {
    let (soon, later) = (Schedule::from(Constant::new(5 * SECOND)), Schedule::from(Exponential::new(MINUTE)));
    assert_reads(
        "const 5s take 2 then exp 1m floor 90s",
        of(soon.clone().taken(2).followed_by(later.clone().at_least(90 * SECOND))),
        "const 5s take 2 then exp 1m floor 1m30s",
    );
    assert_reads(
        "(const 5s take 2 then exp 1m) times 3/2, cap 1h",
        of(soon.clone().taken(2).followed_by(later.clone()).times(ratio(3, 2))).capped(HOUR),
        "(const 5s take 2 then exp 1m) times 1.5, cap 1h",
    );
    let three = |a: &Schedule| a.clone().taken(1);
    assert_reads(
        "const 5s take 1 then exp 1m take 1 then [1h]",
        of(three(&soon).followed_by(three(&later)).followed_by(list(&[HOUR]).into())),
        "const 5s take 1 then exp 1m take 1 then [1h]",
    );
    assert_reads(
        "const 5s take 1 then (exp 1m take 1 then [1h])",
        of(three(&soon).followed_by(three(&later).followed_by(list(&[HOUR]).into()))),
        "const 5s take 1 then (exp 1m take 1 then [1h])",
    );
    // Parentheses that change nothing, and a cap that does not mind what stands behind it.
    assert_reads("((const 5s))", of(soon.clone()), "const 5s");
    assert_reads("exp 1m..1h take 5 floor 2m", of(later.taken(5).at_least(2 * MINUTE)).capped(HOUR), FLOORED);
    assert_reads("[5s] take 0", of(Schedule::from(list(&[5 * SECOND])).taken(0)), "[5s] take 0");
}

const FLOORED: &str = "exp 1m take 5 floor 2m, cap 1h";

#[test]
fn every_jitter_has_its_words() {
    let minute = |law: Law| Policy::constant(MINUTE).jitter(law);
    let part = |below, above| minute(Proportional::between(below, above).unwrap().into());
    assert_reads("const 1m full", minute(Law::FULL), "const 1m full");
    assert_reads("const 1m equal", minute(Law::EQUAL), "const 1m equal");
    assert_reads("const 1m none", minute(Law::None), "const 1m");
    assert_reads("const 1m +-15%", part(150_000, 150_000), "const 1m +-15%");
    assert_reads("const 1m \u{b1}12.5%", part(125_000, 125_000), "const 1m +-12.5%");
    assert_reads("const 1m +20%", part(0, 200_000), "const 1m +20%");
    assert_reads("const 1m -20%", part(200_000, 0), "const 1m -20%");
    assert_reads("const 1m -10%+20%", part(100_000, 200_000), "const 1m -10%+20%");
    assert_reads("const 1m -10% + 20 %", part(100_000, 200_000), "const 1m -10%+20%");
    assert_reads("const 1m -10%+10%", part(100_000, 100_000), "const 1m +-10%");
    assert_reads("const 1m +-0.0001%", part(1, 1), "const 1m +-0.0001%");
    assert_reads("const 1m +-100%", part(1_000_000, 1_000_000), "const 1m +-100%");
    assert_reads("const 1m +0%", part(0, 0), "const 1m +-0%");
    assert_reads("const 1m +30s", minute(Additive::new(30 * SECOND).into()), "const 1m +30s");
    assert_reads("const 1m +-30s", minute(Additive::around(30 * SECOND).into()), "const 1m +-30s");
    assert_reads("const 1m +-0s", minute(Additive::new(Duration::ZERO).into()), "const 1m +0s");
    assert_reads("const 1m+30s", minute(Additive::new(30 * SECOND).into()), "const 1m +30s");
}

#[test]
fn every_clause_sets_what_it_says() {
    let minute = || Policy::constant(MINUTE);
    assert_reads("const 1m, 8 attempts", minute().attempts(8), "const 1m, 8 attempts");
    assert_reads("const 1m, 7 retries", minute().attempts(8), "const 1m, 8 attempts");
    assert_reads("const 1m, 1 attempt", minute().attempts(1), "const 1m, 1 attempt");
    assert_reads("const 1m, 1 retry", minute().attempts(2), "const 1m, 2 attempts");
    assert_reads("const 1m, 0 retries", minute().attempts(1), "const 1m, 1 attempt");
    assert_reads("const 1m, 8attempts", minute().attempts(8), "const 1m, 8 attempts");
    assert_reads("const 1m, 4294967294 attempts", minute().attempts(u32::MAX - 1), "const 1m, 4294967294 attempts");
    assert_reads("const 1m, within 72h", minute().within(3 * DAY), "const 1m, within 3d");
    assert_reads("const 1m, within 0s", minute().within(Duration::ZERO), "const 1m, within 0s");
    assert_reads("const 1m, cap 1h", minute().capped(HOUR), "const 1m, cap 1h");
    assert_reads("exp 1s, cap 1h", Policy::exponential(SECOND, HOUR), "exp 1s..1h");
    assert_reads("const 1m, cap forever", minute(), "const 1m");
    assert_reads("exp 1s..forever, within forever", of(Exponential::new(SECOND)), "exp 1s");
    assert_reads("const 1m, cost 50%", minute().budget_cost(50), "const 1m, cost 50%");
    assert_reads("const 1m, cost 0%", minute().budget_cost(0), "const 1m, cost 0%");
    assert_reads("const 1m, cost 65535 %", minute().budget_cost(u16::MAX), "const 1m, cost 65535%");
    assert_reads("const 1m, cost 100%", minute(), "const 1m");
}

#[test]
fn every_hint_rule_has_its_words() {
    let hints = |rule, max| Policy::constant(MINUTE).hints(rule, max);
    let clamp = HintRule::Clamp(5 * SECOND);
    assert_reads("const 1m, hint at-least max 24h", hints(HintRule::AtLeast, DAY), "const 1m");
    assert_reads("const 1m, hint at_least", hints(HintRule::AtLeast, DAY), "const 1m");
    assert_reads("const 1m, hint max 2d", hints(HintRule::AtLeast, 2 * DAY), "const 1m, hint at-least max 2d");
    assert_reads("const 1m, hints clamp 5s max 1h", hints(clamp, HOUR), "const 1m, hint clamp 5s max 1h");
    assert_reads("const 1m, hint clamp 5s", hints(clamp, DAY), "const 1m, hint clamp 5s");
    // 5 s is what the AWS SDKs take
    assert_reads("const 1m, hint clamp", hints(clamp, DAY), "const 1m, hint clamp 5s");
    assert_reads("const 1m, hint clamp max 1h", hints(clamp, HOUR), "const 1m, hint clamp 5s max 1h");
    assert_reads(
        "const 1m, hint clamp, 3 attempts",
        hints(clamp, DAY).attempts(3),
        "const 1m, 3 attempts, hint clamp 5s",
    );
    assert_reads("const 1m, hint exactly", hints(HintRule::Exactly, DAY), "const 1m, hint exactly");
    assert_reads("const 1m, hint ignore", hints(HintRule::Ignore, DAY), "const 1m, hint ignore");
    assert_reads("const 1m, hint ignore max 0s", hints(HintRule::Ignore, ns(0)), "const 1m, hint ignore max 0s");
    assert_reads("const 1m, hint max forever", hints(HintRule::AtLeast, FOREVER), UNBOUNDED_HINTS);
}

const UNBOUNDED_HINTS: &str = "const 1m, hint at-least max forever";

#[test]
fn classes_have_policies_of_their_own() {
    let policy = Policy::exponential(SECOND, HOUR)
        .attempts(9)
        .on_class_owned(Retryable::Throttled, Policy::constant(MINUTE).hints(HintRule::Exactly, DAY))
        .on_class_owned(Retryable::Persistent, Policy::constant(4 * HOUR).within(3 * DAY))
        .on_class_owned(Retryable::Misconfigured, of(list(&[HOUR])))
        .on_class_owned(Retryable::Transient, Policy::constant(SECOND).jitter(Law::FULL).attempts(3).budget_cost(10));
    assert_reads(
        "exp 1s..1h, 9 attempts; throttled: const 1m, hint exactly; persistent: const 4h, within 3d; misconfigured: 1h; \
         transient: const 1s full, 3 attempts, cost 10%",
        policy,
        "exp 1s..1h, 9 attempts; transient: const 1s full, 3 attempts, cost 10%; throttled: const 1m, hint exactly; \
         persistent: const 4h, within 3d; misconfigured: [1h]",
    );
}

#[test]
fn durations_take_every_unit() {
    let texts = [
        ("1ns", 1, "1ns"),
        ("1us", 1_000, "1us"),
        ("1\u{b5}s", 1_000, "1us"),
        ("1\u{3bc}s", 1_000, "1us"),
        ("1MS", 1_000_000, "1ms"),
        ("1.5s", 1_500_000_000, "1.5s"),
        ("1m", 60_000_000_000, "1m"),
        ("1h30m", 5_400_000_000_000, "1h30m"),
        ("1.5h", 5_400_000_000_000, "1h30m"),
        ("0.5d", 43_200_000_000_000, "12h"),
        ("2w", 1_209_600_000_000_000, "14d"),
        ("1w1d1h1m1s1ms1us1ns", 694_861_001_001_001, "8d1h1m1.001001001s"),
        ("0.000000001s", 1, "1ns"),
        ("0.10us", 100, "100ns"),
        ("00005s", 5_000_000_000, "5s"),
        ("18446744073709551614ns", u64::MAX - 1, "213503d23h34m33.709551614s"),
        ("18446744073709551615ns", u64::MAX, "forever"),
        ("Forever", u64::MAX, "forever"),
    ];
    for (text, nanos, canonical) in texts {
        assert_reads(&format!("const {text}"), Policy::constant(ns(nanos)), &format!("const {canonical}"));
    }
}

#[test]
fn case_and_white_space_do_not_matter() {
    let policy = Policy::exponential(SECOND, HOUR).jitter(Law::FULL).attempts(8);
    assert_reads(" EXP 1S .. 1H X2 Full ,8   ATTEMPTS ", policy.clone(), "exp 1s..1h full, 8 attempts");
    assert_reads("exp 1s..1h x 2 full, 8 attempts", policy.clone(), "exp 1s..1h full, 8 attempts");
    assert_reads("exp\n  1s..1h\tfull,\n  8 attempts\n", policy.clone(), "exp 1s..1h full, 8 attempts");
    let throttled = policy.on_class_owned(Retryable::Throttled, Policy::constant(MINUTE));
    let canonical = "exp 1s..1h full, 8 attempts; throttled: const 1m";
    assert_reads("exp 1s..1h full,8 attempts;Throttled :const 1m", throttled, canonical);
}

/// 400 s times n squared: a peer's schedule is one line.
#[test]
fn a_text_does_what_it_says() {
    let policy: Policy = "linear 400s step 800s, 4 attempts".parse().unwrap();
    // 400 + 1,200 + 2,000 s
    assert_eq!(policy.max_total_delay(), Some(3600 * SECOND));
    let seed: Policy = "5m, 5m, 10m, 30m, 1h".parse().unwrap();
    assert_eq!(seed.max_attempts(), NonZeroU32::new(6));
    // 5 + 5 + 10 + 30 + 60 minutes
    assert_eq!(seed.max_total_delay(), Some(110 * MINUTE));
}
