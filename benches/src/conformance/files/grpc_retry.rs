//! gRPC's retries (proposal A6) and grpc-go's.

use std::time::Duration;

use retry_core::{GrpcThrottle, Policy};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, refusal, same};
use crate::conformance::fields::Fields;
use crate::conformance::line;
use crate::conformance::quantity::{self, raised};
use crate::conformance::runs::{self, check_delay};
use crate::conformance::unit::Unit;

mod calls;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "backoff_range" => backoff_range(case),
        "max_attempts" => max_attempts(case),
        "validate_retry_policy" => validate_retry_policy(case),
        "validate_throttle" => validate_throttle(case),
        "throttled_calls" => calls::run(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// The most attempts a client makes unless it is told otherwise.
const DEFAULT_CAP: u32 = 5;

/// Spread by a fifth to both sides. gRPC caps first, so its longest delay is a fifth above its cap: that is the cap of ours.
fn policy(initial: Duration, max: Duration, multiplier: f64) -> Result<Policy, Fault> {
    let policy = line::policy(&format!("exp {} {} +-20%", line::time(initial), line::factor(multiplier)?))?;
    Ok(policy.capped(raised(max, 0.2)?))
}

fn backoff_range(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["retry", "initial", "max", "multiplier", "random"])?;
    let policy =
        policy(input.need_duration("initial")?, input.need_duration("max")?, input.need_number("multiplier")?)?;
    let failure = runs::failure(input.need_whole("retry")?);
    check_delay(case, |draw| policy.delay(&failure, draw))
}

/// The service's number up to the client's, which is 5 unless it is at least 2.
fn max_attempts(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["service_config", "client_cap"])?;
    let cap = input.integer("client_cap")?.and_then(|cap| u32::try_from(cap).ok()).filter(|cap| *cap >= 2);
    let attempts = input.need_count("service_config")?.min(cap.unwrap_or(DEFAULT_CAP));
    let attempts = Policy::constant(Duration::ZERO).attempts(attempts).max_attempts();
    same(case.expect()?, &attempts.map_or(Value::Null, |attempts| attempts.get().into()))
}

/// `ok`, `error`, or `ok_treated_as_5`, which names the attempts of the policy.
fn validate_retry_policy(case: &Case) -> Outcome {
    let made = retry_policy(case.input());
    let expected = case.expect()?.as_str().ok_or_else(|| Fault::unreadable("`expect` is no word"))?;
    if let Some(attempts) = expected.strip_prefix("ok_treated_as_") {
        return same(attempts.parse().ok(), made?.max_attempts().map(|attempts| attempts.get()));
    }
    refusal(expected == "error", made)
}

/// The names of all status codes but OK.
const CODES: [&str; 16] = [
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// The policy of a service config. Every field is required; what A6 forbids is refused.
fn retry_policy(input: Fields<'_>) -> Result<Policy, Fault> {
    input.only(&[
        "maxAttempts",
        "initialBackoff",
        "maxBackoff",
        "backoffMultiplier",
        "retryableStatusCodes",
        "perAttemptRecvTimeout",
    ])?;
    let refused = |what: &str| Fault::refused(format!("`{what}`"));
    let attempts = input.get("maxAttempts").and_then(Value::as_u64).filter(|attempts| *attempts > 1);
    let attempts = attempts.ok_or_else(|| refused("maxAttempts"))?.min(DEFAULT_CAP.into());
    let backoff = |key| input.get(key).and_then(Value::as_str).and_then(duration).ok_or_else(|| refused(key));
    let multiplier = input.get("backoffMultiplier").and_then(Value::as_f64).filter(|multiplier| *multiplier > 0.0);
    let codes = input.get("retryableStatusCodes").and_then(Value::as_array).filter(|codes| !codes.is_empty());
    let is_code = |code: &Value| match code {
        Value::String(name) => CODES.contains(&name.to_ascii_uppercase().as_str()) || name.eq_ignore_ascii_case("OK"),
        number => number.as_u64().is_some_and(|number| number <= 16),
    };
    if !codes.is_some_and(|codes| codes.iter().all(is_code)) {
        return Err(refused("retryableStatusCodes"));
    }
    let multiplier = multiplier.ok_or_else(|| refused("backoffMultiplier"))?;
    let policy = policy(backoff("initialBackoff")?, backoff("maxBackoff")?, multiplier)?;
    Ok(policy.attempts(u32::try_from(attempts).unwrap_or(DEFAULT_CAP)))
}

/// JSON's form of a protobuf duration: seconds with an `s`. It must be more than nothing.
fn duration(text: &str) -> Option<Duration> {
    let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
    Some(Unit::Seconds.duration(seconds)).filter(|duration| !duration.is_zero())
}

fn validate_throttle(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["maxTokens", "tokenRatio"])?;
    refusal(case.expect()? == "error", throttle(input.get("maxTokens"), input.get("tokenRatio")))
}

/// Both are required, and the tokens are a whole number, as the protobuf form has them.
fn throttle(tokens: Option<&Value>, ratio: Option<&Value>) -> Result<GrpcThrottle, Fault> {
    let (tokens, share) = (tokens.and_then(Value::as_f64), ratio.and_then(Value::as_f64));
    let (Some(tokens), Some(share)) = (tokens, share) else {
        return Err(Fault::refused("a throttle without `maxTokens` or `tokenRatio`"));
    };
    if tokens < 0.0 || tokens.fract() != 0.0 {
        return Err(Fault::refused(format!("`maxTokens` of {tokens}")));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
    let tokens = tokens as u32;
    Ok(GrpcThrottle::new(tokens, quantity::ratio(share)?)?)
}
