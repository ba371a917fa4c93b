//! Policies around an operation, outer to inner, as Failsafe composes them: a retry policy keeps its state for the whole execution,
//! so one that was exhausted once lets everything through afterwards. Each retry layer is a session of the engine's.

use std::collections::BTreeMap;
use std::time::Duration;

use retry_core::{Decision, Policy, Seeded, Session, Time, Verdict};
use serde_json::Value;

use super::settings::limited;
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};

/// What an operation or a policy gives: an error, or a result.
#[derive(Clone, Debug, PartialEq)]
enum Output {
    Error(String),
    Result(String),
}

pub(super) fn run(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["policies", "operation"])?;
    let words = |key| -> Result<Vec<&str>, Fault> {
        let list = input.need_list(key)?;
        list.iter().map(|word| word.as_str().ok_or_else(|| Fault::unreadable(format!("{word} in `{key}`")))).collect()
    };
    let mut layers = words("policies")?.into_iter().map(Layer::parse).collect::<Result<Vec<_>, _>>()?;
    let script = words("operation")?.into_iter().map(Step::parse).collect::<Result<Vec<_>, _>>()?;
    let mut execution = Execution { script, executions: 0, attempts: 0, now: Time::default(), rng: Seeded::new(0) };
    let output = execution.run(&mut layers)?;
    let counters = execution.counters(&layers, &output);
    let expected = case.all().object("expect");
    for key in expected.keys() {
        let got = counters.get(key).ok_or_else(|| Fault::unreadable(format!("nothing counts `{key}`")))?;
        same((key, expected.need(key)?), (key, got))?;
    }
    Ok(())
}

/// One attempt of the operation: how long it takes, and what comes of it.
struct Step {
    takes: Duration,
    output: Output,
}

impl Step {
    /// `ok`, `err`, or `sleep120 then false` (ms). A word that is neither is a result.
    fn parse(text: &str) -> Result<Self, Fault> {
        let (takes, word) = match text.split_once(" then ") {
            Some((sleep, word)) => {
                let millis = sleep.trim().strip_prefix("sleep").and_then(|millis| millis.trim().parse().ok());
                let millis = millis.ok_or_else(|| Fault::unreadable(format!("there is no step `{text}`")))?;
                (Duration::from_millis(millis), word)
            }
            None => (Duration::ZERO, text),
        };
        let word = word.trim();
        let output = match word.strip_prefix("err") {
            Some(_) => Output::Error("error".into()),
            None => Output::Result(word.into()),
        };
        Ok(Self { takes, output })
    }
}

enum Layer {
    Retry(Retried),
    Fallback(Output),
    RateLimiter { most: u32, period: Duration, begun: Option<Time>, taken: u32 },
}

struct Retried {
    policy: Policy,
    /// A result that is retried as well.
    handled: Option<String>,
    session: Session,
    failed: u32,
    exhausted: u32,
}

impl Layer {
    /// `name(key=value, ..)`.
    fn parse(text: &str) -> Result<Self, Fault> {
        let unknown = || Fault::unreadable(format!("there is no policy `{text}`"));
        let (name, arguments) = text.strip_suffix(')').and_then(|text| text.split_once('(')).unwrap_or((text, ""));
        let arguments: Vec<_> = arguments.split(',').map(str::trim).filter(|argument| !argument.is_empty()).collect();
        match name {
            "retry" => Retried::parse(&arguments).ok_or_else(unknown)?.map(Self::Retry),
            "fallback" => Ok(Self::Fallback(Output::Result(arguments.first().copied().unwrap_or("ok").into()))),
            "rate_limiter" => {
                let most = arguments.first().and_then(|rate| rate.strip_suffix("/s"));
                let most = most.and_then(|most| most.parse().ok()).ok_or_else(unknown)?;
                Ok(Self::RateLimiter { most, period: Duration::from_secs(1), begun: None, taken: 0 })
            }
            "circuit_breaker" | "breaker" => Err(Fault::NotBuilt("the circuit breaker")),
            _ => Err(unknown()),
        }
    }
}

impl Retried {
    /// `None` for what the builder does not have.
    fn parse(arguments: &[&str]) -> Option<Result<Self, Fault>> {
        let (mut policy, mut retries, mut handled) = (Policy::constant(Duration::ZERO), 2, None);
        for argument in arguments.iter().filter(|argument| **argument != "default") {
            let (key, value) = argument.split_once('=')?;
            match key.trim() {
                "max_retries" => retries = value.trim().parse().ok()?,
                "max_duration" => policy = policy.within(millis(value)?),
                "delay" => policy = Policy::constant(millis(value)?),
                "handle_result" => handled = Some(value.trim().to_owned()),
                _ => return None,
            }
        }
        let retried =
            |policy| Self { policy, handled, session: Session::begin(Time::default()), failed: 0, exhausted: 0 };
        Some(limited(policy, retries).map(retried))
    }

    fn handles(&self, output: &Output) -> bool {
        match output {
            Output::Error(_) => true,
            Output::Result(result) => self.handled.as_ref() == Some(result),
        }
    }
}

fn millis(text: &str) -> Option<Duration> {
    text.trim().strip_suffix("ms")?.trim().parse().ok().map(Duration::from_millis)
}

struct Execution {
    script: Vec<Step>,
    /// Of the operation.
    executions: usize,
    /// Of what is within the innermost retry policy.
    attempts: u32,
    now: Time,
    rng: Seeded,
}

impl Execution {
    fn run(&mut self, layers: &mut [Layer]) -> Result<Output, Fault> {
        let Some((layer, inner)) = layers.split_first_mut() else { return self.operation() };
        match layer {
            Layer::Retry(retried) => self.retry(retried, inner),
            Layer::Fallback(instead) => Ok(match self.within(inner)? {
                Output::Error(_) => instead.clone(),
                result => result,
            }),
            Layer::RateLimiter { most, period, begun, taken } => {
                if begun.is_none_or(|begun| self.now.since(begun) >= *period) {
                    (*begun, *taken) = (Some(self.now), 0);
                }
                if *taken >= *most {
                    return Ok(Output::Error("rate limit exceeded".into()));
                }
                *taken += 1;
                self.within(inner)
            }
        }
    }

    fn retry(&mut self, layer: &mut Retried, inner: &mut [Layer]) -> Result<Output, Fault> {
        loop {
            if !inner.iter().any(|layer| matches!(layer, Layer::Retry(_))) {
                self.attempts += 1;
            }
            let output = self.within(inner)?;
            if !layer.handles(&output) || layer.exhausted > 0 {
                return Ok(output);
            }
            layer.failed += 1;
            match layer.session.on_failure(self.now, Verdict::TRANSIENT, &layer.policy, &mut self.rng) {
                Decision::Retry(wait) => self.now = self.now.after(wait.delay()),
                Decision::Stop(_) => {
                    layer.exhausted += 1;
                    return Ok(output);
                }
            }
        }
    }

    fn within(&mut self, inner: &mut [Layer]) -> Result<Output, Fault> {
        self.run(inner)
    }

    /// The next step of the script; its last one repeats.
    fn operation(&mut self) -> Result<Output, Fault> {
        let step = self.script.get(self.executions).or(self.script.last());
        let step = step.ok_or_else(|| Fault::unreadable("the operation has no step"))?;
        self.executions += 1;
        if self.executions > 1_000_000 {
            return Err(Fault::differs("an end", "a million attempts"));
        }
        self.now = self.now.after(step.takes);
        Ok(step.output.clone())
    }

    /// Everything that a case may expect, by name. The outermost retry policy is `outer_`, the innermost `inner_`; without a prefix
    /// it is the outermost.
    fn counters(&self, layers: &[Layer], output: &Output) -> BTreeMap<String, Value> {
        let retries: Vec<_> = layers
            .iter()
            .filter_map(|layer| if let Layer::Retry(retried) = layer { Some(retried) } else { None })
            .collect();
        let result = match output {
            Output::Error(_) => "error",
            Output::Result(result) => result,
        };
        let attempts = if retries.is_empty() { 1 } else { self.attempts };
        let mut counters = BTreeMap::from([
            ("attempts".to_owned(), Value::from(attempts)),
            ("executions".to_owned(), Value::from(self.executions)),
            ("result".to_owned(), Value::from(result)),
        ]);
        for (prefix, layer) in [("", retries.first()), ("outer_", retries.first()), ("inner_", retries.last())] {
            if let Some(layer) = layer {
                counters.insert(format!("{prefix}failed_attempts"), layer.failed.into());
                counters.insert(format!("{prefix}exhausted"), layer.exhausted.into());
            }
        }
        counters
    }
}
