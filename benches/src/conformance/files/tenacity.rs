//! tenacity's wait strategies.

use std::time::Duration;

use retry_core::test_util::{Recorder, VirtualClock};
use retry_core::{Backoff as _, Retry, Verdict};

use crate::conformance::case::Case;
use crate::conformance::expectation::Expectation;
use crate::conformance::fault::{Fault, Outcome, refusal};
use crate::conformance::runs::{self, check_delay};

mod wait;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "delay" | "delay_range" => {
            let wait = wait::of(case.input())?;
            let failure = runs::failure(case.input().need_whole("attempt")?);
            check_delay(case, |draw| wait.delay(&failure, draw))
        }
        "distribution" => distribution(case),
        "sleeps" => sleeps(case),
        "config_error" => refusal(true, wait::of(case.input())),
        "config_ok" => refusal(false, wait::of(case.input())),
        _ => Err(Fault::UnknownOp),
    }
}

/// The range and the mean of so many delays.
fn distribution(case: &Case) -> Outcome {
    let input = case.input();
    let wait = wait::of(input)?;
    let failure = runs::failure(input.need_whole("attempt")?);
    let expected = case.all().object("expect");
    expected.only(&["range", "mean", "mean_eps"])?;
    let range = Expectation::read(expected.need("range")?, case.unit)?;
    let samples = input.count("samples")?.unwrap_or(4_000).clamp(1, 1_000_000);
    let mut rng = retry_core::Seeded::new(7);
    let mut sum = 0.0;
    for _ in 0..samples {
        let delay = wait.delay(&failure, &mut rng);
        range.check(case, delay)?;
        sum += case.unit.count(delay.unwrap_or_default());
    }
    let (mean, got) = (expected.need_number("mean")?, sum / f64::from(samples));
    let slack = expected.number("mean_eps")?.map_or_else(|| case.tolerance(mean), Ok)?;
    if (got - mean).abs() <= slack { Ok(()) } else { Err(Fault::differs(format!("a mean of {mean} +- {slack}"), got)) }
}

/// A whole run: the operation returns what makes it retry until the attempts are over, and the sleeps are recorded.
fn sleeps(case: &Case) -> Outcome {
    let input = case.input();
    let retried = input.need("retry_on_result")?;
    let policy = wait::of(input)?.up_to(input.need_count("stop_after_attempts")?);
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(policy, VirtualClock::new())
        .observe(&recorder)
        .reject(|value| (value == retried).then_some(Verdict::TRANSIENT));
    if retry.call_blocking(|| Ok::<_, &str>(retried.clone())).is_ok() {
        return Err(Fault::differs("the end of the attempts", "a success"));
    }
    let mut delays = recorder.delays().into_iter();
    for expected in case.all().need_list("expect")? {
        Expectation::read(expected, case.unit)?.check(case, delays.next())?;
    }
    let left: Vec<Duration> = delays.collect();
    if left.is_empty() { Ok(()) } else { Err(Fault::differs("no more sleeps", format!("{left:?}"))) }
}
