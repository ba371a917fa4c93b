//! What policies do to a service that is overloaded or fails: scenarios by policies by seeds, and what ours must reach.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use benches::comparators::{self, Comparator};
use benches::overload::{Gate, Measured, Scene};
use benches::pacing::{self, Drained};
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
    /// Only scenarios and providers whose name contains this; repeatable
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
    let wanted =
        |name: &str| args.scenarios.is_empty() || args.scenarios.iter().any(|part| name.contains(part.as_str()));
    // The provider scenarios are about pacing, not about budgets.
    let mut scenarios = Scenario::all();
    scenarios.retain(|scenario| scenario.rate_limit().is_none() && wanted(scenario.name()));
    let mut providers = pacing::providers();
    providers.retain(|provider| wanted(provider.name()));
    let policies = comparators::all();
    let runs = scenarios.len() * policies.len() + providers.len();
    let progress = Progress::of("simulating scenarios by policies", runs);
    let mut scenes = Vec::new();
    for scenario in &scenarios {
        scenes.push(scene(scenario, &policies, args.seeds, &progress)?);
    }
    let mut drained = Vec::new();
    for provider in providers {
        progress.step(provider.name());
        drained.push(provider.drain(args.seeds)?);
    }
    drop(progress);

    let gates: Vec<Gate> =
        scenes.iter().flat_map(Scene::gates).chain(drained.iter().flat_map(Drained::gates)).collect();
    if args.json {
        for (scene, row) in scenes.iter().flat_map(|scene| scene.rows.iter().map(move |row| (scene, row))) {
            println!("{}", serde_json::to_string(&row.json(scene))?);
        }
        drained.iter().flat_map(Drained::json).for_each(|object| println!("{object}"));
        gates.iter().for_each(|gate| eprintln!("{gate}"));
    } else {
        let form = if args.markdown { Form::Markdown } else { Form::Text };
        print(&scenes, form, args.seeds);
        print_pacing(&drained, form);
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

const PACING: &str = "Workers drain a backlog of about 200 s at a provider that takes so many a second, with exponential backoff (1 s to 1 min, full \
    jitter) after a refusal: plain, and paced. Mean and worst time of all seeds over the least possible one.";

fn print_pacing(drained: &[Drained], form: Form) {
    if drained.is_empty() {
        return;
    }
    println!("{}pacing\n\n{PACING}\n", if form == Form::Markdown { "## " } else { "" });
    let mut table = Table::new(form, &pacing::HEADING);
    drained.iter().for_each(|drained| table.push(drained.cells()));
    println!("{table}");
}
