use retry_core::simulate::{Load, Scenario, Summary};

use super::course::Course;
use super::pace::Pace;
use super::progress::Progress;
use super::spec::Spec;
use crate::exit::{Exit, Failure};

/// What a policy did, in each population of a scenario.
#[derive(Debug)]
pub(super) struct Outcome {
    /// With all that stands before it.
    pub(super) name: String,
    pub(super) policy: String,
    pub(super) pace: Pace,
    pub(super) breaker: Option<u32>,
    pub(super) seeds: u32,
    pub(super) populations: Vec<Population>,
}

/// The runs of one population.
#[derive(Debug)]
pub(super) struct Population {
    /// How many clients, or workers.
    pub(super) clients: u32,
    /// Whether there is something to recover from.
    pub(super) recovers: bool,
    pub(super) ideal_drain: Option<f64>,
    pub(super) summary: Summary,
    pub(super) course: Course,
}

impl Outcome {
    pub(super) fn of(scenarios: &[Scenario], spec: &Spec, seeds: u32, progress: &Progress) -> Result<Self, Failure> {
        let mut populations = Vec::new();
        for scenario in scenarios {
            populations.push(population(&spec.adapt(scenario), spec, seeds, progress)?);
        }
        let (name, policy) = (spec.name(), spec.text.clone());
        Ok(Self { name, policy, pace: spec.pace, breaker: spec.breaker, seeds, populations })
    }
}

fn population(scenario: &Scenario, spec: &Spec, seeds: u32, progress: &Progress) -> Result<Population, Failure> {
    let (fleet, name) = (spec.fleet(), spec.name());
    let (mut summary, mut course) = (Summary::default(), Course::new(spec.gauge()));
    for seed in 1..=seeds {
        progress.step(&name);
        let report = scenario
            .run(&fleet, seed.into())
            .map_err(|error| Failure::new(Exit::Usage, format!("cannot simulate '{name}': {error}")))?;
        summary.add(&report);
        course.add(&report);
    }
    let clients = match *scenario.load() {
        Load::Open { clients, .. } => clients,
        Load::Backlog { workers, .. } => workers,
    };
    let ideal_drain = scenario.ideal_drain().map(|drain| drain.as_secs_f64());
    let recovers = scenario.disturbances().iter().any(|disturbance| disturbance.to() <= scenario.settled());
    Ok(Population { clients, recovers, ideal_drain, summary, course })
}
