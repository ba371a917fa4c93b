use std::time::Duration;

use retry_core::simulate::{Fleet, Report, Scenario, Summary};
use retry_core::{Law, Never, Policy, RetryPolicy as _, SuccessBudget};

use super::formulas::Formulas;

/// What everybody does: 100 ms, doubling, full jitter, 3 attempts.
pub(super) const EXPO: Policy =
    Policy::exponential(Duration::from_millis(100), Duration::from_secs(20)).jitter(Law::FULL).attempts(3);

pub(super) fn scenario(name: &str) -> Scenario {
    Scenario::named(name).remove(0)
}

pub(super) fn none() -> Fleet<'static> {
    Fleet::of(|_| Never)
}

pub(super) fn expo() -> Fleet<'static> {
    Fleet::of(|_| EXPO)
}

/// The schedule of all, behind a budget of half the successes.
pub(super) fn budgeted() -> Fleet<'static> {
    Fleet::of(|_| EXPO.budgeted(SuccessBudget::default()))
}

/// The same where the clock is read at each success.
pub(super) fn dated() -> Fleet<'static> {
    Fleet::of(|_| EXPO.budgeted(SuccessBudget::default()).dated())
}

/// The same by the budget's formulas.
pub(super) fn by_formulas() -> Fleet<'static> {
    Fleet::of(|seat| Formulas::new(EXPO, seat.clock()))
}

pub(super) fn run(scenario: &Scenario, fleet: &Fleet<'_>, seed: u64) -> Report {
    scenario.run(fleet, seed).unwrap()
}

pub(super) fn runs(scenario: &Scenario, fleet: &Fleet<'_>, seeds: u64) -> Summary {
    (1..=seeds).map(|seed| run(scenario, fleet, seed)).collect()
}

#[track_caller]
pub(super) fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not within {tolerance} of {expected}");
}
