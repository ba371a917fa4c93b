use std::time::Duration;

use proptest::prelude::*;
use retry_core::simulate::{Disturbance, Fleet, RateLimit, Scenario, SimulationError};
use retry_core::{Never, Policy};

use super::support::none;
use crate::support::facts::SECOND;
use crate::support::strategies::{cases, count, span};

#[track_caller]
fn refused(scenario: &Scenario, words: &str) {
    let error = scenario.run(&none(), 1).unwrap_err();
    assert!(matches!(error, SimulationError::Invalid { .. }), "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn parameters_without_sense_are_refused_with_what_would_be_right() {
    for rate in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
        refused(&Scenario::new().clients(1, rate), "the rate of a client must be");
        refused(&Scenario::new().limited(RateLimit::new(rate, 1)), "the rate of the limit must be");
    }
    for errors in [f64::NAN, -0.1, 1.1] {
        refused(&Scenario::new().errors(errors), "from 0 to 1");
    }
    for capacity in [f64::NAN, -1.0] {
        refused(&Scenario::new().capacity(capacity), "the capacity must be");
    }
    refused(&Scenario::new().clients(0, 1.0), "1 or more");
    refused(&Scenario::new().backlog(0, 1), "1 or more");
    refused(&Scenario::new().backlog(u32::MAX, 1), "at most 1,000,000");
    refused(&Scenario::new().destinations(0), "1 or more");
    refused(&Scenario::new().destinations(u32::MAX), "at most 1,000,000");
    refused(&Scenario::new().clients(u32::MAX, 0.001), "at most 1,000,000");
    refused(&Scenario::new().clients(1_000_000, 1e9), "at most 100,000,000");
    refused(&Scenario::new().backlog(1, u64::MAX), "at most 100,000,000");
    refused(&Scenario::new().duration(Duration::ZERO), "above 0");
    refused(&Scenario::new().duration(Duration::MAX), "at most 200,000 s");
    refused(&Scenario::new().disturb(Disturbance::slow(SECOND, SECOND, 0.5)), "ends after it begins");
    refused(&Scenario::new().disturb(Disturbance::slow(SECOND, 2 * SECOND, f64::NAN)), "0 or more of the capacity");
    let nobody = Fleet::of(|_| Never).share(0);
    assert!(Scenario::new().run(&nobody, 1).unwrap_err().to_string().contains("shares"));
}

#[test]
fn a_policy_that_never_ends_ends_the_run_with_advice() {
    let endless = Scenario::new().errors(1.0).attempts(u32::MAX).error_latency(Duration::ZERO).event_limit(100_000);
    let error = endless.run(&Fleet::of(|_| Policy::constant(Duration::ZERO)), 1).unwrap_err();
    assert!(matches!(error, SimulationError::TooManyEvents { events: 100_001, .. }), "{error:?}");
    assert!(error.to_string().contains("raise the event limit"), "{error}");
}

#[test]
fn a_capacity_of_nothing_times_everybody_out() {
    let report = Scenario::new().capacity(0.0).run(&none(), 1).unwrap();
    assert_eq!(report.all().succeeded, 0);
    assert!(report.all().timed_out > 0);
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), Just(0.0), Just(1e300), 0.0..1.0, 0.0..1e4]
}

proptest! {
    #![proptest_config(cases())]

    /// Any parameters: an answer or an error, and neither panic nor endless work.
    #[test]
    fn nothing_panics_or_hangs(
        (clients, rate, capacity, errors) in (1..50_u32, number(), number(), number()),
        (queue, latency, timeout, deadline) in (span(), span(), span(), prop::option::of(span())),
        (from, to, factor, attempts) in (span(), span(), number(), count()),
        (limit, burst, ban) in (number(), any::<u32>(), span()),
        (delay, backlog, seed) in (span(), any::<bool>(), any::<u64>()),
    ) {
        let scenario = if backlog { Scenario::new().backlog(clients, 100) } else { Scenario::new().clients(clients, rate) };
        let scenario = scenario
            .capacity(capacity)
            .errors(errors)
            .queue(queue)
            .latency(latency)
            .error_latency(latency)
            .reject_latency(timeout)
            .timeout(timeout)
            .deadline(deadline)
            .attempts(attempts)
            .duration(SECOND)
            .event_limit(2_000);
        let disturbed = scenario.clone().disturb(Disturbance::slow(from, to, factor));
        let limited = scenario.clone().limited(RateLimit::new(limit, burst).banning(ban).hinted());
        for scenario in [scenario, disturbed, limited] {
            let _ = scenario.run(&Fleet::of(|_| Policy::constant(delay)), seed);
            let _ = (scenario.settled(), scenario.ideal_drain());
        }
    }
}
