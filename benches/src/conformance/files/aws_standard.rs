//! The AWS SDKs' standard mode: specification 2.0, and 2.1 of 2026.

use std::time::Duration;

use retry_core::{HintRule, Policy, RetryPolicy as _, Verdict};

use crate::conformance::case::Case;
use crate::conformance::draws::Draw;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::line;
use crate::conformance::runs::{self, check_delay};
use crate::conformance::unit::{GREATEST, Unit};

mod session;

/// What ops that look at tokens wait for.
const QUOTA: Fault = Fault::NotBuilt("the AWS retry quota");

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "backoff" => backoff(case, "base_scale", 0),
        "backoff_zero_based" => backoff(case, "initial", 1),
        "server_hint_clamp" => hint_clamp(case),
        "retry_session" => session::run(case),
        // To be wired to the engine's retry budget.
        "quota" | "quota_session" | "retry_cost" | "retry_session_threads" | "token_bucket_timed" => Err(QUOTA),
        _ => Err(Fault::UnknownOp),
    }
}

/// Full jitter below a cap that comes first.
fn exponential(base: Duration, max: Duration) -> Result<Policy, Fault> {
    Ok(line::policy(&format!("exp {} full", line::time(base)))?.capped(max))
}

/// One delay; `offset` is 1 where the case counts attempts from 0.
fn backoff(case: &Case, base: &str, offset: u64) -> Outcome {
    let input = case.input();
    input.only(&["attempt", "random", "max", base])?;
    let max = input.duration("max")?.unwrap_or(Duration::from_secs(20));
    let policy = exponential(input.need_duration(base)?, max)?;
    let failure = runs::failure(input.need_whole("attempt")?.saturating_add(offset));
    check_delay(case, |draw: &mut Draw| policy.delay(&failure, draw))?;
    // What the quota would have left.
    if case.all().get("quota_after").is_some() { Err(QUOTA) } else { Ok(()) }
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
