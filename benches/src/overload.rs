//! The figures of `overload`, and what ours must reach.

use std::fmt::{self, Display};

use retry_core::simulate::{Load, Scenario, SimulationError, Summary};
use serde::Serialize;

use crate::comparators::{Comparator, NONE, OURS};

/// A scenario with all policies.
#[derive(Debug)]
pub struct Scene {
    /// The scenario's name.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// How many clients it has.
    pub clients: u32,
    /// Whether there is something to recover from.
    recovers: bool,
    disturbed: bool,
    /// A row for each policy.
    pub rows: Vec<Measured>,
}

/// A policy in a scenario.
#[derive(Debug)]
pub struct Measured {
    policy: &'static str,
    summary: Summary,
}

/// What a row says, for machines.
#[derive(Debug, Serialize)]
pub struct Row {
    scenario: &'static str,
    clients: u32,
    policy: &'static str,
    seeds: usize,
    recovery_s: Vec<Option<f64>>,
    recovery_ratio: Option<f64>,
    worst_ratio: Option<f64>,
    success: f64,
    success_after: f64,
    amplification: f64,
    amplification_during: f64,
}

/// Something ours must reach.
#[derive(Debug)]
pub struct Gate {
    what: String,
    /// Whether it does.
    pub met: bool,
}

impl Gate {
    pub(crate) const fn new(what: String, met: bool) -> Self {
        Self { what, met }
    }
}

impl Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gate: {}: {}", self.what, if self.met { "met" } else { "NOT met" })
    }
}

/// Recovery against no retry: the mean of all seeds, and the worst of them.
const MEAN: f64 = 1.25;
const WORST: f64 = 1.5;
const RECOVERS: [&str; 4] = ["metastable", "small-clients", "high-load", "small-clients-high-load"];
/// The success that must be left in spite of errors.
const KEEPS: [(&str, f64); 2] = [("errors-5", 0.999), ("errors-20", 0.98)];

impl Measured {
    /// Runs it with the seeds from 1 on.
    ///
    /// # Errors
    /// Those of the simulator.
    pub fn of(scenario: &Scenario, policy: &Comparator, seeds: u64) -> Result<Self, SimulationError> {
        let fleet = policy.fleet();
        let summary = (1..=seeds).map(|seed| scenario.run(&fleet, seed)).collect::<Result<_, _>>()?;
        Ok(Self { policy: policy.name, summary })
    }

    fn seconds(&self) -> impl Iterator<Item = Option<f64>> {
        self.summary.recoveries().iter().map(|recovery| recovery.map(|recovery| recovery.as_secs_f64()))
    }

    /// For people.
    #[must_use]
    pub fn cells(&self, scene: &Scene, seeds: u64) -> Vec<String> {
        let figure = |figure: Option<f64>| figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.2}"));
        let summary = &self.summary;
        let recovered = summary.recoveries().iter().flatten().count();
        let mean = summary.mean_recovery().map(|mean| mean.as_secs_f64());
        vec![
            self.policy.to_owned(),
            if scene.recovers { format!("{recovered} of {seeds}") } else { "-".to_owned() },
            match (scene.recovers, recovered) {
                (false, _) => "-".to_owned(),
                (true, 0) => "never".to_owned(),
                (true, _) => figure(mean),
            },
            figure(scene.ratio(self)),
            figure(scene.worst(self)),
            format!("{:.4}", summary.success()),
            format!("{:.4}", summary.success_after()),
            format!("{:.2}", if scene.disturbed { summary.amplification_during() } else { summary.amplification() }),
        ]
    }

    /// For machines.
    #[must_use]
    pub fn json(&self, scene: &Scene) -> Row {
        Row {
            scenario: scene.name,
            clients: scene.clients,
            policy: self.policy,
            seeds: self.summary.runs(),
            recovery_s: self.seconds().collect(),
            recovery_ratio: scene.ratio(self),
            worst_ratio: scene.worst(self),
            success: self.summary.success(),
            success_after: self.summary.success_after(),
            amplification: self.summary.amplification(),
            amplification_during: self.summary.amplification_during(),
        }
    }
}

impl Scene {
    /// The rows of a scenario.
    #[must_use]
    pub fn new(scenario: &Scenario, rows: Vec<Measured>) -> Self {
        let clients = match *scenario.load() {
            Load::Open { clients, .. } => clients,
            Load::Backlog { workers, .. } => workers,
        };
        let recovers = scenario.disturbances().iter().any(|disturbance| disturbance.to() <= scenario.settled());
        Self {
            name: scenario.name(),
            about: scenario.about(),
            clients,
            recovers,
            disturbed: !scenario.disturbances().is_empty(),
            rows,
        }
    }

    fn row(&self, policy: &str) -> Option<&Measured> {
        self.rows.iter().find(|row| row.policy == policy)
    }

    /// The mean recovery of all seeds over that without retries; none where one does not recover or there is nothing to recover from.
    fn ratio(&self, row: &Measured) -> Option<f64> {
        let none = self.row(NONE)?.summary.mean_recovery()?.as_secs_f64();
        let mean = row.summary.mean_recovery()?.as_secs_f64();
        (none > 0.0).then(|| mean / none)
    }

    /// The greatest ratio of any seed.
    fn worst(&self, row: &Measured) -> Option<f64> {
        let pairs = row.seconds().zip(self.row(NONE)?.seconds());
        let ratios = pairs.map(|(ours, none)| Some(ours? / none.filter(|none| *none > 0.0)?));
        ratios.collect::<Option<Vec<_>>>()?.into_iter().max_by(f64::total_cmp)
    }

    /// What ours must reach here.
    #[must_use]
    pub fn gates(&self) -> Vec<Gate> {
        let Some(ours) = self.row(OURS) else { return Vec::new() };
        let mut gates = Vec::new();
        let mut gate = |what: String, met| {
            gates.push(Gate::new(format!("{}, {} clients: {what}", self.name, self.clients), met));
        };
        if RECOVERS.contains(&self.name) {
            let (mean, worst) = (self.ratio(ours), self.worst(ours));
            let figure = |ratio: Option<f64>| ratio.map_or_else(|| "never".to_owned(), |ratio| format!("{ratio:.2}"));
            let reached = |ratio: Option<f64>, most| ratio.is_some_and(|ratio| ratio <= most);
            gate(format!("recovery / no retry {} (at most {MEAN})", figure(mean)), reached(mean, MEAN));
            gate(format!("in the worst run {} (at most {WORST})", figure(worst)), reached(worst, WORST));
        }
        if let Some((_, least)) = KEEPS.iter().find(|(name, _)| *name == self.name) {
            let success = ours.summary.success();
            gate(format!("success {success:.4} (at least {least})"), success >= *least);
        }
        gates
    }
}
