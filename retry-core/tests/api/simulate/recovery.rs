use retry_core::simulate::{Disturbance, Scenario};

use super::support::{expo, near, none, run, scenario};
use crate::support::facts::SECOND;

#[test]
fn without_retries_a_service_recovers_once_its_queue_is_short_enough() {
    for seed in 1..=5 {
        let recovery = run(&scenario("metastable"), &none(), seed).recovery().unwrap();
        // 2,000 wait when the capacity is back; nobody is served in time before fewer than 1,000 do; 800/s come and
        // 1,000/s are served: (2,000 - 1,000) / (1,000 - 800) = 5 s, and then a window of 3 s with 97 %
        assert!(recovery >= 5 * SECOND && recovery <= 7 * SECOND, "{seed}: {recovery:?}");

        // at 920/s: 1,000 / 80 = 12.5 s, and the randomness of 12 s of arrivals: sqrt(920 * 12) / 80 = 1.3 s
        let recovery = run(&scenario("high-load"), &none(), seed).recovery().unwrap();
        assert!(recovery >= 10 * SECOND && recovery <= 18 * SECOND, "{seed}: {recovery:?}");
    }
}

#[test]
fn with_plain_retries_it_never_recovers() {
    for name in ["metastable", "small-clients", "high-load", "small-clients-high-load"] {
        for seed in 1..=3 {
            let report = run(&scenario(name), &expo(), seed);
            assert_eq!(report.recovery(), None, "{name} {seed}");
            near(report.success_after(), 0.0, 0.001);
            // of 3 attempts nearly all are made
            assert!(report.all().amplification_during() > 2.9, "{name} {seed}");
        }
    }
}

#[test]
fn an_outage_with_fast_errors_leaves_nothing_behind() {
    let report = run(&scenario("outage"), &none(), 1);
    assert_eq!(report.recovery().map(|recovery| recovery < SECOND), Some(true));
    near(report.success_after(), 1.0, 0.001);
    near(report.success(), 60.0 / 90.0, 0.01);
}

#[test]
fn recovery_counts_from_the_end_of_the_last_disturbance() {
    let (first, second) = (Disturbance::down(5 * SECOND, 8 * SECOND), Disturbance::down(20 * SECOND, 22 * SECOND));
    let scenario = Scenario::new().disturb(first).disturb(second);
    assert_eq!(scenario.settled(), 22 * SECOND);
    assert_eq!(run(&scenario, &none(), 1).recovery().map(|recovery| recovery < SECOND), Some(true));
    // one that outlasts the run does not count
    let dead = Scenario::new().disturb(Disturbance::down(5 * SECOND, 500 * SECOND));
    assert_eq!(dead.settled(), 30 * SECOND);
    assert_eq!(run(&dead, &none(), 1).recovery(), None);
}
