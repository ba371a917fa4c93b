//! A policy of a composition, written as `name(key=value, ..)`.

use std::time::Duration;

use retry_core::{Policy, Session, Time};

use super::super::settings::limited;
use super::step::Output;
use crate::conformance::fault::Fault;

pub(super) enum Layer {
    Retry(Box<Retried>),
    /// A result instead of an error.
    Fallback(Output),
    RateLimiter(RateLimiter),
}

impl Layer {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let unknown = || Fault::unreadable(format!("the runner does not know the policy `{text}`"));
        let (name, arguments) = text.strip_suffix(')').and_then(|text| text.split_once('(')).unwrap_or((text, ""));
        let arguments: Vec<_> = arguments.split(',').map(str::trim).filter(|argument| !argument.is_empty()).collect();
        match name.trim() {
            "retry" => Retried::parse(&arguments).ok_or_else(unknown)?.map(|retried| Self::Retry(Box::new(retried))),
            "fallback" => match *arguments {
                [] => Ok(Self::Fallback(Output::Result("fallback".into()))),
                [result] => Ok(Self::Fallback(Output::Result(result.trim_start_matches("result=").into()))),
                _ => Err(unknown()),
            },
            "rate_limiter" => RateLimiter::parse(&arguments).ok_or_else(unknown).map(Self::RateLimiter),
            "circuit_breaker" | "breaker" => Err(Fault::NotBuilt("the circuit breaker")),
            _ => Err(unknown()),
        }
    }
}

/// A retry policy, and its state in this execution.
pub(super) struct Retried {
    pub(super) policy: Policy,
    pub(super) session: Session,
    pub(super) failed: usize,
    pub(super) exhausted: usize,
    /// The one error that it retries, if it does not retry all.
    error: Option<String>,
    /// A result that it retries instead.
    result: Option<String>,
}

impl Retried {
    /// `None` for what the builder does not have.
    fn parse(arguments: &[&str]) -> Option<Result<Self, Fault>> {
        let (mut retries, mut delay, mut within, mut error, mut result) = (2_i64, Duration::ZERO, None, None, None);
        for argument in arguments.iter().filter(|argument| **argument != "default") {
            let (key, value) = argument.split_once('=')?;
            let value = value.trim();
            match key.trim() {
                "max_retries" => retries = value.parse().ok()?,
                "max_attempts" => retries = value.parse::<i64>().ok()?.saturating_sub(1).max(-1),
                "max_duration" => within = Some(time(value)?),
                "delay" => delay = time(value)?,
                "handle" => error = Some(value.to_owned()),
                "handle_result" => result = Some(value.to_owned()),
                _ => return None,
            }
        }
        let mut policy = Policy::constant(delay);
        if let Some(within) = within {
            policy = policy.within(within);
        }
        let session = Session::begin(Time::default());
        let retried = |policy| Self { policy, session, failed: 0, exhausted: 0, error, result };
        Some(limited(policy, retries).map(retried))
    }

    pub(super) fn handles(&self, output: &Output) -> bool {
        match output {
            Output::Error(name) => self.error.as_ref().is_none_or(|handled| handled == name),
            Output::Result(result) => self.result.as_ref() == Some(result),
        }
    }
}

/// So many executions in a period. A user's own: a limit of calls is no retry engine's.
pub(super) struct RateLimiter {
    most: u32,
    period: Duration,
    begun: Option<Time>,
    taken: u32,
}

impl RateLimiter {
    /// `3/s`, or `max_executions=3, period=1s`.
    fn parse(arguments: &[&str]) -> Option<Self> {
        let (most, period) = match *arguments {
            [rate] => (rate.strip_suffix("/s")?, "1s"),
            [most, period] => (most.split_once('=')?.1, period.split_once('=')?.1),
            _ => return None,
        };
        Some(Self { most: most.trim().parse().ok()?, period: time(period)?, begun: None, taken: 0 })
    }

    /// Whether one more may be executed.
    pub(super) fn admit(&mut self, now: Time) -> bool {
        if self.begun.is_none_or(|begun| now.since(begun) >= self.period) {
            (self.begun, self.taken) = (Some(now), 0);
        }
        let admitted = self.taken < self.most;
        self.taken = self.taken.saturating_add(1);
        admitted
    }
}

/// `100ms`, `1s`, `10min`.
fn time(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, millis) = if let Some(number) = text.strip_suffix("ms") {
        (number, 1)
    } else if let Some(number) = text.strip_suffix("min") {
        (number, 60_000)
    } else {
        (text.strip_suffix('s')?, 1_000)
    };
    number.trim().parse::<u64>().ok().map(|number| Duration::from_millis(number.saturating_mul(millis)))
}
