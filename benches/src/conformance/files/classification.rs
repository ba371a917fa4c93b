//! What is worth a retry over HTTP, for AWS, .NET, HashiCorp and urllib3.

use std::time::{Duration, SystemTime};

use retry_core::{Class, Decision, Policy, RetryPolicy as _, Seeded};
use retry_http::http::HeaderMap;
use retry_http::{Exchange, Fault as Broken, HttpClassifier, Methods, Rules, StatusSet};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::headers::status;
use crate::conformance::runs::failure;

pub(crate) fn run(case: &Case) -> Outcome {
    let input = case.input();
    let got = match case.op.as_str() {
        "attempts_left" => attempts_left(input)?,
        "http_transient_hashicorp" => transient(input, Rules::hashicorp())?,
        "http_transient_ms" => transient(input, Rules::dotnet())?,
        "is_throttling" => is_throttling(input)?,
        "is_transient" => is_transient(input)?,
        "method_idempotent_default" => {
            input.only(&["method"])?;
            Rules::urllib3().may_repeat(input.need_text("method")?)
        }
        "urllib3_is_retry" => urllib3(input)?,
        _ => return Err(Fault::UnknownOp),
    };
    same(case.expect()?, &Value::from(got))
}

fn attempts_left(input: Fields<'_>) -> Result<bool, Fault> {
    input.only(&["max_attempts", "attempt"])?;
    let policy = Policy::constant(Duration::ZERO).attempts(input.need_count("max_attempts")?);
    let decision = policy.decide(&failure(input.need_whole("attempt")?), &mut Seeded::new(0));
    Ok(matches!(decision, Decision::Retry(_)))
}

/// Whether a GET that ended like this is worth a retry.
fn transient(input: Fields<'_>, rules: Rules) -> Result<bool, Fault> {
    input.only(&["status", "exception"])?;
    let headers = HeaderMap::new();
    let exchange = match (status(input, "status")?, input.text("exception")?) {
        (Some(status), None) => Exchange::answer("GET", status, &headers, SystemTime::UNIX_EPOCH),
        (None, Some(exception)) => match dotnet(exception) {
            Some(broken) => Exchange::fault("GET", broken, SystemTime::UNIX_EPOCH),
            None => return Ok(false),
        },
        _ => return Err(Fault::unreadable("neither a status nor an exception")),
    };
    let judgement = HttpClassifier::new().rules(rules).without_providers().judge(&exchange);
    Ok(judgement.is_some_and(|judgement| judgement.is_worth_a_retry()))
}

/// The exceptions of .NET that are the connection's fault, and no cancelling or misuse.
fn dotnet(exception: &str) -> Option<Broken> {
    match exception {
        "HttpRequestException" => Some(Broken::Other),
        "TimeoutRejectedException" => Some(Broken::Timeout),
        _ => None,
    }
}

/// botocore goes by the code alone.
fn is_throttling(input: Fields<'_>) -> Result<bool, Fault> {
    input.only(&["status", "code"])?;
    Ok(input.text("code")?.is_some_and(|code| Rules::aws().is_throttled_code(code)))
}

/// By status or code. A code in angle brackets is the name of an exception: there was no answer.
fn is_transient(input: Fields<'_>) -> Result<bool, Fault> {
    input.only(&["status", "code"])?;
    let (rules, code) = (Rules::aws(), input.text("code")?);
    if let Some(exception) = code.and_then(|code| code.strip_prefix('<')?.strip_suffix('>')) {
        let broken = exception.parse().unwrap_or(Broken::Other);
        let exchange = Exchange::fault("GET", broken, SystemTime::UNIX_EPOCH);
        let judgement = HttpClassifier::new().rules(rules).judge(&exchange);
        return Ok(judgement.is_some_and(|judgement| judgement.verdict.class == Class::Transient));
    }
    let by_status = status(input, "status")?.is_some_and(|status| rules.is_transient(status));
    Ok(by_status || code.is_some_and(|code| rules.is_transient_code(code)))
}

fn urllib3(input: Fields<'_>) -> Result<bool, Fault> {
    input.only(&[
        "total",
        "status_forcelist",
        "range",
        "allowed_methods",
        "method",
        "status",
        "has_retry_after",
        "respect_retry_after_header",
    ])?;
    let mut rules = Rules::urllib3();
    if input.get("status_forcelist").is_some() {
        rules = rules.statuses(forcelist(input)?);
    }
    // Without a header to heed if there is nothing left, or no count at all.
    let is_false = |key| input.keys().any(|given| given == key) && !input.get(key).is_some_and(is_truthy);
    rules = rules.respect_retry_after(!is_false("total") && !is_false("respect_retry_after_header"));
    if input.keys().any(|key| key == "allowed_methods") {
        rules = rules.methods(methods(input)?);
    }
    let status = status(input, "status")?.ok_or_else(|| Fault::unreadable("`status` is missing"))?;
    Ok(rules.retries(input.need_text("method")?, status, input.flag("has_retry_after")?))
}

/// As Python sees it: 0, false and null are not.
fn is_truthy(value: &Value) -> bool {
    value.as_bool() != Some(false) && value.as_f64() != Some(0.0)
}

/// A list, or with `range` its first and last.
fn forcelist(input: Fields<'_>) -> Result<StatusSet, Fault> {
    let status = |value: &Value| value.as_u64().and_then(|status| u16::try_from(status).ok());
    let statuses: Option<Vec<_>> = input.need_list("status_forcelist")?.iter().map(status).collect();
    match (statuses.as_deref(), input.flag("range")?) {
        (Some([first, last]), true) => Ok((*first..=*last).into()),
        (Some(statuses), false) => Ok(StatusSet::of(statuses)),
        _ => Err(Fault::unreadable("`status_forcelist` is no list of statuses")),
    }
}

/// `null` and `false` are any method, as urllib3 has it.
pub(crate) fn methods(input: Fields<'_>) -> Result<Methods, Fault> {
    let Some(Value::Array(names)) = input.get("allowed_methods") else { return Ok(Methods::ANY) };
    let names: Option<Vec<_>> = names.iter().map(|name| name.as_str().map(str::to_owned)).collect();
    names.map(Methods::of).ok_or_else(|| Fault::unreadable("`allowed_methods` is no list of names"))
}
