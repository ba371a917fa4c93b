//! What policies do to a service that is overloaded or fails: scenarios by policies by seeds, and what ours must reach.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use benches::comparators::{self, Comparator};
use benches::overload::{Gate, Measured, Scene};
use benches::progress::Progress;
use benches::table::{Form, Table};
use clap::Parser;
use retry_core::simulate::Scenario;

/// Runs fleets of clients through the simulator's scenarios, ours beside what others do. Exits with 1 if ours misses what it
/// must reach (2: the run failed).
#[derive(Debug, Parser)]
struct Args {
    /// One JSON object a line for each scenario and policy, instead of tables
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Markdown tables
    #[arg(long)]
    markdown: bool,
    /// Runs of each policy in each scenario
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: u64,
    /// Only scenarios whose name contains this; repeatable
    #[arg(long = "scenario")]
    scenarios: Vec<String>,
}

fn main() -> ExitCode {
    measure(&Args::parse()).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

fn measure(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    // The provider scenarios are about pacing, not about budgets.
    let mut scenarios = Scenario::all();
    scenarios.retain(|scenario| scenario.rate_limit().is_none());
    scenarios.retain(|scenario| {
        args.scenarios.is_empty() || args.scenarios.iter().any(|part| scenario.name().contains(part.as_str()))
    });
    let policies = comparators::all();
    let progress = Progress::of("simulating scenarios by policies", scenarios.len() * policies.len());
    let mut scenes = Vec::new();
    for scenario in &scenarios {
        scenes.push(scene(scenario, &policies, args.seeds, &progress)?);
    }
    drop(progress);

    let gates: Vec<Gate> = scenes.iter().flat_map(Scene::gates).collect();
    if args.json {
        for (scene, row) in scenes.iter().flat_map(|scene| scene.rows.iter().map(move |row| (scene, row))) {
            println!("{}", serde_json::to_string(&row.json(scene))?);
        }
        gates.iter().for_each(|gate| eprintln!("{gate}"));
    } else {
        print(&scenes, if args.markdown { Form::Markdown } else { Form::Text }, args.seeds);
        let mark = if args.markdown { "- " } else { "" };
        gates.iter().for_each(|gate| println!("{mark}{gate}"));
    }
    Ok(if gates.iter().all(|gate| gate.met) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn scene(
    scenario: &Scenario,
    policies: &[Comparator],
    seeds: u64,
    progress: &Progress,
) -> Result<Scene, Box<dyn Error>> {
    let mut rows = Vec::new();
    for policy in policies {
        progress.step(&format!("{}: {}", scenario.name(), policy.name));
        rows.push(Measured::of(scenario, policy, seeds)?);
    }
    Ok(Scene::new(scenario, rows))
}

const LEGEND: &str = "All policies share one schedule (100 ms doubling to 20 s, full jitter, 3 attempts) and each client has a state of its own. \
    `recovery s` is the mean time from the end of the disturbance to the first 3 s in which as much succeeds as 97 % of what is asked; \
    `/ no retry` its ratio to that without retries, `worst` the greatest ratio of a seed. `afterwards` is the success of requests \
    that came after the disturbance. The same seeds give the same figures on every machine.";

const HEADING: [&str; 8] = [
    "policy",
    "recovered",
    "recovery s",
    "/ no retry",
    "worst",
    "success",
    "afterwards",
    "attempts / request meanwhile",
];

fn print(scenes: &[Scene], form: Form, seeds: u64) {
    if form == Form::Markdown {
        println!(
            "# overload\n\nA run of `cargo run --release -p benches --bin overload -- --markdown`, {seeds} seeds. {LEGEND}\n"
        );
    }
    let mut abouts = BTreeMap::new();
    for scene in scenes {
        let mark = if form == Form::Markdown { "## " } else { "" };
        println!("{mark}{}, {} clients\n", scene.name, scene.clients);
        if abouts.insert(scene.name, ()).is_none() {
            println!("{}\n", scene.about);
        }
        let mut table = Table::new(form, &HEADING);
        for row in &scene.rows {
            table.push(row.cells(scene, seeds));
        }
        println!("{table}");
    }
}
