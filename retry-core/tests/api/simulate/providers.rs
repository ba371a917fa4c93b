use std::time::Duration;

use retry_core::simulate::{Fleet, RateLimit, Scenario};
use retry_core::{Law, Policy};

use super::support::{near, run, scenario};
use crate::support::facts::{MS, SECOND};

/// Unlimited attempts, a second doubling to a minute, full jitter.
const PATIENT: Policy = Policy::exponential(SECOND, Duration::from_secs(60)).jitter(Law::FULL);

fn patient() -> Fleet<'static> {
    Fleet::of(|_| PATIENT)
}

#[test]
fn no_provider_takes_more_than_its_limit() {
    let report = run(&scenario("rate-limit"), &Fleet::of(|_| Policy::constant(Duration::ZERO)), 1);
    // 100 at once and 100 a second: whoever asks all the time is served at just that rate
    assert_eq!(report.drained().map(|drained| drained.as_secs()), Some(199));
    let mut taken = 0;
    for (number, bin) in (1_u32..).zip(report.bins()) {
        taken += bin.succeeded;
        assert!(taken <= 100 + 20 * number, "bin {number}");
    }
    // 20 workers ask 50 times a second each; 1,000 - 100 are refused
    near(report.throttled(), 0.9, 0.01);
}

#[test]
fn the_ideal_drain_is_the_bursts_and_the_rates() {
    let drain = |name| scenario(name).ideal_drain().unwrap().as_secs();
    assert_eq!((drain("rate-limit"), drain("rate-cut"), drain("rate-ban")), (199, 255, 199));
    assert_eq!(scenario("metastable").ideal_drain(), None);
    let dead = scenario("rate-limit").disturb(retry_core::simulate::Disturbance::down(SECOND, Duration::MAX));
    assert_eq!(dead.ideal_drain(), Some(Duration::from_nanos(u64::MAX)));
}

#[test]
fn plain_backoff_drains_a_limit_slowly_and_a_ban_very_slowly() {
    let report = run(&scenario("rate-limit"), &patient(), 1);
    assert!(report.drained() > scenario("rate-limit").ideal_drain());
    assert_eq!(report.all().succeeded, 20_000);
    let banned = run(&scenario("rate-ban"), &patient(), 1);
    assert!(banned.drained() > report.drained().map(|drained| 2 * drained), "{:?}", banned.drained());
}

#[test]
fn a_hint_says_when_there_is_a_token_and_when_a_ban_is_over() {
    let limit = RateLimit::new(10.0, 1).hinted();
    let alone = Scenario::new().backlog(1, 100).capacity(f64::INFINITY).latency(MS).reject_latency(MS);
    let zero = Fleet::of(|_| Policy::constant(Duration::ZERO));
    let report = run(&alone.clone().limited(limit), &zero, 1);
    // whoever comes just then is served: each message but the first is refused once
    assert_eq!((report.all().throttled, report.all().succeeded), (99, 100));
    let banned = run(&alone.limited(limit.banning(SECOND / 2)), &zero, 1);
    assert_eq!((banned.all().throttled, banned.all().succeeded), (99, 100));
    // half a second each, and the round trips
    near(banned.drained().unwrap().as_secs_f64(), 99.0 * 0.5, 0.3);
}

#[test]
fn a_ban_refuses_even_those_who_have_become_modest() {
    let limit = RateLimit::new(1.0, 1).banning(10 * SECOND);
    let scenario = Scenario::new().backlog(1, 3).capacity(f64::INFINITY).latency(MS).attempts(u32::MAX).limited(limit);
    let report = run(&scenario, &Fleet::of(|_| Policy::constant(2 * SECOND)), 1);
    // Message 1 at once; 2 comes too early, is banned until 10 s, asks every 2 s and is served with the sixth retry; 3 the
    // same: two bans, five refusals each, or six where the ban ends a moment later than the fifth
    assert!((10..=12).contains(&report.all().throttled), "{}", report.all().throttled);
    assert!(report.drained() > Some(20 * SECOND));
}
