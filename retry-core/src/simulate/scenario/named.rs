use std::time::Duration;

use super::Scenario;
use crate::simulate::{Disturbance, RateLimit};

const fn secs(s: u64) -> Duration {
    Duration::from_secs(s)
}

/// A tenth of the capacity for ten seconds.
fn trigger() -> Disturbance {
    Disturbance::slow(secs(30), secs(40), 0.1)
}

impl Scenario {
    /// Every scenario with a name. The ones with random errors come twice, for a few large and for many small clients.
    ///
    /// All have the [defaults](Scenario#defaults) but for what their line says.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// let mut names: Vec<_> = Scenario::all().iter().map(|scenario| scenario.name()).collect();
    /// names.dedup();
    /// assert_eq!(names[..4], ["metastable", "small-clients", "high-load", "small-clients-high-load"]);
    /// assert_eq!(names.len(), 14);
    /// ```
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = collapses().to_vec();
        for (name, about, errors) in ERRORS {
            let scenario = Self::new().called(name, about).errors(errors);
            all.push(scenario.clone());
            all.push(scenario.clients(2000, 0.4));
        }
        all.extend(outages());
        all.extend(providers());
        all
    }

    /// The scenarios of this name: two (large clients, small clients) for those with random errors, none for a name that
    /// nobody has.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// assert_eq!(Scenario::named("errors-5").len(), 2);
    /// assert!(Scenario::named("sunshine").is_empty());
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Vec<Self> {
        let mut found = Self::all();
        found.retain(|scenario| scenario.name == name);
        found
    }

    const fn called(mut self, name: &'static str, about: &'static str) -> Self {
        (self.name, self.about) = (name, about);
        self
    }
}

/// Name, what it shows, probability.
const ERRORS: [(&str, &str, f64); 3] = [
    ("errors-5", "5 % of attempts fail at random: does the policy mend nearly all?", 0.05),
    ("errors-20", "20 % of attempts fail at random: does a budget still let the retries through?", 0.2),
    ("errors-50", "half of all attempts fail at random: how much load does the policy add?", 0.5),
];

/// Does the service come back after an overload?
fn collapses() -> [Scenario; 4] {
    let scenario = Scenario::new().duration(secs(120)).disturb(trigger());
    [
        scenario.clone().called(
            "metastable",
            "100 clients, capacity down to 10 % for 10 s: do retries keep the service down once the cause is gone?",
        ),
        scenario.clone().clients(2000, 0.4).called(
            "small-clients",
            "metastable from 2,000 clients with a request every 2.5 s: budgets that begin full never bind",
        ),
        scenario
            .clone()
            .clients(100, 9.2)
            .called("high-load", "metastable at 92 % utilisation: little room is left to catch up"),
        scenario
            .clients(2000, 0.46)
            .called("small-clients-high-load", "small clients at 92 % utilisation: the hardest for a budget"),
    ]
}

/// What else may befall a service.
fn outages() -> [Scenario; 4] {
    [
        Scenario::new()
            .duration(secs(90))
            .disturb(Disturbance::down(secs(20), secs(50)))
            .called("outage", "hard down for 30 s with fast errors: is there a storm when it is back?"),
        Scenario::new()
            .clients(100, 9.2)
            .duration(secs(120))
            .disturb(Disturbance::slow(secs(30), secs(60), 0.6))
            .called("brownout", "60 % of the capacity for 30 s at 92 % utilisation: a long, mild overload"),
        Scenario::new()
            .queue(Duration::from_millis(500))
            .duration(secs(90))
            .disturb(Disturbance::slow(secs(30), secs(60), 0.5))
            .called(
                "half-capacity",
                "50 % for 30 s with a queue of 0.5 s: the server sheds load, and nobody times out",
            ),
        Scenario::new()
            .clients(500, 8.0)
            .destinations(5)
            .duration(secs(90))
            .disturb(Disturbance::down(secs(30), Duration::MAX).at(0))
            .called("partial-outage", "1 of 5 destinations is dead from 30 s on: do the other four notice?"),
    ]
}

/// What a sender meets at a provider that limits it: 20 workers drain a backlog, and never give up a message.
fn providers() -> [Scenario; 3] {
    let round_trip = Duration::from_millis(20);
    let provider = Scenario::new()
        .backlog(20, 20_000)
        .capacity(f64::INFINITY)
        .latency(round_trip)
        .reject_latency(round_trip)
        .timeout(secs(30))
        .attempts(u32::MAX)
        .duration(secs(2000));
    let limit = RateLimit::new(100.0, 100);
    [
        provider.clone().limited(limit).called(
            "rate-limit",
            "20 workers drain 20,000 messages at a provider that takes 100/s: time to drain, and refusals",
        ),
        provider
            .clone()
            .backlog(20, 10_000)
            .limited(limit)
            .disturb(Disturbance::slow(secs(60), Duration::MAX, 0.2))
            .called(
                "rate-cut",
                "10,000 messages, and the provider goes from 100/s down to 20/s after 60 s: does the sender follow?",
            ),
        provider.limited(limit.banning(secs(10))).called(
            "rate-ban",
            "20,000 messages at 100/s, where each excess bans the sender for 10 s: who probes gently?",
        ),
    ]
}
