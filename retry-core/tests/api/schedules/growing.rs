use retry_core::{Backoff, Constant, Exponential, Fibonacci, Linear, Policy, Polynomial, Ratio, Seeded};

use crate::support::facts::{FOREVER, MINUTE, MS, SECOND, delays, ns, nth, seconds};

fn at(schedule: &dyn Backoff, n: u32) -> std::time::Duration {
    schedule.delay(&nth(n), &mut Seeded::new(0)).unwrap()
}

#[test]
fn constant_is_the_same_every_time() {
    assert_eq!(seconds(&Constant::new(5 * MINUTE), 4), [300; 4]);
    assert_eq!(at(&Constant::new(5 * MINUTE), u32::MAX), 5 * MINUTE);
}

#[test]
fn linear_grows_by_its_step() {
    assert_eq!(seconds(&Linear::new(5 * MINUTE), 4), [300, 600, 900, 1200]);
    // OpenSMTPD: t0 + 400 n^2 s; the differences of 0, 400, 1600, 3600, 6400 are 400, 1200, 2000, 2800
    let opensmtpd = Linear::new(800 * SECOND).starting_at(400 * SECOND);
    assert_eq!(seconds(&opensmtpd, 4), [400, 1200, 2000, 2800]);
    // a first delay above the step, and one of nothing
    assert_eq!(seconds(&Linear::new(SECOND).starting_at(9 * SECOND), 3), [9, 10, 11]);
    assert_eq!(seconds(&Linear::new(SECOND).starting_at(ns(0)), 3), [0, 1, 2]);
}

#[test]
fn exponential_doubles_unless_told_otherwise() {
    assert_eq!(seconds(&Exponential::new(SECOND), 10), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
    assert_eq!(seconds(&Exponential::new(SECOND).factor(Ratio::integer(10)), 4), [1, 10, 100, 1000]);
    assert_eq!(seconds(&Exponential::new(SECOND).factor(Ratio::integer(1)), 3), [1, 1, 1]);
    assert_eq!(seconds(&Exponential::new(SECOND).factor(Ratio::integer(0)), 3), [1, 0, 0]);
}

#[test]
fn exponential_grows_by_broken_factors_to_the_nanosecond() {
    let by = |times, per| Exponential::new(SECOND).factor(Ratio::new(times, per).unwrap());
    // x1.5 of a second: 1, 1.5, 2.25, 3.375, 5.0625, 7.59375
    let expected = [1_000, 1_500, 2_250, 3_375, 5_062, 7_593].map(|ms| ms * MS);
    let got: Vec<_> = (1..=6).map(|n| at(&by(3, 2), n)).collect();
    assert_eq!(got[..4], expected[..4]);
    assert_eq!([got[4], got[5]], [expected[4] + ns(500_000), expected[5] + ns(750_000)]);
    // x1.1 of a second: 11^n / 10^n, whole nanoseconds up to 11^9 = 2,357,947,691
    assert_eq!(at(&by(11, 10), 10), ns(2_357_947_691));
    // 11^10 / 10 = 2,593,742,460.1
    assert_eq!(at(&by(11, 10), 11), ns(2_593_742_460));
    // x1.3 of 5 min, Postal's 18th: 13^17 / 10^17 * 300 s = 25,951,247,758,144.02 ns
    let postal = Exponential::new(5 * MINUTE).factor(Ratio::new(13, 10).unwrap());
    assert_eq!(at(&postal, 18), ns(25_951_247_758_144));
}

#[test]
fn a_factor_below_one_shrinks_the_delay_to_nothing() {
    let halving = Exponential::new(8 * MS).factor(Ratio::new(1, 2).unwrap());
    assert_eq!(delays(&halving, 4), [8, 4, 2, 1].map(|ms| Some(ms * MS)));
    // 8 ms = 2^9 * 15,625 ns; 8 ms / 2^23 = 0.95 ns, to the nearest 1; / 2^24 = 0.48 ns, to the nearest 0
    assert_eq!([at(&halving, 24), at(&halving, 25), at(&halving, u32::MAX)], [ns(1), ns(0), ns(0)]);
}

#[test]
fn doubling_saturates_where_it_must_and_not_before() {
    // 2^62 and 2^63 ns still fit, 2^64 does not
    let doubling = Exponential::new(ns(1));
    assert_eq!([at(&doubling, 63), at(&doubling, 64)], [ns(1 << 62), ns(1 << 63)]);
    assert_eq!([at(&doubling, 65), at(&doubling, u32::MAX)], [FOREVER, FOREVER]);
    // 3 * 2^62 fits, 3 * 2^63 does not
    let three = Exponential::new(ns(3));
    assert_eq!([at(&three, 63), at(&three, 64)], [ns(3 << 62), FOREVER]);
}

#[test]
fn exponential_saturates_and_does_not_wrap() {
    let huge = Exponential::new(SECOND).factor(Ratio::integer(u32::MAX));
    // (2^32 - 1)^1 s = 4.29e18 ns fits, (2^32 - 1)^2 s does not
    assert_eq!(at(&huge, 2), u32::MAX * SECOND);
    assert_eq!([at(&huge, 3), at(&huge, u32::MAX)], [FOREVER, FOREVER]);
    assert_eq!(at(&Exponential::new(std::time::Duration::MAX), 1), FOREVER);
    assert_eq!(at(&Exponential::new(ns(0)), u32::MAX), ns(0));
}

#[test]
fn fibonacci_adds_the_last_two() {
    assert_eq!(seconds(&Fibonacci::new(SECOND), 12), [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144]);
    assert_eq!(seconds(&Fibonacci::new(5 * SECOND), 5), [5, 5, 10, 15, 25]);
    // F(93) = 12,200,160,415,121,876,738 is the last that fits 64 bits
    let single = Fibonacci::new(ns(1));
    assert_eq!([at(&single, 93), at(&single, 94)], [ns(12_200_160_415_121_876_738), FOREVER]);
    assert_eq!(at(&single, u32::MAX), FOREVER);
}

#[test]
fn polynomial_is_a_base_and_a_power() {
    // Sidekiq: 15 + n^4
    assert_eq!(seconds(&Polynomial::new(15 * SECOND, SECOND, 4), 6), [15, 16, 31, 96, 271, 640]);
    assert_eq!(seconds(&Polynomial::new(SECOND, 10 * SECOND, 1), 4), [1, 11, 21, 31]);
    // exponent 0 adds the unit each time: n^0 = 1, that of 0 as well
    assert_eq!(seconds(&Polynomial::new(SECOND, SECOND, 0), 3), [2, 2, 2]);
    assert_eq!(at(&Polynomial::new(ns(0), ns(1), u32::MAX), 3), FOREVER);
}

#[test]
fn a_cap_levels_every_growth() {
    let capped = |schedule| Policy::new(schedule).capped(4 * SECOND);
    let at = |policy: &Policy, n| policy.delay(&nth(n), &mut Seeded::new(0)).unwrap().as_secs();
    let exponential = capped(Exponential::new(SECOND).into());
    assert_eq!([1, 2, 3, 4, 99].map(|n| at(&exponential, n)), [1, 2, 4, 4, 4]);
    let fibonacci = capped(Fibonacci::new(SECOND).into());
    assert_eq!([3, 4, 5, 6, u32::MAX].map(|n| at(&fibonacci, n)), [2, 3, 4, 4, 4]);
}
