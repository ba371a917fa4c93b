use std::time::Duration;

use proptest::prelude::*;
use retry_core::simulate::{Disturbance, Fleet, RateLimit, Report, Scenario, SimulationError};
use retry_core::{Policy, StopReason};

use super::support::{budgeted, expo, none, run, scenario};
use crate::support::facts::SECOND;
use crate::support::strategies::{cases, plain};

/// What must hold of any report.
fn is_consistent(report: &Report) -> Result<(), TestCaseError> {
    let all = report.all();
    let sum =
        |of: fn(&retry_core::simulate::Bin) -> u32| report.bins().iter().map(|bin| u64::from(of(bin))).sum::<u64>();
    prop_assert_eq!(sum(|bin| bin.requests), all.requests);
    prop_assert_eq!(sum(|bin| bin.attempts), all.attempts);
    prop_assert_eq!(sum(|bin| bin.succeeded), all.succeeded);
    prop_assert_eq!(sum(|bin| bin.failed), all.failed);
    prop_assert_eq!(sum(|bin| bin.timed_out), all.timed_out);
    prop_assert_eq!(sum(|bin| bin.throttled), all.throttled);
    prop_assert!(all.succeeded + all.failed <= all.requests);
    prop_assert_eq!(all.requests, all.succeeded + all.failed + all.pending());
    prop_assert!(all.succeeded_after <= all.requests_after && all.requests_after <= all.requests);
    prop_assert_eq!(report.latencies().count(), all.succeeded);
    prop_assert_eq!(report.group("all"), Some(all));
    let destinations = (0..).map_while(|number| report.destination(number));
    prop_assert_eq!(destinations.map(|tally| tally.requests).sum::<u64>(), all.requests);
    Ok(())
}

fn small() -> impl Strategy<Value = Scenario> {
    let load = prop_oneof![
        (1..20_u32, 1..20_u32).prop_map(|(clients, rate)| Scenario::new().clients(clients, f64::from(rate))),
        (1..20_u32, 0..500_u64).prop_map(|(workers, messages)| Scenario::new().backlog(workers, messages)),
    ];
    let disturbance = (0..8_u64, 1..8_u64, prop_oneof![Just(None), (0..20_u32).prop_map(Some)]);
    let disturbance = disturbance.prop_map(|(from, length, tenths)| {
        let (from, to) = (Duration::from_secs(from), Duration::from_secs(from + length));
        tenths.map_or_else(|| Disturbance::down(from, to), |n| Disturbance::slow(from, to, f64::from(n) / 10.0))
    });
    let limit = prop::option::of((1..200_u32, 1..50_u32, any::<bool>()).prop_map(|(rate, burst, bans)| {
        let limit = RateLimit::new(rate.into(), burst);
        if bans { limit.banning(SECOND).hinted() } else { limit }
    }));
    let numbers = (0..=10_u32, 1..3_u32, 1..300_u32, 1..6_u32, any::<bool>());
    (load, prop::collection::vec(disturbance, 0..3), limit, numbers).prop_map(
        |(scenario, disturbances, limit, (errors, destinations, capacity, attempts, drops))| {
            let scenario = scenario
                .errors(f64::from(errors) / 10.0)
                .destinations(destinations)
                .capacity(capacity.into())
                .attempts(attempts)
                .drops_abandoned(drops)
                .duration(Duration::from_secs(10))
                .event_limit(20_000);
            let scenario = disturbances.into_iter().fold(scenario, Scenario::disturb);
            match limit {
                Some(limit) => scenario.limited(limit),
                None => scenario,
            }
        },
    )
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_request_is_lost_or_counted_twice(scenario in small(), policy in plain(), seed in any::<u64>()) {
        let fleet = Fleet::of(|_| policy.clone());
        match scenario.run(&fleet, seed) {
            Ok(report) => {
                is_consistent(&report)?;
                // the same seed, the same bytes
                prop_assert_eq!(format!("{report:?}"), format!("{:?}", scenario.run(&fleet, seed).unwrap()));
            }
            // one step of the world may count more than one event, so the run ends at the limit or a little past it
            Err(error) => prop_assert!(
                matches!(error, SimulationError::TooManyEvents { events, .. } if (20_001..20_100).contains(&events)),
                "{error}"
            ),
        }
    }
}

#[test]
fn the_named_ones_are_consistent() {
    for scenario in Scenario::all() {
        let fleets: &[fn() -> Fleet<'static>] = &[none, expo, budgeted];
        for fleet in fleets {
            is_consistent(&run(&scenario, &fleet(), 1)).unwrap();
        }
    }
}

#[test]
fn arrivals_do_not_depend_on_the_fleet() {
    let requests =
        |fleet| run(&scenario("metastable"), &fleet, 9).bins().iter().map(|bin| bin.requests).collect::<Vec<_>>();
    assert_eq!(requests(none()), requests(expo()));
}

#[test]
fn every_machine_draws_the_same() {
    let report = run(&scenario("errors-20"), &expo(), 1);
    let all = report.all();
    // Only integers and exact operations of IEEE 754 lead here: the numbers change with the model and with nothing else.
    assert_eq!((all.requests, all.attempts, all.succeeded), (48_027, 59_585, 47_628));
}

#[test]
fn requests_end_for_the_reasons_of_their_policies() {
    let report = run(&Scenario::new().errors(0.5), &expo(), 1);
    assert_eq!(report.stopped_by(StopReason::Attempts), report.all().failed);
    let patient = Fleet::of(|_| Policy::constant(3 * SECOND));
    let report = run(&Scenario::new().errors(0.5).deadline(Some(SECOND)), &patient, 1);
    assert_eq!(report.stopped_by(StopReason::Deadline), report.all().failed);
    assert_eq!(report.stopped_by(StopReason::Budget), 0);
}
