//! Policies around an operation, outer to inner, as Failsafe composes them: a retry policy keeps its state for the whole execution,
//! so one that was exhausted once lets everything through afterwards. Each retry policy is a session of the engine's, each circuit
//! breaker a breaker of it.

use retry_core::{Decision, Seeded, Time, Verdict};

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};

mod breaker;
mod counters;
mod layer;
mod limiter;
mod retried;
mod step;

use layer::Layer;
use retried::Retried;
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
    let mut execution =
        Execution { script, executions: 0, attempts: 0, now: Time::default(), cut: None, rng: Seeded::new(0) };
    let output = execution.run(&mut layers)?;
    let expected = case.all().object("expect");
    for key in expected.keys() {
        let value = expected.need(key)?;
        if key == "result" {
            output.check(value)?;
            continue;
        }
        let got = counters::named(key, &execution, &layers);
        let got = got.ok_or_else(|| Fault::unreadable(format!("nothing counts `{key}`")))?;
        same((key, value), (key, &got))?;
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
    /// When the first of the timeouts around it is over.
    cut: Option<Time>,
    rng: Seeded,
}

impl Execution {
    fn run(&mut self, layers: &mut [Layer]) -> Result<Output, Fault> {
        let Some((layer, inner)) = layers.split_first_mut() else { return self.operation() };
        match layer {
            Layer::Retry(retried) => self.retry(retried, inner),
            Layer::Fallback(fallback) => {
                let output = self.run(inner)?;
                Ok(fallback.instead_of(output))
            }
            Layer::RateLimiter(limiter) => match limiter.admit(self.now) {
                true => self.run(inner),
                false => Ok(Output::Error("RateLimitExceededException".into())),
            },
            Layer::Breaker(breaker) => {
                if !breaker.admits(self.now) {
                    return Ok(Output::Error("CircuitBreakerOpenException".into()));
                }
                let output = self.run(inner)?;
                breaker.told(&output, self.now);
                Ok(output)
            }
            Layer::Timeout(timeout) => {
                let (outer, mine) = (self.cut, self.now.after(timeout.limit));
                self.cut = Some(outer.map_or(mine, |outer| outer.min(mine)));
                let output = self.run(inner)?;
                self.cut = outer;
                let is_mine = output == Output::Cut && outer.is_none_or(|outer| mine < outer);
                timeout.expired += usize::from(is_mine);
                Ok(if is_mine { Output::Error("TimeoutExceededException".into()) } else { output })
            }
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
            if output == Output::Cut || !layer.handles.handles(&output) || layer.exhausted > 0 {
                return Ok(output);
            }
            layer.failed += 1;
            match layer.session.on_failure(self.now, Verdict::TRANSIENT, &layer.policy, &mut self.rng) {
                Decision::Retry(wait) => {
                    if !self.pass(wait.delay()) {
                        return Ok(Output::Cut);
                    }
                }
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
        let Step { takes, output } = step.ok_or_else(|| Fault::unreadable("the operation has no step"))?.clone();
        self.executions += 1;
        Ok(if self.pass(takes) { output } else { Output::Cut })
    }

    /// Lets time pass, up to the timeout; whether that is all of it.
    fn pass(&mut self, time: std::time::Duration) -> bool {
        let then = self.now.after(time);
        self.now = self.cut.map_or(then, |cut| cut.min(then));
        self.now == then
    }
}
