//! JSON lines.

use std::io::{self, BufRead, Write};
use std::time::{Duration, SystemTime};

use retry_http::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use retry_http::{Confidence, Exchange, Fault, HttpClassifier, Judgement, ResetFormat, RetryAfter, time_of_day};
use serde_json::{Map, Value};

use super::{Options, Tally, next_line, say};

pub(super) fn classify(options: &Options, mut input: impl BufRead, mut output: impl Write) -> io::Result<Tally> {
    let (classifier, mut tally) = (options.classifier(), Tally::default());
    while let Some(line) = next_line(&mut input)? {
        if line.trim().is_empty() {
            continue;
        }
        tally.all += 1;
        let object = read(&line).and_then(|mut object| {
            let outcome = one(options, &classifier, &object);
            match outcome {
                Ok(fields) => {
                    object.extend(fields);
                    Ok(object)
                }
                Err(complaint) => Err((object, complaint)),
            }
        });
        let object = object.unwrap_or_else(|(mut object, complaint)| {
            tally.bad += 1;
            // Beside the input's own `error`, if it has one, which is kept under another name.
            if let Some(error) = object.remove("error") {
                object.insert("input_error".into(), error);
            }
            object.insert("error".into(), complaint.into());
            object
        });
        say(&mut output, Value::Object(object))?;
    }
    Ok(tally)
}

type Fields = Map<String, Value>;

fn read(line: &str) -> Result<Fields, (Fields, String)> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err((as_it_is(line), "not an object; write {\"method\":\"GET\",\"status\":503}".into())),
        Err(error) => Err((as_it_is(line), format!("not JSON: {error}; write one object a line"))),
    }
}

/// So that a bad line can be found again.
fn as_it_is(line: &str) -> Fields {
    Fields::from_iter([("input".into(), line.into())])
}

/// The fields to add.
fn one(options: &Options, classifier: &HttpClassifier, object: &Fields) -> Result<Fields, String> {
    let method = match object.get("method") {
        Some(Value::String(method)) if !method.trim().is_empty() => method.trim(),
        Some(Value::Null) | None => return Err("method is missing; say which, as in \"method\":\"POST\"".into()),
        Some(_) => return Err("method is no text; write it as in \"method\":\"POST\"".into()),
    };
    let (status, fault) = (status(object.get("status"))?, fault(object.get("error"))?);
    let (headers, now) = (headers(object.get("headers"))?, now(object.get("now"))?);
    let exchange = match (status, fault) {
        // An answer that failed says more than a client's words about it; the body of a good one can still be lost.
        (Some(status), None) => Exchange::answer(method, status, &headers, now),
        (Some(status), Some(_)) if status >= 400 => Exchange::answer(method, status, &headers, now),
        (_, Some(fault)) => Exchange::fault(method, fault, now),
        (None, None) => return Err("neither status nor error; give the answer's status, or what went wrong".into()),
    };
    let body = match object.get("body") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(json) => json.to_string(),
    };
    let mut exchange = exchange.body(body.as_bytes());
    let url: Option<Uri> = object.get("url").and_then(Value::as_str).and_then(|url| url.parse().ok());
    let host = text(object, "host")?.or(options.host.as_deref()).or_else(|| url.as_ref()?.host());
    if let Some(host) = host {
        exchange = exchange.host(host);
    }
    if let Some(code) = text(object, "code")? {
        exchange = exchange.code(code);
    }
    if options.keyed || is_keyed(object.get("idempotency_key"))? {
        exchange = exchange.keyed(Duration::ZERO);
    }
    let judgement = classifier.judge(&exchange);
    Ok(fields(judgement.as_ref()))
}

/// What comes out; all null but the action where nothing failed.
fn fields(judgement: Option<&Judgement>) -> Fields {
    let word = |of: fn(&Judgement) -> &str| judgement.map_or(Value::Null, |judgement| of(judgement).into());
    let hint = judgement.and_then(|judgement| judgement.verdict.hint());
    let confidence = judgement.map_or(Confidence::High, |judgement| judgement.confidence);
    Fields::from_iter([
        ("class".into(), word(|judgement| judgement.verdict.class.as_str())),
        ("action".into(), judgement.map_or("done", |judgement| judgement.action().as_str()).into()),
        ("reason".into(), word(|judgement| judgement.reason.as_str())),
        ("scope".into(), word(|judgement| judgement.verdict.scope.as_str())),
        ("effect".into(), word(|judgement| judgement.verdict.effect.as_str())),
        ("retry_after_s".into(), hint.map_or(Value::Null, |hint| seconds(hint.not_before))),
        ("confidence".into(), confidence.as_str().into()),
        ("rule".into(), word(|judgement| &judgement.rule)),
    ])
}

fn seconds(delay: Duration) -> Value {
    if delay.subsec_nanos() == 0 { delay.as_secs().into() } else { delay.as_secs_f64().into() }
}

fn text<'a>(object: &'a Fields, name: &str) -> Result<Option<&'a str>, String> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name} is no text; write it in quotes")),
    }
}

fn status(value: Option<&Value>) -> Result<Option<u16>, String> {
    let status = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(digits)) => digits.trim().parse().ok(),
        Some(_) => None,
    };
    let status = status.filter(|status| *status <= 999).and_then(|status| u16::try_from(status).ok());
    status.map(Some).ok_or_else(|| "status is no status code; give a whole number from 100 to 999".into())
}

fn fault(value: Option<&Value>) -> Result<Option<Fault>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        // What nobody knows is a failure all the same.
        Some(Value::String(text)) => Ok(Some(text.parse().unwrap_or(Fault::Other))),
        Some(_) => Err("error is no text; give its name or message in quotes".into()),
    }
}

fn is_keyed(value: Option<&Value>) -> Result<bool, String> {
    match value {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(keyed)) => Ok(*keyed),
        Some(Value::String(key)) => Ok(!key.is_empty()),
        Some(_) => Err("idempotency_key is no text; give the key in quotes, or true".into()),
    }
}

fn headers(value: Option<&Value>) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    // An object, or a list of pairs, as some tools print them.
    let fields: Vec<(&String, &Value)> = match value {
        None | Some(Value::Null) => return Ok(headers),
        Some(Value::Object(fields)) => fields.iter().collect(),
        Some(Value::Array(pairs)) => pairs.iter().map(pair).collect::<Option<_>>().ok_or_else(no_headers)?,
        Some(_) => return Err(no_headers()),
    };
    for (name, value) in fields {
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            return Err(format!("'{name}' is no header's name; letters, digits and hyphens make one"));
        };
        let values = match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        for value in values {
            let value = match value {
                Value::Null => continue,
                Value::String(text) => HeaderValue::from_bytes(text.as_bytes()),
                Value::Number(number) => HeaderValue::from_str(&number.to_string()),
                _ => return Err(format!("the value of {header} is neither text nor number; put it in quotes")),
            };
            let Ok(value) = value else {
                return Err(format!("the value of {header} has control characters; leave them out"));
            };
            // More headers than a map can hold are no answer.
            if headers.try_append(header.clone(), value).is_err() {
                return Err("too many headers; leave out those that say nothing of a retry".into());
            }
        }
    }
    Ok(headers)
}

fn pair(pair: &Value) -> Option<(&String, &Value)> {
    match pair.as_array()?.as_slice() {
        [Value::String(name), value] => Some((name, value)),
        _ => None,
    }
}

fn no_headers() -> String {
    "headers is no object; write it as in {\"Retry-After\":\"30\"}".into()
}

fn now(value: Option<&Value>) -> Result<SystemTime, String> {
    let complaint =
        || "now is no time; write RFC 3339 (2026-11-22T10:00:00Z), an HTTP date, or seconds since 1970".into();
    match value {
        None | Some(Value::Null) => Ok(time_of_day()),
        Some(Value::Number(number)) => {
            let since = match number.as_u64() {
                Some(seconds) => Some(Duration::from_secs(seconds)),
                None => number.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            };
            since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since)).ok_or_else(complaint)
        }
        Some(Value::String(text)) => moment(text.trim()).ok_or_else(complaint),
        Some(_) => Err(complaint()),
    }
}

fn moment(text: &str) -> Option<SystemTime> {
    if let Ok(delay) = ResetFormat::UnixSeconds.delay(text, SystemTime::UNIX_EPOCH) {
        return SystemTime::UNIX_EPOCH.checked_add(delay);
    }
    if let Ok(RetryAfter::At(moment)) = RetryAfter::parse(text) {
        return Some(moment);
    }
    let date = mail_parser::DateTime::parse_rfc3339(text).filter(mail_parser::DateTime::is_valid)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(date.to_timestamp()).ok()?))
}
