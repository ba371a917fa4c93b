//! Exchanges in one line.

use std::time::SystemTime;

use retry_http::http::{HeaderMap, HeaderName, HeaderValue};
use retry_http::{Exchange, Fault, HttpClassifier, Judgement};

pub(crate) const NOW: SystemTime = SystemTime::UNIX_EPOCH;

pub(crate) fn headers(fields: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

/// The standard rules' judgement of an answer.
pub(crate) fn answer(method: &str, status: u16, fields: &[(&str, &str)]) -> Option<Judgement> {
    HttpClassifier::new().judge(&Exchange::answer(method, status, &headers(fields), NOW))
}

pub(crate) fn fault(method: &str, fault: Fault) -> Judgement {
    HttpClassifier::new().judge(&Exchange::fault(method, fault, NOW)).unwrap()
}
