//! A policy of a composition, written as `name(key=value, ..)`.

use std::time::Duration;

use super::breaker::Guard;
use super::limiter::RateLimiter;
use super::retried::Retried;
use super::step::{Output, is_name};
use crate::conformance::fault::Fault;

pub(super) enum Layer {
    Retry(Box<Retried>),
    Fallback(Fallback),
    RateLimiter(RateLimiter),
    Breaker(Box<Guard>),
    Timeout(Timeout),
}

impl Layer {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let unknown = || Fault::unreadable(format!("the runner does not know the policy `{text}`"));
        let (name, arguments) = text.strip_suffix(')').and_then(|text| text.split_once('(')).unwrap_or((text, ""));
        let arguments = Arguments(arguments);
        let name = name.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        match name.trim_end_matches("_policy") {
            "retry" => Retried::parse(&arguments).ok_or_else(unknown)?.map(|retried| Self::Retry(Box::new(retried))),
            "fallback" => Fallback::parse(&arguments).ok_or_else(unknown).map(Self::Fallback),
            "rate_limiter" | "limiter" | "rate_limit" | "bursty_rate_limiter" => {
                RateLimiter::parse(&arguments, false).ok_or_else(unknown).map(Self::RateLimiter)
            }
            "smooth_rate_limiter" => RateLimiter::parse(&arguments, true).ok_or_else(unknown).map(Self::RateLimiter),
            "circuit_breaker" | "breaker" => {
                Guard::parse(&arguments).ok_or_else(unknown).map(|guard| Self::Breaker(Box::new(guard)))
            }
            "timeout" => Timeout::parse(&arguments).ok_or_else(unknown).map(Self::Timeout),
            _ => Err(unknown()),
        }
    }
}

/// What stands between the parentheses.
pub(super) struct Arguments<'a>(&'a str);

impl<'a> Arguments<'a> {
    /// Key and value; the key is empty where there is none.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .split(',')
            .map(str::trim)
            .filter(|argument| !argument.is_empty())
            .map(|argument| argument.split_once('=').map_or(("", argument), |(key, value)| (key.trim(), value.trim())))
    }
}

/// Which outputs a policy is about: every error, unless some are named; and no result, unless one is.
#[derive(Default)]
pub(super) struct Handles {
    /// Several as `A|B`.
    errors: Option<String>,
    results: Option<String>,
}

impl Handles {
    /// Takes an argument; `None` if it is none of these.
    pub(super) fn take(&mut self, key: &str, value: &str) -> Option<()> {
        let place = match key {
            "handle" | "handles" | "on" => &mut self.errors,
            "handle_result" | "handle_results" | "result_is" => &mut self.results,
            _ => return None,
        };
        *place = Some(value.to_owned());
        Some(())
    }

    pub(super) fn handles(&self, output: &Output) -> bool {
        let named = |list: &str, is: &dyn Fn(&str) -> bool| list.split('|').any(|one| is(one.trim()));
        match output {
            // As with Failsafe: where only results are named, errors still count.
            Output::Error(error) => self.errors.as_ref().is_none_or(|list| named(list, &|one| is_name(one, error))),
            Output::Result(result) => self.results.as_ref().is_some_and(|list| named(list, &|one| one == result)),
            Output::Cut => false,
        }
    }
}

/// A result or an error instead of what failed.
pub(super) struct Fallback {
    instead: Output,
    handles: Handles,
    pub(super) used: usize,
}

impl Fallback {
    fn parse(arguments: &Arguments<'_>) -> Option<Self> {
        let (mut instead, mut handles) = (Output::Result("fallback".into()), Handles::default());
        for (key, value) in arguments.iter() {
            match key {
                "" | "result" | "value" => instead = Output::parse(value),
                "error" | "throws" => instead = Output::Error(value.into()),
                _ => handles.take(key, value)?,
            }
        }
        Some(Self { instead, handles, used: 0 })
    }

    pub(super) fn instead_of(&mut self, output: Output) -> Output {
        if !self.handles.handles(&output) {
            return output;
        }
        self.used += 1;
        self.instead.clone()
    }
}

/// What is within has so much time.
pub(super) struct Timeout {
    pub(super) limit: Duration,
    /// How often it was over.
    pub(super) expired: usize,
}

impl Timeout {
    fn parse(arguments: &Arguments<'_>) -> Option<Self> {
        let mut limit = None;
        for (key, value) in arguments.iter() {
            match (key, value) {
                // The script is cut in any case: it stands still meanwhile.
                ("" | "interrupt", "interrupt" | "true" | "false") => {}
                ("" | "timeout" | "limit" | "duration", value) => limit = Some(time(value)?),
                _ => return None,
            }
        }
        Some(Self { limit: limit?, expired: 0 })
    }
}

/// `100ms`, `1s`, `10min`, `10m`; a bare number is milliseconds.
pub(super) fn time(text: &str) -> Option<Duration> {
    let text = text.trim();
    let units = [("ms", 1), ("min", 60_000), ("m", 60_000), ("s", 1_000), ("h", 3_600_000), ("", 1)];
    let (number, millis) = units.iter().find_map(|(unit, millis)| Some((text.strip_suffix(unit)?, millis)))?;
    number.trim().parse::<u64>().ok().map(|number| Duration::from_millis(number.saturating_mul(*millis)))
}
