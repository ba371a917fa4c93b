//! A previewed schedule equals what a run under the virtual clock does.
//!
//! retry-email's tests include this file: it needs nothing but `retry_core` with `test-util`.

use std::cell::RefCell;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{Clock, Figure, Plan, Policy, Preview, Retry, Seeded, Spread, StopReason, Time, Verdict, classify_fn};

/// Of a standard error: passed by one honest figure in 1.7 million.
const DEVIATIONS: f64 = 5.0;

/// Runs `policy` `runs` times, each from another seed, with a retrier on a virtual clock, and compares each delay, the times of
/// the attempts, their number and the reason of the end with the plan. Every attempt takes `takes` and fails with `verdict`, and
/// `preview` must say the same.
#[track_caller]
pub(crate) fn assert_runs_as_planned(
    policy: &Policy,
    preview: &Preview,
    takes: Duration,
    verdict: Verdict,
    runs: u32,
) -> Plan {
    let plan = policy.plan_with(preview);
    let observed: Vec<_> =
        (1..=u64::from(runs)).map(|seed| Observed::run(policy, &plan, takes, verdict, seed)).collect();
    for run in &observed {
        run.assert_within(&plan, takes);
    }
    // An attempt that none of the sampled runs makes is one that hardly any run makes.
    let beyond = count(observed.iter().filter(|run| run.starts.len() > plan.attempts().len()).count());
    assert!(beyond < 0.5 || beyond <= f64::from(runs) * 10.0 / f64::from(plan.samples()), "{beyond} runs: {plan:?}");
    let ends = observed.iter().filter(|run| run.starts.len() == plan.attempts().len()).map(|run| run.reason);
    if plan.attempts().iter().all(|attempt| attempt.reached().is_exact) && beyond < 0.5 {
        assert!(ends.into_iter().all(|reason| reason == plan.ends()), "{plan:?}");
    }
    for (n, attempt) in plan.attempts().iter().enumerate() {
        let making: Vec<_> = observed.iter().filter(|run| run.starts.len() > n).collect();
        let part = count(making.len()) / f64::from(runs);
        let reached = attempt.reached();
        let slack =
            if reached.is_exact { 0.0 } else { deviation(reached.value, count(observed.len()), plan.samples()) };
        assert!((part - reached.value).abs() <= slack, "{n}: {part} of the runs, planned {reached:?}\n{policy:?}");
        if making.len() >= 30 {
            let at: Vec<_> = making.iter().map(|run| run.starts[n]).collect();
            let delays: Vec<_> = making.iter().map(|run| run.delay(n, takes)).collect();
            assert_spread(attempt.at(), &at, plan.samples(), &|| format!("start of {n}: {policy:?}"));
            assert_spread(attempt.delay(), &delays, plan.samples(), &|| format!("delay of {n}: {policy:?}"));
        }
    }
    plan
}

/// What a run did.
struct Observed {
    /// When each attempt began.
    starts: Vec<Duration>,
    /// Why it ended; `None` where it succeeded after the last attempt of the plan.
    reason: Option<StopReason>,
}

impl Observed {
    /// Fails every attempt, or all but the last of a plan that goes on.
    fn run(policy: &Policy, plan: &Plan, takes: Duration, verdict: Verdict, seed: u64) -> Self {
        let clock = VirtualClock::with_entropy(Seeded::new(seed));
        let retry = Retry::with_sleeper(policy, clock.clone()).classify(classify_fn(|_: &()| verdict));
        let starts = RefCell::new(Vec::new());
        let end = retry.call_blocking(|| {
            starts.borrow_mut().push(clock.now().since(Time::default()));
            clock.advance(takes);
            let is_last = starts.borrow().len() == plan.attempts().len();
            if plan.ends().is_none() && is_last { Ok(()) } else { Err(()) }
        });
        Self { starts: starts.into_inner(), reason: end.err().map(|end| end.reason) }
    }

    /// From the failure of the attempt before to the start of attempt `n`, counted from 0.
    fn delay(&self, n: usize, takes: Duration) -> Duration {
        if n == 0 { Duration::ZERO } else { self.starts[n] - self.starts[n - 1] - takes }
    }

    #[track_caller]
    fn assert_within(&self, plan: &Plan, takes: Duration) {
        let (made, planned) = (self.starts.len(), plan.attempts());
        let listed = planned.len().min(made);
        let sure = planned.iter().take_while(|attempt| attempt.reached().is_exact).count();
        assert!(made >= sure, "{made} attempts, and {sure} are sure: {plan:?}");
        if plan.samples() == 0 {
            assert_eq!((made, self.reason), (planned.len(), plan.ends()), "{plan:?}");
        }
        for (n, attempt) in planned.iter().enumerate().take(listed) {
            assert_between(attempt.at(), self.starts[n]);
            assert_between(attempt.delay(), self.delay(n, takes));
        }
    }
}

/// Exact ends hold for every run, and where they meet, there is only one value.
#[track_caller]
fn assert_between(spread: &Spread, value: Duration) {
    let (min, max) = (spread.min(), spread.max());
    assert!(!min.is_exact || min.value <= value, "{value:?} is sooner than {min:?}");
    assert!(!max.is_exact || value <= max.value, "{value:?} is later than {max:?}");
}

/// Mean and percentiles, as near as chance allows.
#[track_caller]
fn assert_spread(spread: &Spread, values: &[Duration], samples: u32, what: &dyn Fn() -> String) {
    let n = count(values.len());
    let mean = values.iter().map(Duration::as_secs_f64).sum::<f64>() / n;
    let variance = values.iter().map(|value| (value.as_secs_f64() - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = |figure: Figure| 1.0 / n + if figure.is_exact { 0.0 } else { 1.0 / f64::from(samples) };
    let planned = spread.mean();
    let slack = DEVIATIONS * (variance * error(planned)).sqrt() + 1e-8 + mean * 1e-12;
    assert!((mean - planned.value.as_secs_f64()).abs() <= slack, "mean {mean}, planned {planned:?}; {}", what());
    for percent in [5.0, 50.0, 95.0] {
        let (part, planned) = (percent / 100.0, spread.percentile(percent));
        let slack = DEVIATIONS * (part * (1.0 - part) * error(planned)).sqrt() + 1.0 / n;
        let up_to = count(values.iter().filter(|value| **value <= planned.value).count()) / n;
        let below = count(values.iter().filter(|value| **value < planned.value).count()) / n;
        assert!(up_to >= part - slack, "{up_to} up to the {percent}th percentile, {planned:?}; {}", what());
        assert!(below <= part + slack, "{below} below the {percent}th percentile, {planned:?}; {}", what());
    }
}

fn deviation(part: f64, runs: f64, samples: u32) -> f64 {
    DEVIATIONS * (part * (1.0 - part) * (1.0 / runs + 1.0 / f64::from(samples))).sqrt() + 1.0 / runs
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap())
}
