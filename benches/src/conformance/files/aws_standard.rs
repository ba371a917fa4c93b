//! The AWS SDKs' standard mode: specification 2.0, and 2.1 of 2026.

use std::time::Duration;

use retry_core::{AwsQuota, Charge, Class, HintRule, Policy, RetryBudget as _, RetryPolicy as _, Time, Verdict};

use crate::conformance::case::Case;
use crate::conformance::draws::Draw;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::line;
use crate::conformance::runs::{self, check_delay};
use crate::conformance::unit::{GREATEST, Unit};

mod bucket;
mod quota;
mod response;
mod session;
mod standard;
mod threads;

use standard::Standard;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "backoff" => backoff(case, "base_scale", 0),
        "backoff_zero_based" => backoff(case, "initial", 1),
        "server_hint_clamp" => hint_clamp(case),
        "retry_session" => session::run(case),
        "retry_session_threads" => threads::run(case),
        "quota" => quota::steps(case),
        "quota_session" => quota::events(case),
        "retry_cost" => quota::cost(case),
        "token_bucket_timed" => bucket::run(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// Full jitter below a cap that comes first.
fn exponential(base: Duration, factor: f64, max: Duration) -> Result<Policy, Fault> {
    Ok(line::policy(&format!("exp {} {} full", line::time(base), line::factor(factor)?))?.capped(max))
}

/// One delay; `offset` is 1 where the case counts attempts from 0.
fn backoff(case: &Case, base: &str, offset: u64) -> Outcome {
    let input = case.input();
    input.only(&["attempt", "random", "max", base])?;
    let max = input.duration("max")?.unwrap_or(Duration::from_secs(20));
    let policy = exponential(input.need_duration(base)?, 2.0, max)?;
    let number = input.need_whole("attempt")?.saturating_add(offset);
    let failure = runs::failure(number);
    check_delay(case, |draw: &mut Draw| policy.delay(&failure, draw))?;
    let Some(left) = case.all().get("quota_after") else { return Ok(()) };
    // What so many retries leave of the quota.
    let quota = standard::quota(is_newer(case)?, AwsQuota::v2_1().available());
    (0..number).try_for_each(|_| same(true, quota.withdraw(Charge::new(Class::Transient), Time::default())))?;
    same(left, quota.available())
}

fn is_newer(case: &Case) -> Result<bool, Fault> {
    match case.all().text("spec")? {
        Some("2.1") => Ok(true),
        Some("2.0") | None => Ok(false),
        Some(other) => Err(Fault::unreadable(format!("there is no specification {other}"))),
    }
}

/// The server's hint is kept between the computed delay and so much more. What is no number of milliseconds is no hint.
fn hint_clamp(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["computed", "hint_ms", "max_additional"])?;
    let slack = input.duration("max_additional")?.unwrap_or(Duration::from_secs(5));
    let policy = Policy::constant(input.need_duration("computed")?).hints(HintRule::Clamp(slack), GREATEST);
    let verdict = match input.text("hint_ms")?.and_then(hint) {
        Some(hint) => Verdict::THROTTLED.after(hint),
        None => Verdict::THROTTLED,
    };
    check_delay(case, |draw| policy.decide(&retry_core::Failure::first(verdict), draw).delay())
}

/// Of an `x-amz-retry-after` header.
fn hint(header: &str) -> Option<Duration> {
    header.trim().parse().ok().map(|millis| Unit::Milliseconds.whole(millis))
}
