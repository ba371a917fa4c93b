//! Retry budgets that count requests, as Finagle and tower do, and such that count what is under way, as Envoy and failsafe-go do.
//!
//! Comparators: the engine's own budget counts successes. Percentages are ratios of integers here, so that none is rounded:
//! tower 0.5.3 makes whole tokens of them, and grants 100 % for all from 51 to 99.

use std::time::Duration;

use retry_core::{Ratio, Time};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::measures::equal;
use crate::conformance::quantity::ratio;

mod concurrent;
mod window;

use window::WindowBudget;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "tps_budget" | "retry_budget" | "finagle_budget" | "tower_budget" => requests(case),
        "leaky_token_bucket" | "leaky_bucket" => bucket(case),
        "envoy_budget" => concurrent::envoy(case),
        "failsafe_budget" | "concurrency_budget" => concurrent::failsafe(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// A share: a number from 0, or percent under the same key with `_percent`.
fn share(given: Fields<'_>, key: &str, default: Ratio) -> Result<Ratio, Fault> {
    if let Some(percent) = given.number(&format!("{key}_percent"))? {
        let whole = ratio(percent)?;
        return Ok(Ratio::new(whole.times(), whole.per().saturating_mul(100))?);
    }
    given.number(key)?.map_or(Ok(default), ratio)
}

/// Each request deposits, each retry withdraws; some retries a second are free.
fn requests(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&["ttl", "ttl_s", "ttl_ms", "min_per_s", "ratio", "ratio_percent"])?;
    let ttl = given.duration("ttl")?.unwrap_or(Duration::from_secs(10));
    let per_second = given.count("min_per_s")?.unwrap_or(10);
    let mut budget = WindowBudget::new(ttl, share(given, "ratio", Ratio::new(1, 5)?)?).with_reserve(per_second);
    steps(case, &mut budget)
}

/// Tokens that are put in are lost after a while; some are always there.
fn bucket(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&["ttl", "ttl_s", "ttl_ms", "reserve"])?;
    let one = Ratio::integer(1);
    let mut budget = WindowBudget::new(given.need_duration("ttl")?, one).holding(given.count("reserve")?.unwrap_or(0));
    steps(case, &mut budget)
}

fn steps(case: &Case, budget: &mut WindowBudget) -> Outcome {
    for step in case.all().need_list("steps")? {
        let step = case.all().within(step);
        step.only(&["t", "t_s", "t_ms", "deposit", "put", "withdraw", "get", "expect", "balance"])?;
        let now = Time::default().after(step.duration("t")?.unwrap_or_else(|| budget.seen().since(Time::default())));
        for _ in 0..times(step, "deposit", "put")? {
            budget.deposit(now);
        }
        let asked = times(step, "withdraw", "get")?;
        let granted = (0..asked).filter(|_| budget.withdraw(now)).count();
        match step.get("expect") {
            Some(Value::Bool(all)) => same(*all, granted as u64 == u64::from(asked))?,
            Some(count) => same(count, granted)?,
            None => {}
        }
        if let Some(expected) = step.get("balance") {
            equal(case, "balance", expected, &budget.balance(now).into())?;
        }
    }
    Ok(())
}

/// So many; `true` is once.
fn times(step: Fields<'_>, key: &str, other: &str) -> Result<u32, Fault> {
    let key = if step.get(key).is_some() { key } else { other };
    match step.get(key) {
        Some(Value::Bool(once)) => Ok(u32::from(*once)),
        _ => Ok(step.count(key)?.unwrap_or(0)),
    }
}
