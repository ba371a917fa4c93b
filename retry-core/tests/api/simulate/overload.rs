//! What the budget must do for a fleet, and what plain retries do to it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use retry_core::simulate::{Fleet, Scenario};
use retry_core::{RetryPolicy as _, SuccessBudget};

use super::support::{EXPO, budgeted, by_formulas, dated, expo, near, none, run, runs, scenario};
use crate::support::facts::SECOND;

const SEEDS: u64 = 5;

#[test]
fn a_budget_recovers_nearly_as_soon_as_no_retries() {
    for name in ["metastable", "small-clients", "high-load", "small-clients-high-load"] {
        let scenario = scenario(name);
        let (ours, none) = (runs(&scenario, &budgeted(), SEEDS), runs(&scenario, &none(), SEEDS));
        let ratios: Vec<f64> = ours
            .recoveries()
            .iter()
            .zip(none.recoveries())
            .map(|(ours, none)| ours.unwrap().as_secs_f64() / none.unwrap().as_secs_f64())
            .collect();
        let mean = ours.mean_recovery().unwrap().as_secs_f64() / none.mean_recovery().unwrap().as_secs_f64();
        let worst = ratios.iter().copied().fold(0.0, f64::max);
        assert!(mean <= 1.25 && worst <= 1.5, "{name}: {mean} {ratios:?}");
    }
}

#[test]
fn a_budget_lets_the_retries_through_that_errors_need() {
    for (name, floor) in [("errors-5", 0.999), ("errors-20", 0.98)] {
        for scenario in Scenario::named(name) {
            let success = runs(&scenario, &budgeted(), SEEDS).success();
            assert!(success >= floor, "{name}: {success}");
        }
    }
}

#[test]
fn an_outage_costs_few_retries_and_nothing_afterwards() {
    let ours = run(&scenario("outage"), &budgeted(), 1);
    assert!(ours.success_after() >= 0.99, "{}", ours.success_after());
    assert!(ours.all().amplification_during() <= 1.5, "{}", ours.all().amplification_during());
    assert!(run(&scenario("outage"), &expo(), 1).all().amplification_during() > 2.9, "three attempts each");
}

#[test]
fn a_long_mild_overload_is_left_behind_and_plain_retries_stay_in_it() {
    let scenario = scenario("brownout");
    for seed in 1..=SEEDS {
        let [ours, none] = [budgeted(), none()].map(|fleet| run(&scenario, &fleet, seed));
        let ratio = ours.recovery().unwrap().as_secs_f64() / none.recovery().unwrap().as_secs_f64();
        assert!(ratio <= 2.0, "{seed}: {ratio}");
        assert!(ours.all().amplification_during() <= 1.1, "{seed}: {}", ours.all().amplification_during());
    }
    assert_eq!(run(&scenario, &expo(), 1).recovery(), None);
}

#[test]
fn a_server_that_sheds_load_gets_fewer_retries_and_serves_as_many() {
    let [ours, none, plain] = [budgeted(), none(), expo()].map(|fleet| run(&scenario("half-capacity"), &fleet, 1));
    assert!(ours.recovery().is_some_and(|recovery| recovery < SECOND));
    assert!(ours.success() >= none.success() - 0.001 && ours.success_after() >= 0.999);
    let [ours, plain] = [ours, plain].map(|report| report.all().amplification_during());
    assert!(ours <= 1.5 && plain > 2.0, "{ours} {plain}");
}

#[test]
fn one_dead_destination_of_five_costs_the_others_nothing() {
    let report = run(&scenario("partial-outage"), &budgeted(), 1);
    assert!(report.destination(0).unwrap().success_after() < 0.01);
    for other in 1..5 {
        let success = report.destination(other).unwrap().success();
        assert!(success > 0.999, "{other}: {success}");
    }
}

/// The success of a tenth with this fleet among nine tenths of plain retries, and that of the others.
fn among_plain_retries(name: &str, tenth: Fleet<'static>) -> (f64, f64) {
    let fleet = tenth.named("tenth").and(expo().named("plain").share(9));
    let report = run(&scenario(name), &fleet, 1);
    (report.group("tenth").unwrap().success(), report.group("plain").unwrap().success())
}

#[test]
fn a_tenth_with_a_budget_does_not_suffer_among_plain_retries() {
    for name in ["errors-5", "errors-20", "outage", "brownout", "metastable", "small-clients", "high-load"] {
        let (ours, plain) = among_plain_retries(name, budgeted());
        assert!(ours >= plain - 0.01, "{name}: {ours} against {plain}");
    }
}

/// Where a server sheds load by refusing at once, whoever asks more often gets more: a budget leaves something to the others
/// then, but is better served than who does not retry.
#[test]
fn a_tenth_with_a_budget_fares_better_than_without_retries_where_the_server_sheds_load() {
    let (ours, plain) = among_plain_retries("half-capacity", budgeted());
    let (none, _) = among_plain_retries("half-capacity", none());
    assert!(none + 0.01 < ours && ours < plain, "{none} {ours} {plain}");
}

#[test]
fn a_tenth_with_a_budget_recovers_among_those_who_do_not_retry() {
    let fleet = budgeted().named("ours").and(none().named("none").share(9));
    for name in ["metastable", "small-clients", "high-load", "small-clients-high-load"] {
        let scenario = scenario(name);
        let (mixed, alone) = (run(&scenario, &fleet, 1), run(&scenario, &none(), 1));
        let ratio = mixed.recovery().unwrap().as_secs_f64() / alone.recovery().unwrap().as_secs_f64();
        assert!(ratio <= 1.25, "{name}: {ratio}");
        let [ours, others] = ["ours", "none"].map(|name| mixed.group(name).unwrap().success());
        assert!(ours >= others - 0.005, "{name}: {ours} against {others}");
    }
}

#[test]
fn arrivals_are_not_in_step_after_the_recovery() {
    for name in ["metastable", "small-clients", "high-load", "small-clients-high-load", "outage"] {
        let scenario = scenario(name);
        let report = run(&scenario, &budgeted(), 1);
        let recovered = scenario.settled() + report.recovery().unwrap();
        let peak = report.peak_to_mean(recovered).unwrap();
        assert!(peak <= 1.5, "{name}: {peak}");
    }
}

#[test]
fn the_time_to_recover_hardly_depends_on_the_number_of_clients() {
    // Beyond that each asks less than once in ten seconds, and what it may spend on trust alone is all that there is.
    for clients in [1, 10, 100, 1_000, 2_000] {
        let scenario = scenario("metastable").clients(clients, 800.0 / f64::from(clients));
        let report = run(&scenario, &budgeted(), 1);
        // 5.8 s without retries
        let recovery = report.recovery();
        assert!(recovery.is_some_and(|recovery| recovery <= 9 * SECOND), "{clients}: {recovery:?}");
    }
}

#[test]
fn clients_that_ask_once_in_ten_seconds_recover_behind_shared_budgets() {
    let scenario = scenario("small-clients").clients(10_000, 0.08).duration(80 * SECOND);
    let budgets = RefCell::new(BTreeMap::new());
    let tens = Fleet::of(|seat| {
        let budget =
            Rc::clone(budgets.borrow_mut().entry(seat.client() / 10).or_insert_with(Rc::<SuccessBudget>::default));
        EXPO.budgeted(budget)
    });
    let shared = run(&scenario, &tens, 1).recovery();
    // 5.4 s without retries
    assert!(shared.is_some_and(|recovery| recovery <= 7 * SECOND), "{shared:?}");
    // each with its own is still at it after 40 s
    assert_eq!(run(&scenario, &budgeted(), 1).recovery(), None);
}

#[test]
fn without_errors_a_budget_changes_nothing() {
    assert_eq!(run(&Scenario::new(), &budgeted(), 1), run(&Scenario::new(), &none(), 1));
    near(run(&Scenario::new(), &budgeted(), 1).amplification(), 1.0, 1e-9);
}

#[test]
fn a_budget_with_dated_successes_grants_what_its_formulas_say() {
    for scenario in Scenario::all().iter().filter(|scenario| scenario.rate_limit().is_none()) {
        let (ours, exact) = (run(scenario, &dated(), 1), run(scenario, &by_formulas(), 1));
        let what = format!("{} {:?}: {:?} {:?}", scenario.name(), scenario.load(), ours.all(), exact.all());
        assert!((ours.success() - exact.success()).abs() < 0.015, "{what}");
        assert!((ours.amplification() - exact.amplification()).abs() < 0.02, "{what}");
    }
}

#[test]
fn successes_without_a_date_change_no_success() {
    for scenario in Scenario::all().iter().filter(|scenario| scenario.rate_limit().is_none()) {
        let (ours, dated) = (run(scenario, &budgeted(), 1), run(scenario, &dated(), 1));
        let what = format!("{} {:?}: {:?} {:?}", scenario.name(), scenario.load(), ours.all(), dated.all());
        assert!((ours.success() - dated.success()).abs() < 0.015, "{what}");
        // they count as older than they are, and grant less
        assert!(ours.amplification() < dated.amplification() + 0.01, "{what}");
    }
}
