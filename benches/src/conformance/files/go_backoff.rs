//! cenkalti/backoff v4 and go-retryablehttp.

use std::time::Duration;

use retry_core::{Policy, RetryPolicy as _};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::expectation::Expectation;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::line;
use crate::conformance::quantity::{plus_minus, raised};
use crate::conformance::runs::{self, Delays, check_delay};
use crate::conformance::unit::Unit;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "interval" => interval(case),
        "randomized_ns" => randomized(case),
        "stop" => stop(case),
        "overflow" => overflow(case),
        "max_retries" => max_retries(case),
        "capped_exponential" => capped_exponential(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// cenkalti's settings with its defaults. It caps the interval and then randomizes it, so its longest delay is the cap and the
/// jitter above it: that is the cap of ours.
struct Cenkalti {
    /// `exp INITIAL xFACTOR`
    schedule: String,
    max: Duration,
    randomization: f64,
}

impl Cenkalti {
    fn of(input: Fields<'_>) -> Result<Self, Fault> {
        input.only(&[
            "n",
            "initial_ms",
            "initial_ns",
            "multiplier",
            "max_interval_ms",
            "max_ns",
            "randomization",
            "elapsed_s",
            "max_elapsed_s",
        ])?;
        let initial = input.duration("initial")?.unwrap_or(Duration::from_millis(500));
        let factor = line::factor(input.number("multiplier")?.unwrap_or(1.5))?;
        let max = match input.duration("max_interval")? {
            Some(max) => max,
            None => input.duration("max")?.unwrap_or(Duration::from_secs(60)),
        };
        let randomization = input.number("randomization")?.unwrap_or(0.5);
        Ok(Self { schedule: format!("exp {} {factor}", line::time(initial)), max, randomization })
    }

    /// The interval that is randomized.
    fn current(&self) -> Result<Policy, Fault> {
        Ok(line::policy(&self.schedule)?.capped(self.max))
    }

    fn policy(&self) -> Result<Policy, Fault> {
        let policy = line::policy(&format!("{} {}", self.schedule, line::plus_minus(self.randomization)?))?;
        Ok(policy.capped(raised(self.max, self.randomization)?))
    }
}

/// The n-th interval, from 0, before and after it is randomized.
fn interval(case: &Case) -> Outcome {
    let input = case.input();
    let settings = Cenkalti::of(input)?;
    let failure = runs::failure(input.need_whole("n")?.saturating_add(1));
    let expected = case.all().object("expect");
    expected.only(&["current_ms", "range_ms"])?;
    let check = |key: &str, policy: &Policy, draw: &mut draws::Draw| -> Outcome {
        let Some(value) = expected.get(key) else { return Ok(()) };
        Expectation::read(value, Unit::Milliseconds)?.check(case, policy.delay(&failure, draw))
    };
    check("current_ms", &settings.current()?, &mut draws::always(0.0))?;
    let policy = settings.policy()?;
    draws::many().try_for_each(|mut draw| check("range_ms", &policy, &mut draw))
}

/// One interval, one draw, to the nanosecond.
fn randomized(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["factor", "interval_ns", "random"])?;
    let interval =
        Policy::constant(input.need_duration("interval")?).jitter(plus_minus(input.need_number("factor")?)?.into());
    let got = interval.delay(&runs::failure(1), &mut draws::always(input.need_number("random")?));
    let got = got.map(|delay| u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX));
    same(case.expect()?.as_u64(), got)
}

/// It stops when the next attempt would come after the greatest elapsed time; 0 is none.
fn stop(case: &Case) -> Outcome {
    let input = case.input();
    let mut policy = Cenkalti::of(input)?.policy()?;
    if let Some(limit) = input.duration("max_elapsed")?.filter(|limit| !limit.is_zero()) {
        policy = policy.within(limit);
    }
    let failure = runs::failure_after(1, input.need_duration("elapsed")?);
    let stops = case.expect()?.as_str().is_some_and(|word| word.eq_ignore_ascii_case("stop"));
    for mut draw in draws::many() {
        same(stops, policy.decide(&failure, &mut draw).delay().is_none())?;
    }
    Ok(())
}

/// The interval after so many retries: at the cap, where it is beyond all numbers.
fn overflow(case: &Case) -> Outcome {
    let policy = Cenkalti::of(case.input())?.current()?;
    let expected = case.all().object("expect");
    for key in expected.keys() {
        let after = key.strip_prefix("current_ns_after_").and_then(|n| n.parse::<u64>().ok());
        let after = after.ok_or_else(|| Fault::unreadable(format!("`{key}` in `expect`")))?;
        let got = policy.delay(&runs::failure(after.saturating_add(1)), &mut draws::always(0.0));
        same(expected.need_whole(key)?, got.map_or(0, |delay| u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX)))?;
    }
    Ok(())
}

/// It counts retries: one attempt more.
fn max_retries(case: &Case) -> Outcome {
    let max = case.input().need_count("max")?;
    let policy = Policy::constant(Duration::from_secs(1)).attempts(max.saturating_add(1));
    let mut run = Delays::new(&policy, draws::always(0.0));
    let delays = run.by_ref().count();
    let expected = case.all().object("expect");
    expected.only(&["delays", "calls", "then", "after_reset"])?;
    for key in expected.keys() {
        match (key, expected.need(key)?) {
            ("delays", count) => same(count, &Value::from(delays))?,
            ("calls", count) => same(count, &Value::from(delays + 1))?,
            ("then", Value::String(word)) if word.to_ascii_lowercase().starts_with("stop") => {
                let times = word.rsplit_once('x').and_then(|(_, times)| times.trim().parse().ok()).unwrap_or(1);
                same(None, (0..times).find_map(|_| run.next()))?;
            }
            ("after_reset", Value::String(word)) => {
                let next = Delays::new(&policy, draws::always(0.0)).next();
                same(word == "delay", next.is_some())?;
            }
            (_, value) => return Err(Fault::unreadable(format!("`{key}`: {value} in `expect`"))),
        }
    }
    Ok(())
}

/// go-retryablehttp's default: doubles from `min`, at most `max`, counted from 0.
fn capped_exponential(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["min", "max", "attempt"])?;
    let policy =
        line::policy(&format!("exp {}", line::time(input.need_duration("min")?)))?.capped(input.need_duration("max")?);
    let failure = runs::failure(input.need_whole("attempt")?.saturating_add(1));
    check_delay(case, |draw| policy.delay(&failure, draw))
}
