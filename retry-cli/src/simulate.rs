//! `retry simulate`: policies against a server model, before they are deployed.

use std::fs;
use std::path::PathBuf;

use retry_core::simulate::{Contention, Scenario};

use crate::exit::{Exit, Failure};
use outcome::Outcome;
use pace::Pace;
use progress::Progress;
use spec::Spec;

mod chart;
mod contention;
mod course;
mod json;
mod outcome;
mod pace;
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
  retry simulate rate-ban                        a provider that bans: plain, and paced by both laws
  retry simulate rate-cut --policy 'exp 1s..1m full' --pace none,aimd,cubic --svg pace.svg
  retry simulate partial-outage --policy 'exp 100ms..20s full, 3 attempts' --breaker 5

A SPEC is `none`, or a policy as text: `exp 100ms..20s full, 3 attempts, budget 50%`. `budget` gives each client a retry \
budget for each destination; `timeout` replaces the scenario's. A policy that does not limit its attempts makes as many as \
the scenario allows (3; in the provider scenarios any number).

`--pace` runs every policy with every law that is named: `none`; `aimd`, careful, for providers that punish excess; `cubic`, for those that \
just refuse it. The clients of a destination that share a policy share the pacer: all workers of the provider scenarios do; elsewhere each \
client has its own. It engages when the destination throttles. `--breaker N` puts a circuit breaker before each client's destination, \
which opens after N failures in a row. The same seeds give the same figures on every machine.";

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
    /// Pace each destination once it throttles; several laws are compared (none,aimd,cubic). Without it nobody is paced, but
    /// for the provider scenarios without --policy
    #[arg(long = "pace", value_name = "LAW", value_enum, value_delimiter = ',')]
    paces: Vec<Pace>,
    /// A circuit breaker before each destination, which opens after N failures in a row
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    breaker: Option<u32>,
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
    #[arg(long, conflicts_with_all = ["scenario", "policies", "paces", "breaker", "json", "svg"])]
    list: bool,
}

/// Simulates, or lists.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let Some(name) = options.scenario.as_deref().filter(|_| !options.list) else {
        report::list();
        return Ok(());
    };
    if name == Contention::NAME {
        if options.svg.is_some() {
            return Err(Failure::new(Exit::Usage, "contention has no course to draw; leave out --svg"));
        }
        return contention::run(&options.specs(contention::DEFAULTS)?, options.seeds, options.json);
    }

    let scenarios = Scenario::named(name);
    let Some(first) = scenarios.first() else { return Err(unknown(name)) };
    let specs = options.specs(if first.rate_limit().is_some() { PATIENT } else { PROMPT })?;
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
const PROMPT: &[(&str, &[Pace])] = &[
    (spec::NONE, &[Pace::None]),
    ("exp 100ms..20s full, 3 attempts", &[Pace::None]),
    ("exp 100ms..20s full, 3 attempts, budget 50%", &[Pace::None]),
];
/// The same for senders that never give up.
const PATIENT: &[(&str, &[Pace])] =
    &[("const 5m +20%", &[Pace::None]), ("exp 1s..1m full", &[Pace::None, Pace::Aimd, Pace::Cubic])];

impl Options {
    /// Every policy with every pace, or those of `defaults` where nobody says which.
    fn specs(&self, defaults: &[(&str, &[Pace])]) -> Result<Vec<Spec>, Failure> {
        let given: Vec<(&str, &[Pace])> = self.policies.iter().map(|text| (text.as_str(), &[Pace::None][..])).collect();
        let policies = if given.is_empty() { defaults } else { &given };
        let paces = |own| if self.paces.is_empty() { own } else { &self.paces[..] };
        let pairs = policies.iter().flat_map(|&(text, own)| paces(own).iter().map(move |&pace| (text, pace)));
        pairs.map(|(text, pace)| Spec::parse(text, pace, self.breaker)).collect()
    }
}

fn unknown(name: &str) -> Failure {
    let mut names: Vec<_> = Scenario::all().iter().map(Scenario::name).collect();
    names.dedup();
    names.push(Contention::NAME);
    Failure::new(Exit::Usage, format!("no scenario is called '{name}'; there are {}", names.join(", ")))
}
