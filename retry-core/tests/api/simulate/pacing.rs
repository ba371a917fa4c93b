//! A sender that paces itself, against providers that limit it.

use std::time::Duration;

use retry_core::simulate::{Disturbance, Fleet, RateLimit, Scenario, Summary};
use retry_core::{Aimd, Cubic, Law, Pacer, Policy, RetryPolicy as _, Time};

use super::support::{near, runs, scenario};
use crate::support::facts::SECOND;

/// A second doubling to a minute, full jitter, for as long as it takes.
const PATIENT: Policy = Policy::exponential(SECOND, Duration::from_secs(60)).jitter(Law::FULL);

/// Seeds 1 to 5; `benches/overload` runs 20.
const SEEDS: u64 = 5;

/// The longest time to drain over the ideal one.
fn worst(scenario: &Scenario, summary: &Summary) -> f64 {
    near(summary.success(), 1.0, 1e-9);
    let drained = summary.drained().iter().map(|drained| drained.unwrap().as_secs_f64());
    drained.fold(0.0, f64::max) / scenario.ideal_drain().unwrap().as_secs_f64()
}

fn paced<Q: Pacer + 'static>(scenario: &Scenario, pacer: fn(Time) -> Q, seeds: u64) -> (f64, Summary) {
    let summary = runs(scenario, &Fleet::of(move |_| PATIENT.paced(pacer(Time::default()))), seeds);
    (worst(scenario, &summary), summary)
}

#[test]
fn pacing_drains_a_plain_limit_in_little_more_than_the_least_time_and_is_hardly_refused() {
    let (aimd, summary) = paced(&scenario("rate-limit"), Aimd::new, SEEDS);
    assert!(aimd <= 1.02 && summary.throttled() <= 0.005, "{aimd} {}", summary.throttled());
    let (cubic, summary) = paced(&scenario("rate-limit"), Cubic::new, SEEDS);
    assert!(cubic <= 1.1 && summary.throttled() <= 0.015, "{cubic} {}", summary.throttled());
}

#[test]
fn pacing_follows_a_limit_that_is_cut() {
    let (aimd, summary) = paced(&scenario("rate-cut"), Aimd::new, SEEDS);
    assert!(aimd <= 1.02 && summary.throttled() <= 0.015, "{aimd} {}", summary.throttled());
}

#[test]
fn pacing_drains_a_provider_that_bans_in_half_the_time_of_plain_retries() {
    let scenario = scenario("rate-ban");
    let (aimd, _) = paced(&scenario, Aimd::new, SEEDS);
    assert!(aimd <= 1.6, "{aimd}");
    let plain = runs(&scenario, &Fleet::of(|_| PATIENT), SEEDS);
    let plain = plain.drained().iter().map(|drained| drained.unwrap().as_secs_f64()).fold(f64::INFINITY, f64::min);
    assert!(2.0 * aimd * 199.0 < plain, "{aimd} {plain}");
}

/// A provider with another limit: as many workers, messages for about 200 s.
fn provider(workers: u32, rate: u32, burst: u32) -> Scenario {
    scenario("rate-limit").backlog(workers, u64::from(200 * rate)).limited(RateLimit::new(rate.into(), burst))
}

#[test]
fn aimd_knows_no_limit_that_it_was_made_for() {
    // workers, rate, burst; a burst of less than a tenth of a second is no more than what a pacer may send at once
    for (workers, rate, burst) in
        [(5, 100, 100), (100, 100, 100), (20, 100, 1000), (20, 14, 14), (20, 20, 20), (20, 400, 400), (100, 400, 100)]
    {
        let (aimd, summary) = paced(&provider(workers, rate, burst), Aimd::new, 1);
        let what = format!("{workers} workers, {rate}/s, burst {burst}: {aimd} {}", summary.throttled());
        assert!(aimd <= 1.1 && summary.throttled() <= 0.015, "{what}");
    }
}

#[test]
fn aimd_knows_no_ban_that_it_was_made_for() {
    for (workers, rate, burst, ban) in
        [(5, 100, 100, 10), (100, 100, 100, 10), (20, 100, 10, 10), (20, 100, 100, 2), (20, 10, 10, 10)]
    {
        let ban = Duration::from_secs(ban);
        let provider = provider(workers, rate, burst).limited(RateLimit::new(rate.into(), burst).banning(ban));
        let (aimd, _) = paced(&provider, Aimd::new, 1);
        assert!(aimd <= 2.0, "{workers} workers, {rate}/s, burst {burst}, {ban:?}: {aimd}");
    }
}

#[test]
fn aimd_finds_out_that_a_limit_was_raised() {
    // 10/s for a minute, then 100/s: 600 messages, and 19,300 in 193 s
    let raised = scenario("rate-limit").disturb(Disturbance::slow(Duration::ZERO, 60 * SECOND, 0.1));
    near(raised.ideal_drain().unwrap().as_secs_f64(), 253.0, 0.1);
    let (aimd, summary) = paced(&raised, Aimd::new, 1);
    assert!(aimd <= 1.3 && summary.throttled() <= 0.015, "{aimd} {}", summary.throttled());
}
