use retry_core::test_util::Scripted;
use retry_core::{DecorrelatedV2, Policy};

use crate::support::facts::{DAY, SECOND, Simulation};

/// What Polly.Core's `RetryHelper` gives for a uniform of 0.1 in every draw, in seconds.
const POLLY: [f64; 12] = [
    0.428_510_8,
    1.057_14,
    1.558_009_2,
    3.070_066_6,
    6.127_674_4,
    12.250_429_9,
    24.498_507_7,
    48.995_771_3,
    97.990_864_8,
    195.981_384_4,
    391.962_647_3,
    783.925_345_7,
];

#[test]
fn far_below_the_cap_v2_gives_pollys_delays() {
    let policy = Policy::new(DecorrelatedV2::new(SECOND, 365 * DAY).into()).attempts(13);
    let run = Simulation::idle(&policy, &mut Scripted::fractions(&[0.1]), 99);
    let delays = run.delays();
    assert_eq!(delays.len(), POLLY.len());
    for (n, (delay, polly)) in delays.iter().zip(POLLY).enumerate() {
        assert!((delay.as_secs_f64() - polly).abs() < 2e-7, "delay {}: {delay:?} is not {polly}", n + 1);
    }
}

/// The curve's place is the sum of the delays before, whoever stored it.
#[test]
fn v2_goes_on_from_stored_facts() {
    let schedule = DecorrelatedV2::new(SECOND, 365 * DAY);
    let run = Simulation::idle(&Policy::new(schedule.into()), &mut Scripted::fractions(&[0.1]), 12);
    let mut slept = std::time::Duration::ZERO;
    for (n, delay) in (1..).zip(run.delays()) {
        let failure = crate::support::facts::nth(n).with_slept(slept);
        let again = retry_core::Backoff::delay(&schedule, &failure, &mut Scripted::fractions(&[0.1]));
        assert_eq!(again, Some(delay), "{n}");
        slept += delay;
    }
}

/// Hints and other classes may have added to the time slept, or nothing of it may be known: the place on the curve is then
/// the nearest that it can have.
#[test]
fn v2_keeps_to_its_curve_whatever_was_slept() {
    let schedule = DecorrelatedV2::new(SECOND, 365 * DAY);
    let delay = |slept| {
        let failure = crate::support::facts::nth(5).with_slept(slept);
        retry_core::Backoff::delay(&schedule, &failure, &mut Scripted::fractions(&[0.5])).unwrap().as_secs_f64()
    };
    let curve = |t: f64| t.exp2() * (4.0 * t).sqrt().tanh() / 1.4;
    // the fifth delay reaches f(4.5); before, the curve stood between f(3) and f(4)
    assert!((delay(std::time::Duration::ZERO) - (curve(4.5) - curve(3.0))).abs() < 1e-8);
    assert!((delay(DAY) - (curve(4.5) - curve(4.0))).abs() < 1e-8);
}
