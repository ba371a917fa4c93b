use retry_core::simulate::{Report, Scenario};

use super::support::{near, none, run};

/// Mean and variance of a figure over the bins.
fn moments(report: &Report) -> (f64, f64) {
    let counts: Vec<f64> = report.bins().iter().map(|bin| f64::from(bin.requests)).collect();
    let bins = f64::from(u32::try_from(counts.len()).unwrap());
    let mean = counts.iter().sum::<f64>() / bins;
    (mean, counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / bins)
}

#[test]
fn requests_are_a_poisson_process() {
    let (mean, variance) = moments(&run(&Scenario::new(), &none(), 3));
    // 800 a second are 160 in 0.2 s; the standard error of 300 bins is sqrt(160 / 300) = 0.73
    near(mean, 160.0, 3.0);
    // and the variance is the mean, with a standard error of sqrt(2 / 300) = 8 %
    near(variance / mean, 1.0, 0.3);
}

#[test]
fn the_load_is_the_clients_times_their_rate_whoever_they_are() {
    for (clients, rate) in [(1, 800.0), (100, 8.0), (2000, 0.4), (10_000, 0.08)] {
        let report = run(&Scenario::new().clients(clients, rate), &none(), 5);
        // 48,000 requests, standard error 219
        near(f64::from(u32::try_from(report.all().requests).unwrap()), 48_000.0, 900.0);
    }
}

#[test]
fn requests_are_spread_evenly_over_destinations() {
    let report = run(&Scenario::new().destinations(4).clients(100, 32.0), &none(), 5);
    for destination in 0..4 {
        let requests = report.destination(destination).unwrap().requests;
        near(f64::from(u32::try_from(requests).unwrap()), 48_000.0, 900.0);
    }
    assert_eq!(report.destination(4), None);
}
