//! What a server answered.

use std::time::SystemTime;

use retry_core::Verdict;
use retry_http::{Exchange, HttpClassifier, Rules};
use serde_json::Value;

use super::standard::TIMEOUT;
use crate::conformance::fault::Fault;
use crate::conformance::fields::Fields;
use crate::conformance::headers;

/// By the rules for AWS; `None` is a success.
pub(super) fn verdict(step: Fields<'_>) -> Result<Option<Verdict>, Fault> {
    let judged = match step.need("response")? {
        Value::String(word) => word_verdict(word)?,
        _ => answer(step.object("response"))?,
    };
    Ok(match (judged, step.duration("explicit_delay")?) {
        (Some(verdict), Some(delay)) => Some(verdict.after(delay)),
        (judged, _) => judged,
    })
}

/// The kinds of failure, and an answer without one.
fn word_verdict(word: &str) -> Result<Option<Verdict>, Fault> {
    if word == "ok" { Ok(None) } else { kind(word).map(Some) }
}

pub(super) fn kind(word: &str) -> Result<Verdict, Fault> {
    match word {
        "server_error" | "ok_but_classified_retryable" => Ok(Verdict::TRANSIENT),
        "transient_error" | "timeout" => Ok(Verdict::new(TIMEOUT)),
        "throttling" => Ok(Verdict::THROTTLED),
        "non_retryable" => Ok(Verdict::PERMANENT),
        _ => Err(Fault::unreadable(format!("there is no response `{word}`"))),
    }
}

fn answer(response: Fields<'_>) -> Result<Option<Verdict>, Fault> {
    response.only(&["status_code", "error_code", "headers"])?;
    let missing = || Fault::unreadable("`status_code` is missing");
    let status = headers::status(response, "status_code")?.ok_or_else(missing)?;
    let code = response.text("error_code")?.filter(|code| !code.is_empty());
    let headers = headers::map(response.object("headers"))?;
    // With a code it is an error, whatever the status says.
    let status = if code.is_some() && status < 400 { 400 } else { status };
    let mut exchange = Exchange::answer("GET", status, &headers, SystemTime::UNIX_EPOCH);
    if let Some(code) = code {
        exchange = exchange.code(code);
    }
    let classifier = HttpClassifier::new().rules(Rules::aws()).without_providers();
    Ok(classifier.judge(&exchange).map(|judgement| {
        let mut verdict = judgement.for_policy();
        if code.is_some_and(|code| code.starts_with("RequestTimeout")) {
            verdict.class = TIMEOUT;
        }
        verdict
    }))
}
