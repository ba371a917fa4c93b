//! Headers and answers of HTTP as cases write them.

use retry_http::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::fault::Fault;
use super::fields::Fields;

/// The values of one header, under `value` or as a list under `values`; none where both are absent.
pub(crate) fn values<'a>(input: Fields<'a>) -> Result<Vec<&'a str>, Fault> {
    let text =
        |value: &'a Value| value.as_str().ok_or_else(|| Fault::unreadable(format!("{value} is no header's value")));
    match input.list("values")? {
        Some(values) => values.iter().map(text).collect(),
        None => input.get("value").map(text).into_iter().collect(),
    }
}

/// An object of headers. What no header can carry is refused.
pub(crate) fn map(headers: Fields<'_>) -> Result<HeaderMap, Fault> {
    let mut map = HeaderMap::new();
    for key in headers.keys() {
        let name = HeaderName::from_bytes(key.as_bytes()).map_err(Fault::unreadable)?;
        for value in one_or_many(headers.get(key)) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            map.append(name.clone(), HeaderValue::from_bytes(value.as_bytes()).map_err(Fault::unreadable)?);
        }
    }
    Ok(map)
}

fn one_or_many(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(values)) => values,
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
}

/// A status code.
pub(crate) fn status(input: Fields<'_>, key: &str) -> Result<Option<u16>, Fault> {
    let status = |status| u16::try_from(status).map_err(|_| Fault::unreadable(format!("there is no status {status}")));
    input.whole(key)?.map(status).transpose()
}
