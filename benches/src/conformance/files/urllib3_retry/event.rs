//! What a call of urllib3's `increment` is told.

use std::time::SystemTime;

use retry_http::{Category, Exchange, Fault as Broken, HttpClassifier, SpentOn};

use crate::conformance::fault::Fault;

/// A failure of a request.
#[derive(Clone, Debug)]
pub(super) struct Event<'a> {
    /// As it is called in the cases: `read_timeout`.
    pub(super) name: &'a str,
    method: Option<&'a str>,
    pub(super) spent_on: SpentOn,
}

impl<'a> Event<'a> {
    /// `NAME`, with the method and the status behind it: `read_timeout:GET`, `response:400`, `plain:GET`, `redirect:302`.
    pub(super) fn parse(text: &'a str) -> Result<Self, Fault> {
        let unknown = || Fault::unreadable(format!("there is no event `{text}`"));
        let mut parts = text.split(':');
        let name = parts.next().unwrap_or_default();
        let (mut method, mut status) = (None, None);
        for part in parts {
            match part.parse() {
                Ok(number) => status = Some(number),
                Err(_) => method = Some(part),
            }
        }
        let spent_on = match name {
            "plain" | "fail" => SpentOn::Unknown,
            "redirect" => SpentOn::Redirect,
            "response" | "status" => SpentOn::Status(status.ok_or_else(unknown)?),
            error => SpentOn::Fault(broken(error).ok_or_else(unknown)?),
        };
        Ok(Self { name, method, spent_on })
    }

    pub(super) fn new(name: &'a str, method: Option<&'a str>, spent_on: SpentOn) -> Self {
        Self { name, method, spent_on }
    }

    /// Whether the error is given back as it is, because the request may not be repeated. urllib3 asks that only where the request
    /// had been sent.
    pub(super) fn is_final(&self, classifier: &HttpClassifier) -> bool {
        match self.spent_on {
            SpentOn::Fault(broken) if Category::from(broken) == Category::Read => {
                let exchange = Exchange::fault(self.method.unwrap_or_default(), broken, SystemTime::UNIX_EPOCH);
                !classifier.judge(&exchange).is_some_and(|judgement| judgement.is_worth_a_retry())
            }
            _ => false,
        }
    }
}

/// By urllib3's kinds of errors.
pub(super) fn broken(error: &str) -> Option<Broken> {
    Some(match error {
        "connect_timeout" => Broken::ConnectTimeout,
        "connect_error" | "new_connection_error" => Broken::Refused,
        "read_timeout" => Broken::Timeout,
        "read_error" | "protocol_error" => Broken::Closed,
        "other_error" => Broken::Other,
        _ => return None,
    })
}
