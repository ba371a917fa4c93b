//! The token bucket by itself.

use std::time::Duration;

use retry_core::TokenBucket;
use serde_json::Value;

use super::at;
use crate::conformance::case::Case;
use crate::conformance::fault::{Outcome, same};
use crate::conformance::measures;
use crate::conformance::unit::Unit;

/// botocore's: never slower than its least rate, and with room for one token at least.
pub(super) fn run(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&["max_rate", "min_rate", "t0"])?;
    let least = given.number("min_rate")?.unwrap_or(0.5);
    let (fill, capacity) = (|rate: f64| rate.max(least), |rate: f64| rate.max(1.0));
    let rate = given.need_number("max_rate")?;
    let mut bucket = TokenBucket::empty(fill(rate), capacity(rate), at(given, "t0")?);
    for step in case.all().need_list("steps")? {
        let step = case.all().within(step);
        step.only(&["t", "acquire", "block", "wait", "set_max_rate", "expect"])?;
        let now = at(step, "t")?;
        if let Some(rate) = step.number("set_max_rate")? {
            bucket.set_rate(fill(rate), capacity(rate), now);
        }
        let mut acquired = Value::Null;
        if let Some(tokens) = step.number("acquire")? {
            let answer = match step.flag("block")? {
                true => bucket.reserve(tokens, Duration::MAX, now),
                false => bucket.try_acquire(tokens, now).map(|()| Duration::ZERO),
            };
            if let Some(expected) = step.get("wait") {
                let (Ok(wait) | Err(wait)) = answer;
                measures::equal(case, "wait", expected, &Unit::Seconds.count(wait).into())?;
            }
            acquired = answer.is_ok().into();
        }
        match step.get("expect") {
            Some(Value::Object(_)) => {
                measures::check(case, step.object("expect"), |name| figure(&bucket, &acquired, name))?;
            }
            Some(expected) => same(expected, &acquired)?,
            None => {}
        }
    }
    Ok(())
}

fn figure(bucket: &TokenBucket, acquired: &Value, name: &str) -> Option<Value> {
    Some(match name {
        "fill_rate" => bucket.rate().into(),
        "max_capacity" => bucket.capacity().into(),
        "capacity" | "current_capacity" | "available" => bucket.tokens().into(),
        "acquired" => acquired.clone(),
        _ => return None,
    })
}
