use std::time::Duration;

use retry_core::{
    Additive, Backoff, Decision, Decorrelated, DecorrelatedV2, Jitter, Law, Policy, Proportional, Schedule, Seeded,
    Session, Time, Verdict,
};

use super::sample::Sample;
use crate::support::facts::{HOUR, MS, SECOND};

const DRAWS: u32 = 100_000;
const CAP: Duration = Duration::from_secs(10);
/// The last thousandth below the cap.
const NEAR: f64 = 9.99;

/// The delays of one long run of `policy`.
fn run(policy: &Policy) -> Sample {
    let (mut session, mut rng) = (Session::begin(Time::default()), Seeded::new(21));
    Sample::of(DRAWS, || match session.on_failure(Time::default(), Verdict::TRANSIENT, policy, &mut rng) {
        Decision::Retry(wait) => wait.delay(),
        Decision::Stop(reason) => panic!("{reason}"),
    })
}

/// The part of draws within a thousandth of the cap, for a delay far above it.
#[track_caller]
fn near_the_cap(law: Law, expected: f64) {
    let mut rng = Seeded::new(22);
    let sample = Sample::of(DRAWS, || law.apply(HOUR, CAP, &mut rng));
    let near = sample.fraction_from(NEAR);
    // 100,000 draws: a standard deviation of at most sqrt(0.005 / 100,000) = 0.00022
    assert!((near - expected).abs() < 0.0009, "{near} for {expected}");
}

#[test]
fn no_law_piles_up_at_the_cap() {
    // a thousandth of the cap in an interval as wide as the cap
    near_the_cap(Law::FULL, 0.001);
    // .. half as wide
    near_the_cap(Law::EQUAL, 0.002);
    // .. 2 p C / (1 + p) = C / 3 wide, for p = 20 %
    near_the_cap(Proportional::percent(20).unwrap().into(), 0.003);
    // .. C / 5 wide
    near_the_cap(Additive::new(2 * SECOND).into(), 0.005);
    // no jitter, no spread: all of it
    near_the_cap(Law::None, 1.0);
}

/// Of the draws from U(b, C), a thousandth of C / (C - b) lie within a thousandth of the cap; the others of U(b, 3 previous) none.
#[track_caller]
fn decorrelated_spreads(policy: &Policy, base: f64) {
    let sample = run(policy);
    let from_the_whole = sample.fraction_from(10.0 / 3.0);
    let expected = from_the_whole * 0.001 * 10.0 / (10.0 - base);
    let near = sample.fraction_from(NEAR);
    assert!((near - expected).abs() < 0.0004, "{near} for {expected}");
    assert!(sample.least() >= base && sample.greatest() <= 10.0);
    assert!(from_the_whole > 0.5, "{from_the_whole}");
}

#[test]
fn decorrelated_delays_do_not_pile_up_at_their_cap() {
    let schedule = Decorrelated::new(SECOND, CAP).unwrap();
    decorrelated_spreads(&Policy::new(schedule.into()), 1.0);
}

#[test]
fn decorrelated_delays_do_not_pile_up_at_the_cap_of_a_policy() {
    let schedule = Decorrelated::new(SECOND, HOUR).unwrap();
    decorrelated_spreads(&Policy::new(schedule.into()).capped(CAP), 1.0);
}

/// Drawn below the cap and then multiplied, every delay from C / factor on would be cut to the cap.
#[test]
fn scaled_decorrelated_delays_do_not_pile_up_at_the_cap() {
    let schedule = Schedule::from(Decorrelated::new(SECOND, HOUR).unwrap()).times(retry_core::Ratio::TWO);
    let near = run(&Policy::new(schedule).capped(CAP)).fraction_from(NEAR);
    assert!(near < 0.002, "{near}");
}

#[test]
fn decorrelated_delays_do_not_pile_up_at_the_cap_of_an_open_schedule() {
    let policy = Decorrelated::new(SECOND, HOUR).unwrap().capped(CAP).into_policy();
    let (mut session, mut rng) = (Session::begin(Time::default()), Seeded::new(23));
    let sample = Sample::of(DRAWS, || {
        let decision = session.on_failure(Time::default(), Verdict::TRANSIENT, &policy, &mut rng);
        decision.delay().unwrap()
    });
    let near = sample.fraction_from(NEAR);
    assert!(near < 0.002, "{near}");
}

/// V2 freezes its step: the two draws must both come out at their ends to come near the longest delay.
#[track_caller]
fn v2_spreads(policy: &Policy) {
    let sample = run(policy);
    let longest = sample.greatest();
    assert!(longest <= 10.0);
    let near = sample.fraction_from(longest * 0.999);
    assert!(near < 0.000_1, "{near}");
    assert!(sample.fraction_from(NEAR) < 0.000_1);
    // it goes on to be spread: the deciles of what would be one value if it were cut
    assert!(sample.decile(9) - sample.decile(1) > longest / 4.0, "{} {}", sample.decile(1), sample.decile(9));
}

#[test]
fn v2_freezes_below_its_cap_and_does_not_cut() {
    v2_spreads(&Policy::new(DecorrelatedV2::new(100 * MS, CAP).into()));
}

#[test]
fn v2_freezes_below_the_cap_of_a_policy_and_does_not_cut() {
    v2_spreads(&Policy::new(DecorrelatedV2::new(100 * MS, HOUR).into()).capped(CAP));
}

#[test]
fn v2_below_the_cap_of_an_open_schedule_is_not_cut() {
    let policy = DecorrelatedV2::new(100 * MS, HOUR).capped(CAP).into_policy();
    let (mut session, mut rng) = (Session::begin(Time::default()), Seeded::new(24));
    let sample = Sample::of(DRAWS, || {
        let decision = session.on_failure(Time::default(), Verdict::TRANSIENT, &policy, &mut rng);
        decision.delay().unwrap()
    });
    let near = sample.fraction_from(NEAR);
    assert!(near < 0.001, "{near}");
}

/// Half of all first delays lie below `base`, by the curve's constants: f(1/2) / 1.4 = sqrt(2) tanh(sqrt(2)) / 1.4 = 0.8971.
#[test]
fn the_median_of_v2s_first_delay_is_near_its_base() {
    let (schedule, mut rng) = (DecorrelatedV2::new(SECOND, HOUR), Seeded::new(25));
    let first = retry_core::Failure::first(Verdict::TRANSIENT);
    let sample = Sample::of(DRAWS, || schedule.delay(&first, &mut rng).unwrap());
    assert!((sample.decile(5) - 0.8971).abs() < 0.01, "{}", sample.decile(5));
    // f(1) / 1.4 = 2 tanh(2) / 1.4 = 1.37718
    assert!(sample.greatest() < 1.3772 && sample.greatest() > 1.377, "{}", sample.greatest());
}
