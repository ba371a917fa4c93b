//! What a plan is written as: a map, in seconds.

use serde::{Serialize, Serializer};

use super::{Figure, Plan, Planned, Spread};

#[derive(Serialize)]
struct PlanMap<'a> {
    max_attempts: Option<u32>,
    max_total_delay_s: Option<f64>,
    mean_total_delay_s: f64,
    ends: Option<crate::StopReason>,
    samples: u32,
    seed: u64,
    attempts: &'a [Planned],
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PlanMap {
            max_attempts: self.max_attempts.map(u32::from),
            max_total_delay_s: self.max_total_delay.map(|delay| delay.as_secs_f64()),
            mean_total_delay_s: seconds(self.mean_total_delay),
            ends: self.ends,
            samples: self.samples,
            seed: self.seed,
            attempts: &self.attempts,
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
struct PlannedMap<'a> {
    number: u32,
    reached: f64,
    at_s: &'a Spread,
    delay_s: &'a Spread,
}

impl Serialize for Planned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PlannedMap { number: self.number, reached: self.reached.value, at_s: &self.at, delay_s: &self.delay }
            .serialize(serializer)
    }
}

#[derive(Serialize)]
struct SpreadMap {
    min: f64,
    mean: f64,
    p50: f64,
    p95: f64,
    max: f64,
    is_exact: bool,
}

impl Serialize for Spread {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let figures = [self.min(), self.mean(), self.p50(), self.p95(), self.max()];
        let is_exact = figures.iter().all(|figure| figure.is_exact);
        let [min, mean, p50, p95, max] = figures.map(seconds);
        SpreadMap { min, mean, p50, p95, max, is_exact }.serialize(serializer)
    }
}

fn seconds(figure: Figure) -> f64 {
    figure.value.as_secs_f64()
}
