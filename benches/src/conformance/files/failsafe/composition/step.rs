//! What an operation does in its attempts.

use std::time::Duration;

use serde_json::Value;

use super::layer::time;
use crate::conformance::fault::{Fault, Outcome, same};

/// What an operation or a policy gives: an error by its name, or a result.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Output {
    Error(String),
    Result(String),
    /// A timeout around it is over; it is that layer's to say so.
    Cut,
}

impl Output {
    /// `err`, `err:Name`, a name that ends in `Exception` or `Error`; anything else is a result.
    pub(super) fn parse(word: &str) -> Self {
        let is_error = word == "err" || word == "error" || word.ends_with("Exception") || word.ends_with("Error");
        let named = ["err:", "error:", "throw:", "throw "].iter().find_map(|prefix| word.strip_prefix(prefix));
        match named {
            Some(name) => Self::Error(name.trim().into()),
            None if is_error => Self::Error(word.into()),
            None => Self::Result(word.into()),
        }
    }

    /// Against the `result` that a case expects: a result by its word, an error by its name or as any error.
    pub(super) fn check(&self, expected: &Value) -> Outcome {
        let expected = match expected {
            Value::String(word) => word.clone(),
            other => other.to_string(),
        };
        match self {
            Self::Error(_) if expected == "err" || expected == "error" => Ok(()),
            Self::Error(name) if is_name(&expected, name) => Ok(()),
            Self::Error(got) | Self::Result(got) => same(&expected, got),
            Self::Cut => Err(Fault::differs(expected, "cut")),
        }
    }
}

/// Whether `word` names the error: `RateLimitExceededException` may be written `rate_limit_exceeded`.
pub(super) fn is_name(word: &str, error: &str) -> bool {
    let plain = |name: &str| {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        name.strip_suffix("exception").or_else(|| name.strip_suffix("error")).unwrap_or(&name).to_owned()
    };
    plain(word.strip_prefix("err:").or_else(|| word.strip_prefix("error:")).unwrap_or(word)) == plain(error)
}

/// One attempt: how long it takes, and what comes of it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) takes: Duration,
    pub(super) output: Output,
}

impl Step {
    /// `ok`, `err`, `sleep120 then false` (milliseconds, unless it says another unit); and the same several times, as `err x5`.
    pub(super) fn parse(text: &str) -> Result<Vec<Self>, Fault> {
        let unknown = || Fault::unreadable(format!("there is no step `{text}`"));
        let (step, times) = match text.rsplit_once(" x") {
            Some((step, times)) => (step, times.trim().parse().map_err(|_| unknown())?),
            None => (text, 1),
        };
        let (takes, word) = match step.split_once(" then ") {
            Some((sleep, word)) => (slept(sleep).ok_or_else(unknown)?, word),
            None => slept(step).map_or((Duration::ZERO, step), |takes| (takes, "ok")),
        };
        if times > super::MOST {
            return Err(unknown());
        }
        Ok(vec![Self { takes, output: Output::parse(word.trim()) }; times])
    }
}

/// `sleep120`, `sleep 120ms`, `sleep(1s)`.
fn slept(text: &str) -> Option<Duration> {
    let rest = text.trim().strip_prefix("sleep")?;
    let number = rest.trim_matches(|c: char| c.is_whitespace() || "()".contains(c));
    number.parse().ok().map(Duration::from_millis).or_else(|| time(number))
}
