use std::time::Duration;

use retry_core::{Additive, Jitter, Law, Proportional, Seeded};

use super::sample::Sample;
use crate::support::facts::SECOND;

const DRAWS: u32 = 100_000;
/// One honest sample in a thousand has more.
const CHI_SQUARED: f64 = 43.8;

/// 100,000 draws for a delay of `delay` seconds are uniform in `low ..= high` seconds.
#[track_caller]
fn uniform(law: Law, delay: u32, cap: Duration, low: f64, high: f64) {
    let mut rng = Seeded::new(20);
    let sample = Sample::of(DRAWS, || law.apply(delay * SECOND, cap, &mut rng));
    let width = high - low;
    let near = |a: f64, b: f64| (a - b).abs() < width * 0.005;
    assert!(low <= sample.least() && sample.greatest() <= high, "{} {}", sample.least(), sample.greatest());
    // 100,000 draws come within a 10,000th of each end but for one sample in e^10
    assert!(sample.least() < low + width / 10_000.0 && high - width / 10_000.0 < sample.greatest());
    // the mean's standard deviation is width / sqrt(12 * 100,000), a 1,100th of the width
    assert!(near(sample.mean(), (low + high) / 2.0), "{}", sample.mean());
    // that of a decile is at most width / (2 * sqrt(100,000)), a 632nd of the width
    for tenths in 1..10_u8 {
        let exact = low + width * f64::from(tenths) / 10.0;
        assert!(near(sample.decile(tenths.into()), exact), "{tenths}: {}", sample.decile(tenths.into()));
    }
    let chi_squared = sample.chi_squared(low, high);
    assert!(chi_squared < CHI_SQUARED, "{chi_squared}");
}

fn proportional(percent: u32) -> Law {
    Proportional::percent(percent).unwrap().into()
}

fn additive(seconds: u32) -> Law {
    Additive::new(seconds * SECOND).into()
}

#[test]
fn full_jitter_is_uniform_from_zero_to_the_delay() {
    uniform(Law::FULL, 8, 100 * SECOND, 0.0, 8.0);
    // min(8, 5) = 5
    uniform(Law::FULL, 8, 5 * SECOND, 0.0, 5.0);
}

#[test]
fn equal_jitter_is_uniform_in_the_upper_half() {
    uniform(Law::EQUAL, 8, 100 * SECOND, 4.0, 8.0);
    // min(8, 5) = 5, half of it 2.5
    uniform(Law::EQUAL, 8, 5 * SECOND, 2.5, 5.0);
}

#[test]
fn proportional_jitter_is_uniform_around_the_delay() {
    // 10 - 20 % = 8, 10 + 20 % = 12
    uniform(proportional(20), 10, 100 * SECOND, 8.0, 12.0);
    // v' = min(10, 12 / 1.2) = 10: the cap just does not touch it
    uniform(proportional(20), 10, 12 * SECOND, 8.0, 12.0);
    // v' = min(10, 6 / 1.2) = 5, from 5 * 0.8 to 5 * 1.2
    uniform(proportional(20), 10, 6 * SECOND, 4.0, 6.0);
    // v' = min(10, 6 / 2) = 3, from 0 to 6
    uniform(proportional(100), 10, 6 * SECOND, 0.0, 6.0);
}

#[test]
fn additive_jitter_is_uniform_above_the_delay() {
    uniform(additive(3), 10, 100 * SECOND, 10.0, 13.0);
    // v' = min(10, 11 - 3) = 8
    uniform(additive(3), 10, 11 * SECOND, 8.0, 11.0);
    // wider than the cap: v' = 0, and the whole of the cap
    uniform(additive(3), 10, 2 * SECOND, 0.0, 2.0);
}

#[test]
fn without_jitter_there_is_nothing_to_draw() {
    let mut rng = Seeded::new(20);
    let sample = Sample::of(100, || Law::None.apply(8 * SECOND, 5 * SECOND, &mut rng));
    assert!(sample.least().total_cmp(&5.0).is_eq() && sample.greatest().total_cmp(&5.0).is_eq());
    assert_eq!(rng, Seeded::new(20));
}
