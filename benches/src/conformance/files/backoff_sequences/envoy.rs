//! Envoy's strategies. It counts whole milliseconds up to 2^64 - 1, far beyond the engine's 584 years, and draws by a remainder: here
//! one nanosecond of ours stands for one of its milliseconds, so that the integers are the same.

use std::time::Duration;

use retry_core::test_util::Scripted;
use retry_core::{Backoff, Constant, Entropy, Exponential, Jitter, Policy};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, refusal, same};
use crate::conformance::fields::Fields;
use crate::conformance::runs::{self, AnyBackoff};

/// A draw modulo the delay: always shorter than it.
struct Remainder;

impl Jitter for Remainder {
    fn apply(&self, delay: Duration, cap: Duration, rng: &mut dyn Entropy) -> Duration {
        remainder(rng.next_u64(), delay.min(cap))
    }
}

/// A draw modulo half the delay, above it.
struct HalfAbove;

impl Jitter for HalfAbove {
    fn apply(&self, delay: Duration, cap: Duration, rng: &mut dyn Entropy) -> Duration {
        delay.saturating_add(remainder(rng.next_u64(), delay / 2)).min(cap)
    }
}

fn remainder(bits: u64, of: Duration) -> Duration {
    let of = u64::try_from(of.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(bits.checked_rem(of).unwrap_or(0))
}

/// The strategy of `input`, with another base after `reset(base)`.
fn strategy(input: Fields<'_>, base: Option<u64>) -> Result<AnyBackoff, Fault> {
    let units = |key| -> Result<Duration, Fault> { Ok(Duration::from_nanos(input.need_whole(key)?)) };
    let base = |key| base.map_or_else(|| units(key), |base| Ok(Duration::from_nanos(base)));
    Ok(match input.need_text("type")? {
        "jittered_exponential" => {
            Box::new(Exponential::new(base("base_ms")?).jittered(Remainder).capped(units("max_ms")?))
        }
        "jittered_lower_bound" => Box::new(Constant::new(base("min_ms")?).jittered(HalfAbove)),
        "fixed" => Box::new(Constant::new(base("ms")?)),
        other => return Err(Fault::unreadable(format!("there is no strategy `{other}`"))),
    })
}

/// Delays one after another, among them `reset`, `reset(base)` and checks of many at once.
pub(super) fn sequence(case: &Case) -> Outcome {
    let input = case.input();
    let bits = match input.get("random_u64") {
        Some(Value::Array(bits)) => bits.iter().filter_map(Value::as_u64).collect(),
        Some(_) => vec![input.need_whole("random_u64")?],
        None => vec![0],
    };
    let mut rng = Scripted::bits(&bits);
    let mut schedule = strategy(input, None)?;
    let mut count = 0;
    for step in case.all().need_list("expect")? {
        let mut next = || {
            count += 1;
            let delay = schedule.delay(&runs::failure(count), &mut rng);
            delay.map(|delay| u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX))
        };
        match (step.as_u64(), step.as_str()) {
            (Some(expected), _) => same(Some(expected), next())?,
            (_, Some("reset")) => count = 0,
            (_, Some(word)) => match (argument(word, "reset("), at_most(word)) {
                (Some(base), _) => {
                    schedule = strategy(input, Some(base))?;
                    count = 0;
                }
                (_, Some((times, limit))) => {
                    for _ in 0..times {
                        let delay = next();
                        if delay.is_none_or(|delay| delay > limit) {
                            return Err(Fault::differs(word, format!("{delay:?}")));
                        }
                    }
                }
                _ => return Err(Fault::unreadable(format!("there is no step `{word}`"))),
            },
            _ => return Err(Fault::unreadable(format!("there is no step {step}"))),
        }
    }
    Ok(())
}

/// The number in `reset(N)`.
fn argument(word: &str, name: &str) -> Option<u64> {
    word.strip_prefix(name)?.strip_suffix(')')?.trim().parse().ok()
}

/// Of `xN <= LIMIT`: how often, and what.
fn at_most(word: &str) -> Option<(u64, u64)> {
    let (times, limit) = word.strip_prefix('x')?.split_once("<=")?;
    let limit = limit.trim();
    Some((times.trim().parse().ok()?, if limit == "u64::MAX" { u64::MAX } else { limit.parse().ok()? }))
}

/// A base of at least 1 ms, and a cap that is no shorter: that one the engine checks.
pub(super) fn config_valid(case: &Case) -> Outcome {
    let valid = case.expect()?.as_bool().ok_or_else(|| Fault::unreadable("`expect` is neither true nor false"))?;
    let made = || -> Result<(), Fault> {
        let base = case.input().need_duration("base")?;
        if base < Duration::from_millis(1) {
            return Err(Fault::refused("a base below 1 ms"));
        }
        let max = case.input().duration("max")?.unwrap_or_else(|| base.saturating_mul(10));
        Ok(Policy::exponential(base, max).check()?)
    };
    refusal(!valid, made())
}
