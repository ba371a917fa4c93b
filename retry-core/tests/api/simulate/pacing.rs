//! A sender that paces itself, against providers that limit it.

use std::time::Duration;

use retry_core::simulate::{Fleet, Summary};
use retry_core::{Aimd, Law, Pacer, Policy, RetryPolicy as _, Time};

use super::support::{near, runs, scenario};
use crate::support::facts::SECOND;

/// A second doubling to a minute, full jitter, for as long as it takes.
const PATIENT: Policy = Policy::exponential(SECOND, Duration::from_secs(60)).jitter(Law::FULL);

/// The longest time to drain over the ideal one, of five seeds.
fn paced<Q: Pacer + 'static>(name: &str, pacer: fn(Time) -> Q) -> (f64, Summary) {
    let fleet = Fleet::of(move |_| PATIENT.paced(pacer(Time::default())));
    let (scenario, summary) = (scenario(name), runs(&scenario(name), &fleet, 5));
    near(summary.success(), 1.0, 1e-9);
    let drained = summary.drained().iter().map(|drained| drained.unwrap().as_secs_f64());
    (drained.fold(0.0, f64::max) / scenario.ideal_drain().unwrap().as_secs_f64(), summary)
}

#[test]
fn pacing_drains_a_plain_limit_in_little_more_than_the_least_time_and_is_hardly_refused() {
    let (ratio, summary) = paced("rate-limit", Aimd::new);
    assert!(ratio <= 1.15, "{ratio}");
    assert!(summary.throttled() <= 0.015, "{}", summary.throttled());
}

#[test]
fn pacing_drains_a_provider_that_bans_in_half_the_time_of_plain_retries() {
    let (ratio, _) = paced("rate-ban", Aimd::new);
    assert!(ratio <= 2.2, "{ratio}");
    let plain = runs(&scenario("rate-ban"), &Fleet::of(|_| PATIENT), 5);
    let plain = plain.drained().iter().map(|drained| drained.unwrap().as_secs_f64()).fold(f64::INFINITY, f64::min);
    assert!(ratio * 199.0 < plain / 1.7, "{ratio} {plain}");
}
