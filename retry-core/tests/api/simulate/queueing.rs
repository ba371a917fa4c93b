//! Against what queueing theory says.

use std::time::Duration;

use retry_core::Policy;
use retry_core::simulate::{Fleet, Scenario};

use super::support::{near, none, run};
use crate::support::facts::SECOND;

#[test]
fn waits_are_those_of_poisson_arrivals_and_a_fixed_service_time() {
    for (load, tolerance) in [(500.0, 0.01), (800.0, 0.02), (900.0, 0.06)] {
        let scenario = Scenario::new().clients(100, load / 100.0).duration(Duration::from_secs(600));
        let report = run(&scenario, &none(), 8);
        // Pollaczek-Khinchine for a fixed service time s: s + s u / (2 (1 - u)), in ms with s = 1
        let used = load / 1000.0;
        let expected = 1.0 + used / (2.0 * (1.0 - used));
        let mean = report.latencies().mean().unwrap().as_secs_f64() * 1000.0;
        near(mean / expected, 1.0, tolerance);
        assert_eq!(report.all().succeeded + report.all().pending(), report.all().requests);
    }
}

#[test]
fn an_overloaded_server_serves_its_capacity() {
    // A queue of half a second: nobody waits as long as the timeout.
    let scenario = Scenario::new().capacity(500.0).queue(SECOND / 2);
    let report = run(&scenario, &none(), 8);
    // 500 a second for 60 s, less what waits at the end
    near(f64::from(u32::try_from(report.all().succeeded).unwrap()), 30_000.0, 300.0);
    assert_eq!(report.all().throttled, report.all().failed);
    // everybody who gets in waits for the whole queue
    let median = report.latencies().percentile(50.0).unwrap();
    near(median.as_secs_f64(), 0.5, 0.02);
    assert!(report.bins().iter().all(|bin| bin.queue <= 250), "500/s for 0.5 s");
}

#[test]
fn a_server_that_works_for_those_who_left_serves_nobody() {
    // 1.25 times the capacity: the queue grows to 2 s, and after 1 s everybody is gone.
    let report = run(&Scenario::new().capacity(640.0), &none(), 8);
    let last = &report.bins()[200..];
    assert_eq!(last.iter().map(|bin| bin.succeeded).sum::<u32>(), 0);
    // ... although it is busy all the time: what is not refused times out
    let (timed_out, throttled) = last.iter().fold((0, 0), |(a, b), bin| (a + bin.timed_out, b + bin.throttled));
    near(f64::from(timed_out) / (0.2 * 100.0), 640.0, 20.0);
    near(f64::from(throttled) / (0.2 * 100.0), 160.0, 20.0);
}

#[test]
fn independent_errors_give_the_powers_of_their_probability() {
    for (errors, attempts) in [(0.05, 3), (0.2, 3), (0.5, 3), (0.5, 6)] {
        let fleet = Fleet::of(|_| Policy::constant(Duration::from_millis(10)));
        let report = run(&Scenario::new().errors(errors).attempts(attempts).clients(100, 4.0), &fleet, 8);
        let power = |n| f64::powi(errors, i32::try_from(n).unwrap());
        near(report.success(), 1.0 - power(attempts), 0.01);
        // 1 + e + e^2 + ...
        near(report.amplification(), (0..attempts).map(power).sum(), 0.02);
    }
}

#[test]
fn workers_take_the_round_trip_for_each_message() {
    let scenario = Scenario::new().backlog(5, 1000).capacity(f64::INFINITY).latency(Duration::from_millis(10));
    let report = run(&scenario, &none(), 8);
    // 200 messages each in 10 ms, and a start within 10 ms
    let drained = report.drained().unwrap();
    assert!(drained >= 2 * SECOND && drained < 2 * SECOND + Duration::from_millis(10), "{drained:?}");
}

#[test]
fn a_server_that_stands_still_goes_on_where_it_was() {
    use retry_core::simulate::Disturbance;
    let pause = Disturbance::slow(20 * SECOND, 20 * SECOND + SECOND / 2, 0.0);
    let report = run(&Scenario::new().clients(10, 10.0).disturb(pause), &none(), 8);
    // 100 a second wait up to half a second each, less than the timeout
    assert_eq!(report.all().failed, 0);
    let greatest = report.latencies().max().unwrap();
    assert!(greatest > Duration::from_millis(480) && greatest < Duration::from_millis(510), "{greatest:?}");
    assert_eq!(report.bins()[101].succeeded, 0);
}
