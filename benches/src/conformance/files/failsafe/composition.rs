//! Policies around an operation, outer to inner, as Failsafe composes them: a retry policy keeps its state for the whole execution,
//! so one that was exhausted once lets everything through afterwards. Each retry policy is a session of the engine's.

use std::collections::BTreeMap;

use retry_core::{Decision, Seeded, Time, Verdict};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};

mod layer;
mod step;

use layer::{Layer, Retried};
use step::{Output, Step};

/// No script runs longer: a policy without end around an operation that never succeeds would.
const MOST: usize = 100_000;

pub(super) fn run(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["policies", "operation"])?;
    let words = |key| -> Result<Vec<&str>, Fault> {
        let list = input.need_list(key)?;
        list.iter().map(|word| word.as_str().ok_or_else(|| Fault::unreadable(format!("{word} in `{key}`")))).collect()
    };
    let mut layers = words("policies")?.into_iter().map(Layer::parse).collect::<Result<Vec<_>, _>>()?;
    let script = words("operation")?.into_iter().map(Step::parse).collect::<Result<Vec<_>, _>>()?;
    let script: Vec<_> = script.into_iter().flatten().collect();
    let mut execution = Execution { script, executions: 0, attempts: 0, now: Time::default(), rng: Seeded::new(0) };
    let output = execution.run(&mut layers)?;
    let counters = execution.counters(&layers);
    let expected = case.all().object("expect");
    for key in expected.keys() {
        let value = expected.need(key)?;
        match counters.get(key) {
            Some(got) => same((key, value), (key, &Value::from(*got)))?,
            None if key == "result" => output.check(value)?,
            None => return Err(Fault::unreadable(format!("nothing counts `{key}`"))),
        }
    }
    Ok(())
}

struct Execution {
    script: Vec<Step>,
    /// Of the operation.
    executions: usize,
    /// Of what is within the innermost retry policy.
    attempts: usize,
    now: Time,
    rng: Seeded,
}

impl Execution {
    fn run(&mut self, layers: &mut [Layer]) -> Result<Output, Fault> {
        let Some((layer, inner)) = layers.split_first_mut() else { return self.operation() };
        match layer {
            Layer::Retry(retried) => self.retry(retried, inner),
            Layer::Fallback(instead) => Ok(match self.run(inner)? {
                Output::Error(_) => instead.clone(),
                result => result,
            }),
            Layer::RateLimiter(limiter) => match limiter.admit(self.now) {
                true => self.run(inner),
                false => Ok(Output::Error("rate_limit_exceeded".into())),
            },
        }
    }

    fn retry(&mut self, layer: &mut Retried, inner: &mut [Layer]) -> Result<Output, Fault> {
        loop {
            if !inner.iter().any(|layer| matches!(layer, Layer::Retry(_))) {
                self.attempts += 1;
            }
            if self.attempts > MOST {
                return Err(Fault::differs("an end", format!("{MOST} attempts")));
            }
            let output = self.run(inner)?;
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

    /// The next step of the script; its last one repeats.
    fn operation(&mut self) -> Result<Output, Fault> {
        let step = self.script.get(self.executions).or_else(|| self.script.last());
        let step = step.ok_or_else(|| Fault::unreadable("the operation has no step"))?;
        self.executions += 1;
        self.now = self.now.after(step.takes);
        Ok(step.output.clone())
    }

    /// What a case may expect, by name. The outermost retry policy is `outer_`, the innermost `inner_`; without a prefix it is the
    /// outermost.
    fn counters(&self, layers: &[Layer]) -> BTreeMap<String, usize> {
        let retries: Vec<_> = layers
            .iter()
            .filter_map(|layer| if let Layer::Retry(retried) = layer { Some(retried) } else { None })
            .collect();
        let attempts = if retries.is_empty() { 1 } else { self.attempts };
        let mut counters =
            BTreeMap::from([("attempts".to_owned(), attempts), ("executions".to_owned(), self.executions)]);
        for (prefix, layer) in [("", retries.first()), ("outer_", retries.first()), ("inner_", retries.last())] {
            if let Some(layer) = layer {
                counters.insert(format!("{prefix}failed_attempts"), layer.failed);
                counters.insert(format!("{prefix}exhausted"), layer.exhausted);
            }
        }
        counters
    }
}
