//! The form that is written. Read by whoever reads the output of `retry plan --json`.
#![cfg(feature = "serde")]

use retry_core::{Law, Policy};
use serde_json::json;

use crate::support::facts::SECOND;

#[test]
fn a_plan_is_written_in_seconds() {
    let plan = Policy::exponential(SECOND, 90 * SECOND).jitter(Law::FULL).attempts(2).plan();
    let zero = json!({"min": 0.0, "mean": 0.0, "p50": 0.0, "p95": 0.0, "max": 0.0, "is_exact": true});
    let delay = json!({"min": 0.0, "mean": 0.5, "p50": 0.5, "p95": 0.95, "max": 1.0, "is_exact": true});
    assert_eq!(
        serde_json::to_value(&plan).unwrap(),
        json!({
            "max_attempts": 2,
            "max_total_delay_s": 1.0,
            "mean_total_delay_s": 0.5,
            "ends": "attempts",
            "samples": 2000,
            "seed": 0,
            "attempts": [
                {"number": 1, "reached": 1.0, "at_s": zero, "delay_s": zero},
                {"number": 2, "reached": 1.0, "at_s": delay, "delay_s": delay},
            ],
        })
    );
}

#[test]
fn what_has_no_limit_is_null() {
    let plan = serde_json::to_value(Policy::constant(SECOND).plan()).unwrap();
    assert_eq!(
        (&plan["max_attempts"], &plan["max_total_delay_s"], &plan["ends"]),
        (&json!(null), &json!(null), &json!(null))
    );
    assert_eq!(plan["attempts"][19]["at_s"]["p95"], json!(19.0));
}
