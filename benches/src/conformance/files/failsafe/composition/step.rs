//! What an operation does in its attempts.

use std::time::Duration;

use serde_json::Value;

use crate::conformance::fault::{Fault, Outcome, same};

/// What an operation or a policy gives: an error by its name, or a result.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Output {
    Error(String),
    Result(String),
}

impl Output {
    /// `err`, `err:Name`, a name that ends in `Exception` or `Error`; anything else is a result.
    fn parse(word: &str) -> Self {
        let is_error = word == "err" || word == "error" || word.ends_with("Exception") || word.ends_with("Error");
        match word.strip_prefix("err:") {
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
            Self::Error(name) if expected == "err" || expected == "error" || expected == format!("err:{name}") => {
                Ok(())
            }
            Self::Error(got) | Self::Result(got) => same(&expected, got),
        }
    }
}

/// One attempt: how long it takes, and what comes of it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) takes: Duration,
    pub(super) output: Output,
}

impl Step {
    /// `ok`, `err`, `sleep120 then false` (milliseconds); and the same several times, as `err x5`.
    pub(super) fn parse(text: &str) -> Result<Vec<Self>, Fault> {
        let unknown = || Fault::unreadable(format!("there is no step `{text}`"));
        let (step, times) = match text.rsplit_once(" x") {
            Some((step, times)) => (step, times.trim().parse().map_err(|_| unknown())?),
            None => (text, 1),
        };
        let (takes, word) = match step.split_once(" then ") {
            Some((sleep, word)) => {
                let millis = sleep.trim().strip_prefix("sleep").and_then(|millis| millis.trim().parse().ok());
                (Duration::from_millis(millis.ok_or_else(unknown)?), word)
            }
            None => (Duration::ZERO, step),
        };
        if times > super::MOST {
            return Err(unknown());
        }
        Ok(vec![Self { takes, output: Output::parse(word.trim()) }; times])
    }
}
