//! What is simulated.

use std::time::Duration;

use super::number::fit;
use super::run::World;
use super::{Bin, Disturbance, Fleet, Load, RateLimit, Report, SimulationError};
use crate::time::nanos;

mod check;
mod named;

/// A load, a server model, and what befalls it: plain parameters, each with a setter.
///
/// # Defaults
/// 100 clients with 8 requests a second each, one destination that serves 1,000 a second from a queue of 2 s and works on
/// requests whose client is gone, timeout 1 s, at most 3 attempts whatever the policy says, errors after 5 ms, refusals
/// after 2 ms, 60 s.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::{Fleet, Scenario};
/// use std::time::Duration;
///
/// let scenario = Scenario::new().clients(1, 500.0).errors(0.5).duration(Duration::from_secs(20));
/// let report = scenario.run(&Fleet::of(|_| Never), 7)?;
/// // 10,000 requests, half of which fail; the standard errors are 100 and 0.005
/// assert!((9_500..10_500).contains(&report.all().requests));
/// assert!((report.success() - 0.5).abs() < 0.03);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) load: Load,
    pub(super) destinations: u32,
    pub(super) capacity: f64,
    pub(super) queue: Duration,
    pub(super) latency: Duration,
    pub(super) errors: f64,
    pub(super) error_latency: Duration,
    pub(super) reject_latency: Duration,
    pub(super) drops_abandoned: bool,
    pub(super) disturbances: Vec<Disturbance>,
    pub(super) limit: Option<RateLimit>,
    pub(super) timeout: Duration,
    pub(super) attempts: u32,
    pub(super) deadline: Option<Duration>,
    pub(super) duration: Duration,
    pub(super) event_limit: u64,
}

impl Default for Scenario {
    fn default() -> Self {
        Self::new()
    }
}

/// Setters that only store.
macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $ty:ty),* $(,)?) => {
        impl Scenario {$(
            $(#[$doc])*
            #[must_use]
            pub const fn $name(mut self, $name: $ty) -> Self {
                self.$name = $name;
                self
            }
        )*}
    };
}

setters! {
    /// Replaces what each destination serves a second; infinite for a server that is never busy.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// // Half of what is asked: nobody waits less than the queue's 2 s, and all time out at 1 s.
    /// let report = Scenario::new().capacity(400.0).run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert!(report.success() < 0.1);
    /// ```
    capacity: f64,
    /// Replaces the bound of the queue, as the time it takes to serve it at full capacity; at least one request fits.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let short = Scenario::new().capacity(400.0).queue(Duration::from_millis(500));
    /// // Whoever gets in waits half a second, and half get in.
    /// let report = short.run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert!((report.success() - 0.5).abs() < 0.02);
    /// ```
    queue: Duration,
    /// Replaces the round trip that is added to each answer that was served; 0 by default.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let far = Scenario::new().latency(Duration::from_millis(50));
    /// let report = far.run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert!(report.latencies().min() >= Some(Duration::from_millis(50)));
    /// ```
    latency: Duration,
    /// Replaces the probability of an error, 0 ..= 1.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// assert!(Scenario::new().errors(1.0).run(&Fleet::of(|_| Never), 1).unwrap().success() < 1e-9);
    /// ```
    errors: f64,
    /// Replaces the time after which an error comes back.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// # use std::time::Duration;
    /// assert_eq!(Scenario::new().error_latency(Duration::from_millis(5)), Scenario::new());
    /// ```
    error_latency: Duration,
    /// Replaces the time after which a refusal by queue or rate limit comes back.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// # use std::time::Duration;
    /// assert_eq!(Scenario::new().reject_latency(Duration::from_millis(2)), Scenario::new());
    /// ```
    reject_latency: Duration,
    /// Whether the server skips requests whose client has timed out when their turn comes. It does not by default, and
    /// that is what keeps it overloaded.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// // Asked 1.25 times of what it can serve, it answers half of them in time; otherwise nearly none.
    /// let wise = Scenario::new().capacity(640.0).drops_abandoned(true);
    /// assert!(wise.run(&Fleet::of(|_| Never), 1).unwrap().success() > 0.5);
    /// assert!(wise.drops_abandoned(false).run(&Fleet::of(|_| Never), 1).unwrap().success() < 0.1);
    /// ```
    drops_abandoned: bool,
    /// Replaces the client's timeout of an attempt.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// # use std::time::Duration;
    /// assert_eq!(Scenario::new().timeout(Duration::from_secs(1)), Scenario::new());
    /// ```
    timeout: Duration,
    /// Replaces the limit of attempts for every request, whatever its policy says, the first included: 3 attempts are
    /// 2 retries. 0 counts as 1.
    ///
    /// ```
    /// # use retry_core::{Policy, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let scenario = Scenario::new().errors(0.5).attempts(2);
    /// let report = scenario.run(&Fleet::of(|_| Policy::constant(Duration::ZERO)), 1).unwrap();
    /// // 1 - 0.5^2 succeed, and half of all try twice
    /// assert!((report.success() - 0.75).abs() < 0.01 && (report.amplification() - 1.5).abs() < 0.01);
    /// ```
    attempts: u32,
    /// Replaces the time after which no attempt of a request is started; `None` (default) for no limit.
    ///
    /// ```
    /// # use retry_core::{Policy, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let scenario = Scenario::new().errors(0.5).deadline(Some(Duration::from_secs(1)));
    /// let report = scenario.run(&Fleet::of(|_| Policy::constant(Duration::from_secs(2))), 1).unwrap();
    /// assert!((report.amplification() - 1.0).abs() < 1e-9);
    /// ```
    deadline: Option<Duration>,
    /// Replaces how long it is simulated. A backlog that is drained ends it earlier.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// # use std::time::Duration;
    /// assert_eq!(Scenario::new().duration(Duration::from_secs(60)), Scenario::new());
    /// ```
    duration: Duration,
    /// Replaces the number of events after which a run is given up with an error; 100,000,000 by default, some ten
    /// seconds of work. It ends policies that retry without delay for ever.
    ///
    /// ```
    /// # use retry_core::{Policy, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let endless = Scenario::new().errors(1.0).attempts(u32::MAX).error_latency(Duration::ZERO).event_limit(10_000);
    /// assert!(endless.run(&Fleet::of(|_| Policy::constant(Duration::ZERO)), 1).is_err());
    /// ```
    event_limit: u64,
    /// Replaces the number of destinations, each with a server of its own; requests go to any of them at random.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Disturbance, Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let dead = Disturbance::down(Duration::ZERO, Duration::MAX).at(0);
    /// let report = Scenario::new().destinations(2).disturb(dead).run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert!(report.destination(0).unwrap().success() < 1e-9 && report.destination(1).unwrap().success() > 0.999);
    /// ```
    destinations: u32,
}

impl Scenario {
    /// The defaults.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// assert_eq!(Scenario::new(), Scenario::default());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            name: "own",
            about: "",
            load: Load::Open { clients: 100, rate: 8.0 },
            destinations: 1,
            capacity: 1000.0,
            queue: Duration::from_secs(2),
            latency: Duration::ZERO,
            errors: 0.0,
            error_latency: Duration::from_millis(5),
            reject_latency: Duration::from_millis(2),
            drops_abandoned: false,
            disturbances: Vec::new(),
            limit: None,
            timeout: Duration::from_secs(1),
            attempts: 3,
            deadline: None,
            duration: Duration::from_secs(60),
            event_limit: 100_000_000,
        }
    }

    /// Replaces the load: so many clients with `rate` requests a second each.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// assert_eq!(Scenario::new().clients(100, 8.0), Scenario::new());
    /// ```
    #[must_use]
    pub const fn clients(mut self, clients: u32, rate: f64) -> Self {
        self.load = Load::Open { clients, rate };
        self
    }

    /// Replaces the load: so many workers that share a policy and drain a backlog.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// // Two at a time take 10 ms each: 100 a second a worker.
    /// let drain = Scenario::new().backlog(2, 1000).capacity(f64::INFINITY).latency(Duration::from_millis(10));
    /// let report = drain.run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert_eq!(report.drained().map(|took| took.as_millis() / 100), Some(50));
    /// ```
    #[must_use]
    pub const fn backlog(mut self, workers: u32, messages: u64) -> Self {
        self.load = Load::Backlog { workers, messages };
        self
    }

    /// Adds a disturbance.
    ///
    /// ```
    /// # use retry_core::simulate::{Disturbance, Scenario};
    /// # use std::time::Duration;
    /// let outage = Disturbance::down(Duration::from_secs(20), Duration::from_secs(50));
    /// assert_eq!(Scenario::new().disturb(outage).disturbances(), [outage]);
    /// ```
    #[must_use]
    pub fn disturb(mut self, disturbance: Disturbance) -> Self {
        self.disturbances.push(disturbance);
        self
    }

    /// Replaces the rate limit of each destination; none by default.
    ///
    /// ```
    /// # use retry_core::simulate::{RateLimit, Scenario};
    /// assert!(Scenario::new().limited(RateLimit::new(100.0, 10)).rate_limit().is_some());
    /// ```
    #[must_use]
    pub const fn limited(mut self, limit: RateLimit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Its name; `own` for one that was not taken by name.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// assert_eq!(Scenario::named("outage")[0].name(), "outage");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is and what it shows, in a line.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// assert!(Scenario::named("outage")[0].about().contains("30 s"));
    /// ```
    #[must_use]
    pub const fn about(&self) -> &'static str {
        self.about
    }

    /// Who asks, and how often.
    ///
    /// ```
    /// # use retry_core::simulate::{Load, Scenario};
    /// assert_eq!(*Scenario::new().backlog(2, 9).load(), Load::Backlog { workers: 2, messages: 9 });
    /// ```
    #[must_use]
    pub const fn load(&self) -> &Load {
        &self.load
    }

    /// What befalls it.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// assert!(Scenario::named("errors-5")[0].disturbances().is_empty());
    /// ```
    #[must_use]
    pub fn disturbances(&self) -> &[Disturbance] {
        &self.disturbances
    }

    /// The rate limit, if any.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// assert!(Scenario::named("rate-ban")[0].rate_limit().is_some());
    /// ```
    #[must_use]
    pub const fn rate_limit(&self) -> Option<&RateLimit> {
        self.limit.as_ref()
    }

    /// From when on it is over: the end of the last disturbance that ends. Where none does, 30 s, or the first half of
    /// what is shorter than a minute. Figures with `after` in their name count from here.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// # use std::time::Duration;
    /// assert_eq!(Scenario::named("metastable")[0].settled(), Duration::from_secs(40));
    /// assert_eq!(Scenario::new().duration(Duration::from_secs(40)).settled(), Duration::from_secs(20));
    /// ```
    #[must_use]
    pub fn settled(&self) -> Duration {
        let ends = self.disturbances.iter().map(Disturbance::to).filter(|to| *to < self.duration);
        ends.max().unwrap_or_else(|| (self.duration / 2).min(Duration::from_secs(30)))
    }

    /// How long the backlog takes at best, under the rate limit; `None` without both.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// # use std::time::Duration;
    /// // 100 at once, 19,900 at 100 a second
    /// assert_eq!(Scenario::named("rate-limit")[0].ideal_drain(), Some(Duration::from_secs(199)));
    /// // 100 at once, 60 s at 100 a second, 3,900 at 20 a second
    /// assert_eq!(Scenario::named("rate-cut")[0].ideal_drain(), Some(Duration::from_secs(60 + 195)));
    /// ```
    #[must_use]
    pub fn ideal_drain(&self) -> Option<Duration> {
        match (self.load, &self.limit) {
            (Load::Backlog { messages, .. }, Some(limit)) => {
                Some(super::server::least_drain(limit, &self.disturbances, messages))
            }
            _ => None,
        }
    }

    /// Runs it with `fleet`. The same seed gives the same report; the arrivals of a seed are the same for every fleet.
    ///
    /// # Errors
    /// [`SimulationError::Invalid`] for parameters without sense, [`SimulationError::TooManyEvents`] and
    /// [`SimulationError::TooManyPending`] where it would not end or take too much memory.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// let run = |seed| Scenario::new().run(&Fleet::of(|_| Never), seed).unwrap();
    /// assert_eq!(run(1), run(1));
    /// assert_ne!(run(1), run(2));
    /// ```
    pub fn run(&self, fleet: &Fleet<'_>, seed: u64) -> Result<Report, SimulationError> {
        self.check()?;
        fleet.check()?;
        World::new(self, fleet, seed).run()
    }

    /// How many requests a destination has room for, those it serves included.
    pub(super) fn queue_length(&self) -> usize {
        usize::try_from(fit(self.capacity, self.queue)).unwrap_or(usize::MAX).max(1)
    }

    /// How many bins it takes.
    pub(super) fn bins(&self) -> u64 {
        nanos(self.duration).div_ceil(nanos(Bin::WIDTH))
    }
}
