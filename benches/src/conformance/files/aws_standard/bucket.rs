//! The token bucket of the SDK for Kotlin, from which first attempts may have to take tokens, too, and which fills with time.

use std::time::Duration;

use retry_core::{Time, TokenBucket};

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::measures::equal;
use crate::conformance::unit::Unit;

pub(super) fn run(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&[
        "capacity",
        "refill_per_s",
        "initial_try_cost",
        "first_try_success_increment",
        "initial_try_success_increment",
        "retry_cost",
        "timeout_retry_cost",
        "circuit_breaker_mode",
        "use_circuit_breaker_mode",
    ])?;
    let number = |key, default| Ok::<_, Fault>(given.number(key)?.unwrap_or(default));
    let capacity = given.need_number("capacity")?;
    let (initial, retry, timeout) =
        (number("initial_try_cost", 0.0)?, number("retry_cost", 5.0)?, number("timeout_retry_cost", 10.0)?);
    let reward = number("first_try_success_increment", number("initial_try_success_increment", 1.0)?)?;
    // Then nobody waits for tokens: the attempt is refused.
    let refuses = given.flag("circuit_breaker_mode")? || given.flag("use_circuit_breaker_mode")?;
    let most = if refuses { Duration::ZERO } else { Duration::MAX };
    let mut bucket = TokenBucket::full(number("refill_per_s", 0.0)?, capacity, Time::default());
    for step in case.all().need_list("steps")? {
        let step = case.all().within(step);
        step.only(&[
            "t",
            "acquire_initial",
            "acquire_retry",
            "acquire_timeout_retry",
            "success",
            "wait",
            "available",
            "expect",
        ])?;
        let now = Time::default().after(step.duration("t")?.unwrap_or_default());
        let costs = [("acquire_initial", initial), ("acquire_retry", retry), ("acquire_timeout_retry", timeout)];
        for (key, cost) in costs {
            if !step.flag(key)? {
                continue;
            }
            let reserved = bucket.reserve(cost, most, now);
            if let Some(expected) = step.get("expect") {
                same(expected, reserved.is_ok())?;
            }
            match (step.get("wait"), reserved) {
                (Some(expected), Ok(wait) | Err(wait)) => {
                    equal(case, "wait", expected, &Unit::Seconds.count(wait).into())?;
                }
                // A step that says nothing of a refusal is not refused.
                (None, Err(wait)) if step.get("expect").is_none() => {
                    return Err(Fault::differs("tokens", format!("{wait:?}")));
                }
                (None, _) => {}
            }
        }
        if step.flag("success")? {
            bucket.give(reward);
        }
        if let Some(expected) = step.get("available") {
            // It counts whole tokens, and what was reserved ahead is none.
            equal(case, "available", expected, &bucket.tokens().max(0.0).floor().into())?;
        }
    }
    Ok(())
}
