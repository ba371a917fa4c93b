//! What a case may expect of a composition, by name.

use serde_json::Value;

use super::Execution;
use super::breaker::Guard;
use super::layer::Layer;
use super::retried::Retried;

/// The outermost retry policy is `outer_`, the innermost `inner_`; without a prefix it is the outermost. Policies that there are
/// but one of are called by their kind: `breaker_failures`, `rate_limiter_refused`, `timeout_expired`, `fallback_used`.
pub(super) fn named(key: &str, execution: &Execution, layers: &[Layer]) -> Option<Value> {
    let retries: Vec<&Retried> = layers
        .iter()
        .filter_map(|layer| if let Layer::Retry(retried) = layer { Some(&**retried) } else { None })
        .collect();
    match key {
        "attempts" => return Some(if retries.is_empty() { 1 } else { execution.attempts }.into()),
        "executions" => return Some(execution.executions.into()),
        _ => {}
    }
    let words: Vec<_> = key.split('_').collect();
    let is = |these: &[&str]| words.iter().any(|word| these.contains(word));
    if is(&["breaker", "circuit", "cb"]) {
        let breaker =
            layers.iter().find_map(|layer| if let Layer::Breaker(guard) = layer { Some(guard) } else { None });
        return of_breaker(breaker?, &is, execution);
    }
    let count = layers.iter().find_map(|layer| match layer {
        Layer::RateLimiter(limiter) if is(&["limiter", "limit", "limited"]) => Some(limiter.refused),
        Layer::Timeout(timeout) if is(&["timeout", "timeouts"]) => Some(timeout.expired),
        Layer::Fallback(fallback) if is(&["fallback", "fallbacks"]) => Some(fallback.used),
        _ => None,
    });
    if let Some(count) = count {
        return Some(count.into());
    }
    let of = if is(&["inner"]) { retries.last() } else { retries.first() }?;
    match key.trim_start_matches("outer_").trim_start_matches("inner_") {
        "failed_attempts" => Some(of.failed.into()),
        "exhausted" | "retries_exceeded" => Some(of.exhausted.into()),
        _ => None,
    }
}

fn of_breaker(breaker: &Guard, is: &impl Fn(&[&str]) -> bool, execution: &Execution) -> Option<Value> {
    let state = breaker.state(execution.now);
    Some(if is(&["failure", "failures", "failed"]) {
        breaker.failures.into()
    } else if is(&["success", "successes", "succeeded"]) {
        breaker.successes.into()
    } else if is(&["refused", "rejected"]) {
        breaker.refused.into()
    } else if is(&["state"]) {
        state.into()
    } else if is(&["open"]) {
        (state == "open").into()
    } else if is(&["closed"]) {
        (state == "closed").into()
    } else {
        return None;
    })
}
