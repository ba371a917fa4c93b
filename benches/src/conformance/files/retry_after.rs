//! Retry-After, reset headers and gRPC push-back.

use std::time::{Duration, SystemTime};

use retry_core::{HintRule, Policy, Proportional, Verdict};
use retry_http::http::header::RETRY_AFTER;
use retry_http::http::{HeaderMap, HeaderValue};
use retry_http::{Exchange, HttpClassifier, InvalidHeader, PushBack, ResetFormat, RetryAfter, Rules};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::fields::Fields;
use crate::conformance::quantity::millionths_down;
use crate::conformance::runs::{check_delay, drawn_then_hinted, failure_judged};
use crate::conformance::unit::{GREATEST, Unit};
use crate::conformance::{headers, instant, line};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "parse_retry_after" => retry_after(case),
        "parse_reset_header" => reset(case),
        "parse_grpc_pushback" => push_back(case),
        "delay_with_hint" => delay_with_hint(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// What a header came to.
#[derive(Debug, PartialEq)]
enum Said {
    Absent,
    Invalid,
    /// Not looked at with this status.
    Ignored,
    DoNotRetry,
    Wait(Duration),
}

impl Said {
    fn of(parsed: Option<Result<Duration, InvalidHeader>>, max: Duration) -> Self {
        match parsed {
            None => Self::Absent,
            Some(Err(_)) => Self::Invalid,
            Some(Ok(wait)) => Self::Wait(wait.min(max)),
        }
    }

    /// Against a number of seconds, or a word; `a_or_b` allows both. What is beyond any limit comes to the `max`.
    fn check(&self, case: &Case, max: Duration) -> Outcome {
        let expected = case.expect()?;
        let is = |word: &str| match word {
            "absent" => *self == Self::Absent,
            "invalid" => *self == Self::Invalid,
            "ignored" => *self == Self::Ignored,
            "do_not_retry" => *self == Self::DoNotRetry,
            "saturate_to_max" => *self == Self::Wait(max),
            number => number.parse().is_ok_and(|seconds| self.is_wait(seconds)),
        };
        let passes = match expected {
            Value::String(words) => words.split("_or_").any(is),
            other => other.as_f64().is_some_and(|seconds| self.is_wait(seconds)),
        };
        if passes { Ok(()) } else { Err(Fault::differs(expected, format!("{self:?}"))) }
    }

    fn is_wait(&self, seconds: f64) -> bool {
        *self == Self::Wait(Unit::Seconds.duration(seconds))
    }
}

/// The most that a hint may ask for; what is longer is cut.
fn max(input: Fields<'_>) -> Result<Duration, Fault> {
    Ok(input.duration("max")?.unwrap_or(GREATEST))
}

fn retry_after(case: &Case) -> Outcome {
    let input = case.input();
    // In which zone the client lives must not matter.
    input.only(&["value", "values", "now", "max", "status", "local_timezone"])?;
    let max = max(input)?;
    let now = input.text("now")?.map_or(Ok(SystemTime::UNIX_EPOCH), instant::parse)?;
    if headers::status(input, "status")?.is_some_and(|status| !throttling().heeds_hints(status)) {
        return Said::Ignored.check(case, max);
    }
    let mut map = HeaderMap::new();
    for value in headers::values(input)? {
        match HeaderValue::from_bytes(value.as_bytes()) {
            Ok(value) => map.append(RETRY_AFTER, value),
            // No header can carry it.
            Err(_) => return Said::Invalid.check(case, max),
        };
    }
    Said::of(RetryAfter::of(&map).map(|parsed| parsed.map(|said| said.delay(now))), max).check(case, max)
}

/// Linkerd looks at the header with the same two statuses as HashiCorp's client: 429 and 503.
fn throttling() -> Rules {
    Rules::hashicorp()
}

fn reset(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["format", "value", "values", "now_unix"])?;
    let format = match input.need_text("format")? {
        "seconds" => ResetFormat::Seconds,
        "unix_timestamp" => ResetFormat::UnixSeconds,
        other => return Err(Fault::unreadable(format!("there is no format `{other}`"))),
    };
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(input.whole("now_unix")?.unwrap_or(0));
    let value = headers::values(input)?.into_iter().next();
    Said::of(value.map(|value| format.delay(value, now)), GREATEST).check(case, GREATEST)
}

fn push_back(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["value", "values", "max"])?;
    let max = max(input)?;
    let said = match PushBack::parse(headers::values(input)?) {
        None => Said::Absent,
        Some(PushBack::DoNotRetry) => Said::DoNotRetry,
        Some(PushBack::Delay(wait)) => Said::Wait(wait.min(max)),
    };
    said.check(case, max)
}

/// HashiCorp's linear schedule from `min` to `max`, times the number of the retry; where the server names a delay with a status that
/// counts, exactly that.
fn delay_with_hint(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["status", "retry_after", "min", "max", "attempt", "random", "now"])?;
    let (min, max) = (input.need_duration("min")?, input.need_duration("max")?);
    let policy = linear(min, max.max(min))?;
    let mut map = HeaderMap::new();
    if let Some(value) = input.text("retry_after")? {
        map.insert(RETRY_AFTER, HeaderValue::from_str(value).map_err(Fault::unreadable)?);
    }
    let now = input.text("now")?.map_or(Ok(SystemTime::UNIX_EPOCH), instant::parse)?;
    let status = headers::status(input, "status")?.ok_or_else(|| Fault::unreadable("`status` is missing"))?;
    let classifier = HttpClassifier::new().rules(Rules::hashicorp()).without_providers();
    let judgement = classifier.judge(&Exchange::answer("GET", status, &map, now));
    let verdict = judgement.map_or(Verdict::PERMANENT, |judgement| judgement.for_policy());
    let number = input.whole("attempt")?.unwrap_or(0).saturating_add(1);
    let failure = failure_judged(number, verdict);
    check_delay(case, |draw| drawn_then_hinted(&policy, HintRule::Exactly, &failure, draw).delay())
}

/// From `min` to `max`, times the number.
fn linear(min: Duration, max: Duration) -> Result<Policy, Fault> {
    let mean = (min + max) / 2;
    let spread = (max - min).as_secs_f64() / 2.0;
    // Never beyond the ends.
    let proportion = if mean.is_zero() { 0 } else { millionths_down(spread / mean.as_secs_f64()) };
    let policy = line::policy(&format!("linear {}", line::time(mean)))?;
    Ok(policy.jitter(Proportional::millionths(proportion)?.into()))
}
