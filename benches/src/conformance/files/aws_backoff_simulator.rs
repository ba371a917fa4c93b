//! The contention of the AWS article that gave the jitters their names. Its exponential begins with twice the base, and its
//! decorrelated delays are cut to the cap: said here by the base of ours, and by a schedule on top of it.

use std::time::Duration;

use retry_core::simulate::{Contention, Mean};
use retry_core::{Backoff as _, Law, Policy, RetryPolicy};

use crate::comparators::CutDecorrelated;
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::fields::Fields;
use crate::conformance::runs::AnyPolicy;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "occ_sim" => occ_sim(case),
        _ => Err(Fault::UnknownOp),
    }
}

/// Standard errors that two honest simulations may be apart.
const ERRORS: f64 = 4.0;
/// Trials at most; a case may ask for more than a run can wait for.
const TRIALS: u32 = 400;

const HOP: Duration = Duration::from_millis(10);
const DEVIATION: Duration = Duration::from_millis(2);

fn occ_sim(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["algorithm", "clients", "base_ms", "cap_ms", "net_mean_ms", "net_sd_ms", "trials"])?;
    let policy = policy(input)?;
    let hop = |key, default| Ok::<_, Fault>(input.duration(key)?.unwrap_or(default));
    let contention =
        Contention::new().clients(input.need_count("clients")?).hop(hop("net_mean", HOP)?, hop("net_sd", DEVIATION)?);
    let trials = input.count("trials")?.unwrap_or(100).clamp(2, TRIALS);
    let found = contention.trials::<dyn RetryPolicy>(&*policy, trials, 2015).map_err(Fault::refused)?;

    let expected = case.all().object("expect");
    expected.only(&["time_ms_mean", "time_ms_stderr", "calls_mean", "calls_stderr"])?;
    within("calls", expected, found.calls, 1.0)?;
    within("time_ms", expected, found.took, 1000.0)
}

fn policy(input: Fields<'_>) -> Result<AnyPolicy, Fault> {
    let base = input.duration("base")?.unwrap_or(Duration::from_millis(5));
    let cap = input.duration("cap")?.unwrap_or(Duration::from_secs(2));
    let doubling = Policy::exponential(base.saturating_mul(2), cap);
    Ok(match input.need_text("algorithm")? {
        "None" => Box::new(Policy::constant(Duration::ZERO)),
        "Exponential" => Box::new(doubling),
        "EqualJitter" => Box::new(doubling.jitter(Law::EQUAL)),
        "FullJitter" => Box::new(doubling.jitter(Law::FULL)),
        "Decorr" | "Decorrelated" | "DecorrelatedJitter" => Box::new(CutDecorrelated::new(base, cap)?.into_policy()),
        other => return Err(Fault::unreadable(format!("no algorithm is called {other}"))),
    })
}

/// Passes if both means are as near as their standard errors allow.
fn within(key: &str, expected: Fields<'_>, found: Mean, scale: f64) -> Outcome {
    let mean = expected.need_number(&format!("{key}_mean"))?;
    let error = expected.number(&format!("{key}_stderr"))?.unwrap_or(0.0);
    let (got, own) = (found.mean * scale, found.error * scale);
    // Without any variance there is rounding.
    let apart = ERRORS * error.hypot(own) + 1e-6 * mean;
    if (got - mean).abs() <= apart {
        return Ok(());
    }
    Err(Fault::differs(format!("{key} {mean} +- {error}"), format!("{got:.2} +- {own:.2}")))
}
