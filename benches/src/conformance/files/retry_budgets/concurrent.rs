//! Budgets by what is under way at the moment.

use retry_core::Ratio;
use serde_json::Value;

use super::share;
use crate::conformance::case::Case;
use crate::conformance::fault::{Outcome, same};

/// Envoy: so many retries at once as the share of active and pending requests, rounded down, and never fewer than a few.
pub(super) fn envoy(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["budget", "budget_percent", "min_retry_concurrency", "active", "pending", "active_retries"])?;
    let share = share(input, "budget", Ratio::new(1, 5)?)?;
    let requests = input.whole("active")?.unwrap_or(0).saturating_add(input.whole("pending")?.unwrap_or(0));
    let share = u128::from(requests) * u128::from(share.times()) / u128::from(share.per());
    let most = share.max(input.whole("min_retry_concurrency")?.unwrap_or(3).into());
    same(case.expect()?, &Value::from(u128::from(input.need_whole("active_retries")?) < most))
}

/// failsafe-go: retries and hedges under way up to a share of all executions under way, and never fewer than a few.
pub(super) fn failsafe(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["max_rate", "max_rate_percent", "min_concurrency", "inflight", "executions"])?;
    let share = share(input, "max_rate", Ratio::new(1, 5)?)?;
    let (inflight, executions) = (input.need_whole("inflight")?, input.need_whole("executions")?);
    let within = u128::from(inflight) * u128::from(share.per()) <= u128::from(executions) * u128::from(share.times());
    let allowed = inflight < input.whole("min_concurrency")?.unwrap_or(3) || executions > 0 && within;
    same(case.expect()?, &Value::from(allowed))
}
