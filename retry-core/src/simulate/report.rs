use std::time::Duration;

use super::number::{ratio, real};
use super::{Bin, Latencies, Scenario, Tally};
use crate::time::nanos;
use crate::{StopReason, Time};

/// What happened in a run.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::{Fleet, Scenario};
/// use std::time::Duration;
///
/// let report = Scenario::named("metastable")[0].run(&Fleet::of(|_| Never), 1)?;
/// let recovery = report.recovery().unwrap();
/// assert!(recovery > Duration::from_secs(4) && recovery < Duration::from_secs(8));
/// assert!(report.success_after() > 0.9);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub(super) bins: Vec<Bin>,
    pub(super) all: Tally,
    pub(super) groups: Vec<(String, Tally)>,
    pub(super) destinations: Vec<Tally>,
    pub(super) latencies: Latencies,
    pub(super) stops: Vec<(StopReason, u64)>,
    pub(super) settled: Duration,
    pub(super) drained: Option<Duration>,
    pub(super) events: u64,
}

/// Over how many bins goodput must be back: 3 s.
const WINDOW: usize = 15;
/// How much of what is asked, in percent.
const BACK: u64 = 97;

impl Report {
    pub(super) fn new<'a>(scenario: &Scenario, groups: impl Iterator<Item = &'a str>) -> Self {
        Self {
            bins: vec![Bin::default(); usize::try_from(scenario.bins()).unwrap_or(usize::MAX)],
            all: Tally::default(),
            groups: groups.map(|name| (name.to_owned(), Tally::default())).collect(),
            destinations: vec![Tally::default(); scenario.destinations as usize],
            latencies: Latencies::default(),
            stops: Vec::new(),
            settled: scenario.settled(),
            drained: None,
            events: 0,
        }
    }

    pub(super) fn bin(&mut self, now: Time) -> Option<&mut Bin> {
        let number = now.as_nanos() / nanos(Bin::WIDTH);
        self.bins.get_mut(usize::try_from(number).unwrap_or(usize::MAX))
    }

    /// Changes the tallies that a request of this group to this destination belongs to.
    pub(super) fn tally(&mut self, group: usize, destination: u32, mut change: impl FnMut(&mut Tally)) {
        change(&mut self.all);
        if let Some((_, tally)) = self.groups.get_mut(group) {
            change(tally);
        }
        if let Some(tally) = self.destinations.get_mut(destination as usize) {
            change(tally);
        }
    }

    pub(super) fn stopped(&mut self, reason: StopReason) {
        match self.stops.iter_mut().find(|(of, _)| *of == reason) {
            Some((_, count)) => *count += 1,
            None => self.stops.push((reason, 1)),
        }
    }

    /// Its course, 0.2 s each.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// let report = Scenario::named("outage")[0].run(&Fleet::of(|_| Never), 1).unwrap();
    /// // 30 s into the run all is down.
    /// assert_eq!(report.bins()[150].succeeded, 0);
    /// ```
    #[must_use]
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// The counts of all.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// let report = Scenario::new().run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert_eq!(report.all().attempts, report.all().requests);
    /// ```
    #[must_use]
    pub const fn all(&self) -> &Tally {
        &self.all
    }

    /// The counts of one group of the fleet; the first of that name.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// let report = Scenario::new().run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert_eq!(report.group("all"), Some(report.all()));
    /// ```
    #[must_use]
    pub fn group(&self, name: &str) -> Option<&Tally> {
        self.groups.iter().find(|(of, _)| of == name).map(|(_, tally)| tally)
    }

    /// The counts of one destination, from 0.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// let report = Scenario::named("partial-outage")[0].run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert!(report.destination(0).unwrap().success() < 0.4);
    /// ```
    #[must_use]
    pub fn destination(&self, number: u32) -> Option<&Tally> {
        self.destinations.get(number as usize)
    }

    /// How long successful requests took.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// let report = Scenario::new().run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert_eq!(report.latencies().count(), report.all().succeeded);
    /// ```
    #[must_use]
    pub const fn latencies(&self) -> &Latencies {
        &self.latencies
    }

    /// How many requests were given up for this reason.
    ///
    /// ```
    /// # use retry_core::{Never, StopReason, simulate::{Fleet, Scenario}};
    /// let report = Scenario::new().errors(0.5).run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert_eq!(report.stopped_by(StopReason::Attempts), report.all().failed);
    /// ```
    #[must_use]
    pub fn stopped_by(&self, reason: StopReason) -> u64 {
        self.stops.iter().find(|(of, _)| *of == reason).map_or(0, |(_, count)| *count)
    }

    /// [`Tally::success`] of all.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// assert!(Scenario::new().run(&Fleet::of(|_| Never), 1).unwrap().success() > 0.999);
    /// ```
    #[must_use]
    pub fn success(&self) -> f64 {
        self.all.success()
    }

    /// [`Tally::success_after`] of all.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// assert!(Scenario::named("outage")[0].run(&Fleet::of(|_| Never), 1).unwrap().success_after() > 0.999);
    /// ```
    #[must_use]
    pub fn success_after(&self) -> f64 {
        self.all.success_after()
    }

    /// [`Tally::amplification`] of all.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// assert!(Scenario::new().run(&Fleet::of(|_| Never), 1).unwrap().amplification() < 1.001);
    /// ```
    #[must_use]
    pub fn amplification(&self) -> f64 {
        self.all.amplification()
    }

    /// How long after [`Scenario::settled`](super::Scenario::settled) goodput is back: the beginning of the first 3 s in which
    /// as much succeeds as 97 % of what is asked meanwhile, to 0.2 s. `None`: not before the run ends.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// // A fifth fails for good: goodput never comes to 97 %.
    /// assert_eq!(Scenario::named("errors-20")[0].run(&Fleet::of(|_| Never), 1).unwrap().recovery(), None);
    /// ```
    #[must_use]
    pub fn recovery(&self) -> Option<Duration> {
        let after = self.bins.get(self.after(self.settled)..)?;
        let count = |bins: &[Bin], of: fn(&Bin) -> u32| bins.iter().map(|bin| u64::from(of(bin))).sum::<u64>();
        let is_back = |bins: &[Bin]| 100 * count(bins, |bin| bin.succeeded) >= BACK * count(bins, |bin| bin.requests);
        let bins = after.windows(WINDOW).position(is_back)?;
        Some(Bin::WIDTH.saturating_mul(u32::try_from(bins).unwrap_or(u32::MAX)))
    }

    /// The greatest number of attempts in a bin over the mean, from `from` on: 1 is perfectly even, and what comes in
    /// waves is far above. Nothing where there are no attempts.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let report = Scenario::new().run(&Fleet::of(|_| Never), 1).unwrap();
    /// // 160 attempts a bin with a standard deviation of 12.6, and the greatest of 300 is about 3 of them above
    /// let peak = report.peak_to_mean(Duration::ZERO).unwrap();
    /// assert!(peak > 1.1 && peak < 1.4);
    /// ```
    #[must_use]
    pub fn peak_to_mean(&self, from: Duration) -> Option<f64> {
        let bins = self.bins.get(self.after(from)..)?;
        let attempts = || bins.iter().map(|bin| u64::from(bin.attempts));
        Some(real(attempts().max()?) / ratio(attempts().sum(), bins.len() as u64)?).filter(|peak| peak.is_finite())
    }

    /// When the last message of the backlog was done; `None` without a backlog, or where the time did not suffice.
    ///
    /// ```
    /// # use retry_core::{Law, Policy, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let scenario = &Scenario::named("rate-limit")[0];
    /// let policy = Policy::exponential(Duration::from_secs(1), Duration::from_secs(60)).jitter(Law::FULL);
    /// let report = scenario.run(&Fleet::of(|_| policy.clone()), 1).unwrap();
    /// assert!(report.drained() > scenario.ideal_drain() && report.drained() < Some(Duration::from_secs(300)));
    /// ```
    #[must_use]
    pub const fn drained(&self) -> Option<Duration> {
        self.drained
    }

    /// The part of the attempts that was refused by queue or rate limit; 0 where there are none.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// assert!(Scenario::new().run(&Fleet::of(|_| Never), 1).unwrap().throttled() < 1e-9);
    /// ```
    #[must_use]
    pub fn throttled(&self) -> f64 {
        ratio(self.all.throttled, self.all.attempts).unwrap_or(0.0)
    }

    /// How many events were simulated.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// let report = Scenario::new().run(&Fleet::of(|_| Never), 1).unwrap();
    /// assert!(report.events() > report.all().attempts);
    /// ```
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// The number of the first bin that begins at `at` or later.
    fn after(&self, at: Duration) -> usize {
        usize::try_from(nanos(at).div_ceil(nanos(Bin::WIDTH))).unwrap_or(usize::MAX)
    }
}
