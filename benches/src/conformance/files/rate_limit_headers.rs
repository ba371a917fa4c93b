//! The IETF's RateLimit fields and Idempotency-Key.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use retry_core::Class;
use retry_http::{IdempotencyKey, KeyOutcome, RateLimit, RateLimitPolicy, next_allowed};
use serde_json::{Map, Value};

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::measures::equal;
use crate::conformance::unit::Unit;
use crate::conformance::{headers, instant};

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "parse_ratelimit" => limits(case),
        "next_allowed" => next(case),
        "idempotency_key_header" => key(case),
        "idempotency_outcome" => outcome(case),
        _ => Err(Fault::UnknownOp),
    }
}

fn limits(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["header", "value"])?;
    let value = input.need_text("value")?;
    let parsed = match input.need_text("header")?.to_ascii_lowercase().as_str() {
        "ratelimit" => RateLimit::parse(value).map(|limits| limits.iter().map(limit).collect::<Vec<_>>()),
        "ratelimit-policy" => RateLimitPolicy::parse(value).map(|policies| policies.iter().map(policy).collect()),
        other => return Err(Fault::unreadable(format!("`{other}` is no such field"))),
    };
    match (case.expect()?, parsed) {
        (Value::Array(expected), Ok(got)) => same(expected.iter().map(canonical).collect::<Vec<_>>(), got),
        // A malformed field is ignored.
        (Value::Null, Err(_)) => Ok(()),
        (Value::String(word), Err(_)) if ["invalid", "ignored", "error"].contains(&word.as_str()) => Ok(()),
        (Value::Array(none), Err(_)) if none.is_empty() => Ok(()),
        (expected, got) => Err(Fault::differs(expected, format!("{got:?}"))),
    }
}

fn limit(limit: &RateLimit) -> Value {
    object([
        ("name", Some(limit.name.as_str().into())),
        ("r", Some(limit.remaining.into())),
        ("t", limit.resets.map(seconds)),
        ("pk", limit.partition_key.as_deref().map(encoded)),
    ])
}

fn policy(policy: &RateLimitPolicy) -> Value {
    object([
        ("name", Some(policy.name.as_str().into())),
        ("q", Some(policy.quota.into())),
        ("w", policy.window.map(seconds)),
        ("qu", policy.unit.as_deref().map(Into::into)),
        ("pk", policy.partition_key.as_deref().map(encoded)),
    ])
}

fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect::<Map<_, _>>().into()
}

fn seconds(time: Duration) -> Value {
    time.as_secs().into()
}

/// RFC 9651 section 4.2.7 has parsers take the bits at the end that belong to no byte, whatever they are; the draft's examples have some.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

fn encoded(bytes: &[u8]) -> Value {
    LENIENT.encode(bytes).into()
}

/// With the partition key as an encoder writes it, those bits zero; what cannot be decoded stays as it is.
fn canonical(expected: &Value) -> Value {
    let mut expected = expected.clone();
    if let Some(key) = expected.get_mut("pk")
        && let Some(bytes) = key.as_str().and_then(|text| LENIENT.decode(text).ok())
    {
        *key = encoded(&bytes);
    }
    expected
}

fn next(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["headers", "now"])?;
    let now = input.text("now")?.map_or(Ok(SystemTime::UNIX_EPOCH), instant::parse)?;
    let wait = next_allowed(&headers::map(input.object("headers"))?, now);
    let wait = wait.map_or(Value::Null, |wait| Unit::Seconds.count(wait).into());
    let expected = case.all().object("expect");
    expected.only(&["wait"])?;
    // `null` is what is expected where nothing is said.
    equal(case, "wait", expected.get("wait").unwrap_or(&Value::Null), &wait)
}

fn key(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["key"])?;
    let key: Result<IdempotencyKey, _> = input.need_text("key")?.parse();
    let header = key.map(|key| String::from_utf8_lossy(key.quoted().as_bytes()).into_owned());
    same(case.expect()?, &Value::from(header.unwrap_or_else(|_| "invalid".into())))
}

fn outcome(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["status", "same_key", "key_missing"])?;
    let status = headers::status(input, "status")?.ok_or_else(|| Fault::unreadable("`status` is missing"))?;
    let keyed = input.flag("same_key")? && !input.flag("key_missing")?;
    let meaning = match KeyOutcome::of(status, keyed).map(|outcome| outcome.verdict().class) {
        Some(Class::Transient) => "retry_later_same_request",
        Some(Class::Permanent) => "permanent_client_bug",
        Some(Class::Misconfigured) => "permanent_until_key_added",
        _ => "none",
    };
    same(case.expect()?, &Value::from(meaning))
}
