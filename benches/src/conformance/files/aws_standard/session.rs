//! One logical request, or several, over scripted responses.

use std::time::Duration;

use retry_core::{Decision, HintRule, Policy, Retryable, Session, StopReason, Time, Verdict};
use serde_json::Value;

use super::{QUOTA, exponential, hint};
use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::expectation::Expectation;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::unit::GREATEST;

pub(super) fn run(case: &Case) -> Outcome {
    let responses = case.all().need_list("responses")?;
    let steps = || responses.iter().map(|step| case.all().within(step));
    // To be wired to the engine's retry budget: a session with a number of tokens begins, or ends, with the quota.
    let counts = |step: Fields<'_>| {
        let expected = step.object("expected");
        expected.get("retry_quota").is_some() || expected.get("outcome") == Some(&"retry_quota_exceeded".into())
    };
    if case.input().get("initial_retry_tokens").is_some() || steps().any(counts) {
        return Err(QUOTA);
    }
    let policy = policy(case)?;
    let mut rng = draws::always(case.input().number("exponential_base")?.unwrap_or(1.0));
    let (mut session, mut now) = (Session::begin(Time::default()), Time::default());
    for step in steps() {
        step.only(&["response", "expected", "explicit_delay"])?;
        let expected = step.object("expected");
        let Some(mut verdict) = verdict(step)? else {
            same(Some("success"), expected.text("outcome")?)?;
            session = Session::begin(now);
            continue;
        };
        if let Some(delay) = step.duration("explicit_delay")? {
            verdict = verdict.after(delay);
        }
        let decision = session.on_failure(now, verdict, &policy, &mut rng);
        same(expected.text("outcome")?, Some(outcome(decision)))?;
        if let Some(delay) = expected.get("delay") {
            Expectation::read(delay, case.unit)?.check(case, decision.delay())?;
        }
        match decision.delay() {
            Some(delay) => now = now.after(delay),
            None => session = Session::begin(now),
        }
    }
    Ok(())
}

fn outcome(decision: Decision) -> &'static str {
    match decision {
        Decision::Retry(_) => "retry_request",
        Decision::Stop(StopReason::Attempts) => "max_attempts_exceeded",
        Decision::Stop(StopReason::Budget) => "retry_quota_exceeded",
        Decision::Stop(_) => "fail_request",
    }
}

/// 2.0 waits a second first, 2.1 50 ms (25 ms for DynamoDB, which has four attempts) but a second where it is throttled.
fn policy(case: &Case) -> Result<Policy, Fault> {
    let given = case.input();
    let dynamodb = given.text("service")?.is_some_and(|service| service.eq_ignore_ascii_case("dynamodb"));
    let newer = case.all().text("spec")? == Some("2.1");
    let attempts = given.count("max_attempts")?.unwrap_or(if newer && dynamodb { 4 } else { 3 });
    let max = given.duration("max_backoff_time")?.unwrap_or(Duration::from_secs(20));
    if !newer {
        return Ok(exponential(Duration::from_secs(1), max)?.attempts(attempts).hints(HintRule::Exactly, GREATEST));
    }
    let base = Duration::from_millis(if dynamodb { 25 } else { 50 });
    let clamp = HintRule::Clamp(Duration::from_secs(5));
    let throttled = exponential(Duration::from_secs(1), max)?.attempts(attempts).hints(clamp, GREATEST);
    let policy = exponential(base, max)?.attempts(attempts).hints(clamp, GREATEST);
    Ok(policy.on_class_owned(Retryable::Throttled, throttled))
}

/// Throttled whatever the status is.
const THROTTLED: [&str; 14] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];
const TRANSIENT: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];

/// `None` is a success. A stand-in until the rule set of `retry-http` for AWS can be asked.
fn verdict(step: Fields<'_>) -> Result<Option<Verdict>, Fault> {
    let response = match step.need("response")? {
        Value::String(word) => {
            return match word.as_str() {
                "ok" => Ok(None),
                "transient_error" | "ok_but_classified_retryable" | "server_error" | "timeout" => {
                    Ok(Some(Verdict::TRANSIENT))
                }
                "throttling" => Ok(Some(Verdict::THROTTLED)),
                "non_retryable" => Ok(Some(Verdict::PERMANENT)),
                _ => Err(Fault::unreadable(format!("there is no response `{word}`"))),
            };
        }
        _ => step.object("response"),
    };
    response.only(&["status_code", "error_code", "headers"])?;
    let status = response.need_whole("status_code")?;
    let code = response.text("error_code")?.unwrap_or_default();
    let verdict = if THROTTLED.contains(&code) || status == 429 {
        Verdict::THROTTLED
    } else if TRANSIENT.contains(&code) || [500, 502, 503, 504].contains(&status) {
        Verdict::TRANSIENT
    } else if status < 400 && code.is_empty() {
        return Ok(None);
    } else {
        Verdict::PERMANENT
    };
    let headers = response.object("headers");
    let header = headers.keys().find(|name| name.eq_ignore_ascii_case("x-amz-retry-after"));
    let asked = header.map_or(Ok(None), |name| headers.text(name))?.and_then(hint);
    Ok(Some(asked.map_or(verdict, |asked| verdict.after(asked))))
}
