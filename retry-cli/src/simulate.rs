//! `retry simulate`: policies against a server model, before they are deployed.

use std::fs;
use std::path::PathBuf;

use retry_core::simulate::{Contention, Scenario};

use crate::exit::{Exit, Failure};
use outcome::Outcome;
use progress::Progress;
use spec::Spec;

mod chart;
mod contention;
mod course;
mod json;
mod outcome;
mod progress;
mod report;
mod spec;

const EXAMPLES: &str = "\
Examples:
  retry simulate --list                          what there is, and what it shows
  retry simulate metastable                      no retry, plain retries, and retries behind a budget
  retry simulate small-clients --policy none --policy 'exp 100ms..20s full, 3 attempts, budget 50%'
  retry simulate metastable --seeds 20 --json    one JSON object a line for each policy
  retry simulate metastable --svg overload.svg   goodput, attempts, queue and budget over time

A SPEC is `none`, or a policy as text: `exp 100ms..20s full, 3 attempts, budget 50%`. `budget` gives each client a retry \
budget for each destination; `timeout` replaces the scenario's. A policy that does not limit its attempts makes as many as \
the scenario allows (3; in the provider scenarios any number). The same seeds give the same figures on every machine.";

/// Show what policies do to a service, by simulation
///
/// Runs a whole fleet of clients against a server model under virtual time, once for each policy and seed, and says how soon the
/// service recovers, how many requests succeed and what that costs in attempts. Takes a second or so.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// What happens: a name of `--list`
    #[arg(value_name = "SCENARIO", required_unless_present = "list")]
    scenario: Option<String>,
    /// A policy; several are compared. Without one, those that tell most
    #[arg(long = "policy", value_name = "SPEC", num_args = 1..)]
    policies: Vec<String>,
    /// Runs of each policy, with the seeds from 1 on
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    seeds: u32,
    /// One JSON object a line for each policy, instead of a table
    #[arg(long)]
    json: bool,
    /// Also draw the course of all policies into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// List the scenarios and what each shows
    #[arg(long, conflicts_with_all = ["scenario", "policies", "json", "svg"])]
    list: bool,
}

/// Simulates, or lists.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let Some(name) = options.scenario.as_deref().filter(|_| !options.list) else {
        report::list();
        return Ok(());
    };
    let specs = |defaults: &[&str]| match &options.policies[..] {
        [] => defaults.iter().map(|text| Spec::parse(text)).collect::<Result<Vec<_>, _>>(),
        given => given.iter().map(|text| Spec::parse(text)).collect(),
    };
    if name == Contention::NAME {
        if options.svg.is_some() {
            return Err(Failure::new(Exit::Usage, "contention has no course to draw; leave out --svg"));
        }
        return contention::run(&specs(contention::DEFAULTS)?, options.seeds, options.json);
    }

    let scenarios = Scenario::named(name);
    let Some(first) = scenarios.first() else { return Err(unknown(name)) };
    let specs = specs(if first.rate_limit().is_some() { PATIENT } else { PROMPT })?;
    let progress = Progress::new(name, specs.len() * scenarios.len() * options.seeds as usize);
    let mut outcomes = Vec::new();
    for spec in &specs {
        outcomes.push(Outcome::of(&scenarios, spec, options.seeds, &progress)?);
    }
    progress.finish();

    if options.json {
        json::print(name, &outcomes);
    } else {
        report::table(first, &outcomes);
    }
    if let Some(file) = &options.svg {
        let drawn = chart::draw(&scenarios, &outcomes)
            .map_err(|error| Failure::new(Exit::System, format!("cannot draw {}: {error}", file.display())))?;
        fs::write(file, drawn).map_err(|error| {
            Failure::new(Exit::System, format!("cannot write {}: {error}; give another file", file.display()))
        })?;
    }
    Ok(())
}

/// What is compared where nobody says what.
const PROMPT: &[&str] = &[spec::NONE, "exp 100ms..20s full, 3 attempts", "exp 100ms..20s full, 3 attempts, budget 50%"];
/// The same for senders that never give up.
const PATIENT: &[&str] = &["const 5m +20%", "exp 1s..1m full"];

fn unknown(name: &str) -> Failure {
    let mut names: Vec<_> = Scenario::all().iter().map(Scenario::name).collect();
    names.dedup();
    names.push(Contention::NAME);
    Failure::new(Exit::Usage, format!("no scenario is called '{name}'; there are {}", names.join(", ")))
}
