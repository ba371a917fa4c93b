//! The figures of pacing at providers with a limit, and what ours must reach.

use std::time::Duration;

use retry_core::simulate::{Disturbance, Fleet, RateLimit, Scenario, SimulationError, Summary};
use retry_core::{Aimd, Cubic, Law, Policy, RetryPolicy as _, Time};

use crate::overload::Gate;

/// A provider, and who drains a backlog there.
#[derive(Debug)]
pub struct Provider {
    name: String,
    scenario: Scenario,
    /// How many times the least time AIMD may take, and the part of its attempts that may be refused.
    bounds: Option<(f64, f64)>,
}

/// A way to send.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Sender {
    Plain,
    Aimd,
    Cubic,
}

const SENDERS: [(Sender, &str); 3] = [(Sender::Plain, "plain"), (Sender::Aimd, "AIMD"), (Sender::Cubic, "CUBIC")];

/// What came of it at one provider.
#[derive(Debug)]
pub struct Drained {
    provider: Provider,
    ideal: f64,
    summaries: Vec<Summary>,
}

/// The columns of [`Drained::cells`].
pub const HEADING: [&str; 8] = [
    "provider",
    "ideal s",
    "plain: drain / ideal, worst",
    "refused %",
    "AIMD: drain / ideal, worst",
    "refused %",
    "CUBIC: drain / ideal, worst",
    "refused %",
];

const SECOND: Duration = Duration::from_secs(1);
/// A second doubling to a minute, full jitter, for as long as it takes.
const PATIENT: Policy = Policy::exponential(SECOND, Duration::from_secs(60)).jitter(Law::FULL);

/// A plain limit is drained in 1.1 times the least time, and one with a ban in twice that.
const PLAIN: Option<(f64, f64)> = Some((1.1, 0.015));
const BAN: Option<(f64, f64)> = Some((2.0, 1.0));

/// Workers, rate, burst, seconds of a ban (0: none), and what must be reached: other limits than the scenarios', so that
/// no law can be made for one. A burst of a tenth of a second or less is no more than a pacer may send at once, and
/// a cut to 0.7 costs 15 % of the time there; with a few a second each refusal counts for much.
const SWEEP: [(u32, u32, u32, u32, Option<(f64, f64)>); 18] = [
    (5, 100, 100, 0, PLAIN),
    (100, 100, 100, 0, PLAIN),
    (20, 100, 1000, 0, PLAIN),
    (20, 100, 10, 0, None),
    (20, 100, 1, 0, None),
    (5, 1, 5, 0, None),
    (20, 10, 10, 0, None),
    (20, 14, 14, 0, PLAIN),
    (20, 50, 50, 0, PLAIN),
    (20, 400, 400, 0, PLAIN),
    (100, 1000, 1000, 0, PLAIN),
    (5, 100, 100, 10, BAN),
    (100, 100, 100, 10, BAN),
    (20, 100, 10, 10, BAN),
    (20, 10, 10, 10, BAN),
    (20, 400, 400, 10, BAN),
    (20, 100, 100, 2, BAN),
    (20, 100, 100, 60, None),
];

/// The provider scenarios, a limit that is raised, and the sweep.
#[must_use]
pub fn providers() -> Vec<Provider> {
    let named = |name: &str, bounds| {
        let row = |scenario| Provider { name: name.to_owned(), scenario, bounds };
        Scenario::named(name).into_iter().map(row).next()
    };
    let mut all: Vec<Provider> =
        [named("rate-limit", PLAIN), named("rate-cut", PLAIN), named("rate-ban", BAN)].into_iter().flatten().collect();
    let Some(limit) = Scenario::named("rate-limit").pop().map(|scenario| scenario.duration(20_000 * SECOND)) else {
        return all;
    };
    let raised = limit.clone().disturb(Disturbance::slow(Duration::ZERO, 60 * SECOND, 0.1));
    all.push(Provider { name: "10/s, after 60 s 100/s".to_owned(), scenario: raised, bounds: None });
    for (workers, rate, burst, ban, bounds) in SWEEP {
        let plain = RateLimit::new(rate.into(), burst);
        let scenario = limit.clone().backlog(workers, 200 * u64::from(rate));
        let (scenario, punished) = match ban {
            0 => (scenario.limited(plain), String::new()),
            ban => (scenario.limited(plain.banning(ban * SECOND)), format!(", ban {ban} s")),
        };
        all.push(Provider { name: format!("{workers} workers, {rate}/s, burst {burst}{punished}"), scenario, bounds });
    }
    all
}

impl Provider {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Drains it with the seeds from 1 on, by all senders.
    ///
    /// # Errors
    /// Those of the simulator.
    pub fn drain(self, seeds: u64) -> Result<Drained, SimulationError> {
        let runs = |sender: Sender| (1..=seeds).map(|seed| self.scenario.run(&sender.fleet(), seed)).collect();
        let summaries = SENDERS.into_iter().map(|(sender, _)| runs(sender)).collect::<Result<_, _>>()?;
        let ideal = self.scenario.ideal_drain().unwrap_or_default().as_secs_f64();
        Ok(Drained { provider: self, ideal, summaries })
    }
}

impl Sender {
    /// All workers share the pacer.
    fn fleet(self) -> Fleet<'static> {
        match self {
            Self::Plain => Fleet::of(|_| PATIENT),
            Self::Aimd => Fleet::of(|_| PATIENT.paced(Aimd::new(Time::default()))),
            Self::Cubic => Fleet::of(|_| PATIENT.paced(Cubic::new(Time::default()))),
        }
    }
}

impl Drained {
    /// The mean and the greatest time over the ideal one; none if a run did not end.
    fn ratios(&self, summary: &Summary) -> Option<(f64, f64)> {
        let drained: Option<Vec<f64>> =
            summary.drained().iter().map(|drained| Some(drained.as_ref()?.as_secs_f64() / self.ideal)).collect();
        let drained = drained.filter(|drained| !drained.is_empty())?;
        let count = f64::from(u32::try_from(drained.len()).unwrap_or(u32::MAX));
        Some((drained.iter().sum::<f64>() / count, drained.iter().copied().fold(0.0, f64::max)))
    }

    /// For people.
    #[must_use]
    pub fn cells(&self) -> Vec<String> {
        let mut cells = vec![self.provider.name.clone(), format!("{:.0}", self.ideal)];
        for summary in &self.summaries {
            cells.push(match self.ratios(summary) {
                Some((mean, worst)) => format!("{mean:.2}, {worst:.2}"),
                None => "not done".to_owned(),
            });
            cells.push(format!("{:.2}", 100.0 * summary.throttled()));
        }
        cells
    }

    /// For machines: one object a sender.
    #[must_use]
    pub fn json(&self) -> Vec<serde_json::Value> {
        let objects = SENDERS.iter().zip(&self.summaries).map(|((_, name), summary)| {
            serde_json::json!({
                "provider": self.provider.name,
                "policy": name,
                "seeds": summary.runs(),
                "ideal_s": self.ideal,
                "drained_s": summary.drained().iter().map(|drained| drained.map(|d| d.as_secs_f64())).collect::<Vec<_>>(),
                "refused": summary.throttled(),
            })
        });
        objects.collect()
    }

    /// What AIMD must reach here.
    #[must_use]
    pub fn gates(&self) -> Vec<Gate> {
        let Some((most, refusals)) = self.provider.bounds else { return Vec::new() };
        let place = SENDERS.iter().position(|(sender, _)| *sender == Sender::Aimd);
        let Some(ours) = place.and_then(|place| self.summaries.get(place)) else { return Vec::new() };
        let worst = self.ratios(ours).map_or(f64::INFINITY, |(_, worst)| worst);
        let name = &self.provider.name;
        let mut gates =
            vec![Gate::new(format!("{name}: AIMD drains in {worst:.2} of the ideal (at most {most})"), worst <= most)];
        if refusals < 1.0 {
            let refused = ours.throttled();
            let what = format!("{name}: AIMD is refused {:.2} % (at most {:.1})", 100.0 * refused, 100.0 * refusals);
            gates.push(Gate::new(what, refused <= refusals));
        }
        gates
    }
}
