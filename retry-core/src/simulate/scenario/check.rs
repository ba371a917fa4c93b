use super::Scenario;
use crate::simulate::number::real;
use crate::simulate::{Load, SimulationError};

/// Bins of a report: 55 hours of them.
const MOST_BINS: u64 = 1_000_000;
/// Policies at once.
const MOST_SEATS: u64 = 1_000_000;
/// Expected requests.
const MOST_REQUESTS: f64 = 1e8;

impl Scenario {
    /// Whether the parameters make sense.
    pub(super) fn check(&self) -> Result<(), SimulationError> {
        let clients = self.load.clients();
        let requests = match self.load {
            Load::Open { clients, rate } => f64::from(clients) * rate * self.duration.as_secs_f64(),
            Load::Backlog { messages, .. } => real(messages),
        };
        let workers = match self.load {
            Load::Open { clients, .. } => clients,
            Load::Backlog { workers, .. } => workers,
        };
        let rate = match self.load {
            Load::Open { rate, .. } => rate,
            Load::Backlog { .. } => 1.0,
        };
        let seats = u64::from(clients) * u64::from(self.destinations);
        let limit = self.limit.map_or(1.0, |limit| limit.rate);
        let rules = [
            (workers > 0, "the number of clients or workers", "1 or more"),
            (rate.is_finite() && rate > 0.0, "the rate of a client", "a number of requests a second above 0"),
            (self.destinations > 0, "the number of destinations", "1 or more"),
            (seats <= MOST_SEATS, "clients times destinations", "at most 1,000,000"),
            (u64::from(workers) <= MOST_SEATS, "the number of workers", "at most 1,000,000"),
            (self.capacity >= 0.0, "the capacity", "a number of requests a second, 0 or more"),
            ((0.0..=1.0).contains(&self.errors), "the probability of an error", "from 0 to 1"),
            (limit.is_finite() && limit > 0.0, "the rate of the limit", "a number of requests a second above 0"),
            (!self.duration.is_zero() && self.bins() <= MOST_BINS, "the duration", "above 0 and at most 200,000 s"),
            (requests <= MOST_REQUESTS, "the requests of the whole scenario", "at most 100,000,000"),
            (
                self.disturbances.iter().all(|disturbance| disturbance.is_valid()),
                "a disturbance",
                "one that ends after it begins and leaves 0 or more of the capacity",
            ),
        ];
        match rules.into_iter().find(|(holds, ..)| !holds) {
            Some((_, what, expected)) => Err(SimulationError::invalid(what, expected)),
            None => Ok(()),
        }
    }
}
