use std::io::{self, Write as _};
use std::time::Duration;

use retry_core::simulate::Summary;
use serde_json::{Value, json};

use super::outcome::{Outcome, Population};

/// One object a line for each policy.
pub(super) fn print(scenario: &str, outcomes: &[Outcome]) {
    for outcome in outcomes {
        // Whoever closes stdout has seen enough.
        let _ = writeln!(io::stdout(), "{}", object(scenario, outcome));
    }
}

/// Where there are several populations, each figure is the worst of them, and they are listed.
fn object(scenario: &str, outcome: &Outcome) -> Value {
    let all = &outcome.populations;
    let least = |of: fn(&Summary) -> f64| all.iter().map(|one| of(&one.summary)).fold(f64::INFINITY, f64::min);
    let greatest = |of: fn(&Summary) -> f64| all.iter().map(|one| of(&one.summary)).fold(0.0, f64::max);
    let percentile = |percent| all.iter().filter_map(|one| one.summary.latencies().percentile(percent)).max();
    json!({
        "scenario": scenario,
        "policy": outcome.policy,
        "pace": outcome.pace.name(),
        "breaker": outcome.breaker,
        "seeds": outcome.seeds,
        "recovery_s": worst(all, Summary::recoveries),
        "success": least(Summary::success),
        "success_after": least(Summary::success_after),
        "amplification": greatest(Summary::amplification),
        "amplification_during": greatest(Summary::amplification_during),
        "throttled": greatest(Summary::throttled),
        "p50_s": percentile(50.0).map(seconds),
        "p99_s": percentile(99.0).map(seconds),
        "drained_s": worst(all, Summary::drained),
        "ideal_drain_s": all.iter().find_map(|one| one.ideal_drain),
        "populations": all.iter().map(population).collect::<Vec<_>>(),
    })
}

fn population(one: &Population) -> Value {
    let summary = &one.summary;
    json!({
        "clients": one.clients,
        "recovery_s": worst(std::slice::from_ref(one), Summary::recoveries),
        "success": summary.success(),
        "success_after": summary.success_after(),
        "amplification": summary.amplification(),
    })
}

/// For each seed the longest of all populations; null where one has none.
fn worst(all: &[Population], times: fn(&Summary) -> &[Option<Duration>]) -> Vec<Option<f64>> {
    let seeds = all.iter().map(|one| one.summary.runs()).min().unwrap_or(0);
    let of = |seed: usize| all.iter().map(|one| times(&one.summary)[seed]).collect::<Option<Vec<_>>>();
    (0..seeds).map(|seed| of(seed)?.into_iter().max().map(seconds)).collect()
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
