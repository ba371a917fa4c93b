use std::time::Duration;

use crate::Time;
use crate::time::nanos;

/// What befalls the servers for a while.
///
/// Times count from the beginning of the scenario; the end is not part of it. Those that overlap multiply.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::{Disturbance, Fleet, Scenario};
/// use std::time::Duration;
///
/// let (from, to) = (Duration::from_secs(10), Duration::from_secs(20));
/// let scenario = Scenario::new().disturb(Disturbance::down(from, to)).duration(Duration::from_secs(40));
/// let report = scenario.run(&Fleet::of(|_| Never), 1)?;
/// // A quarter of the time nothing is served.
/// assert!((report.success() - 0.75).abs() < 0.01);
/// assert_eq!(report.recovery(), Some(Duration::ZERO));
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disturbance {
    from: Duration,
    to: Duration,
    /// The part of the capacity that is left; `None` where everything is refused.
    factor: Option<f64>,
    destination: Option<u32>,
}

impl Disturbance {
    /// Only `factor` of capacity and rate limit are left between `from` and `to`; 0 stops the server, and it goes on with what
    /// waits when the time is over.
    ///
    /// ```
    /// # use retry_core::simulate::Disturbance;
    /// # use std::time::Duration;
    /// let brownout = Disturbance::slow(Duration::from_secs(30), Duration::from_secs(60), 0.6);
    /// assert_eq!(brownout.to(), Duration::from_secs(60));
    /// ```
    #[must_use]
    pub const fn slow(from: Duration, to: Duration, factor: f64) -> Self {
        Self { from, to, factor: Some(factor), destination: None }
    }

    /// Every attempt is refused between `from` and `to`, before any work is done.
    ///
    /// ```
    /// # use retry_core::simulate::Disturbance;
    /// # use std::time::Duration;
    /// let for_good = Disturbance::down(Duration::from_secs(30), Duration::MAX);
    /// assert_eq!(for_good.from(), Duration::from_secs(30));
    /// ```
    #[must_use]
    pub const fn down(from: Duration, to: Duration) -> Self {
        Self { from, to, factor: None, destination: None }
    }

    /// Only at this destination, counted from 0; one that does not exist is not disturbed.
    ///
    /// ```
    /// # use retry_core::simulate::Disturbance;
    /// # use std::time::Duration;
    /// let dead = Disturbance::down(Duration::ZERO, Duration::MAX).at(0);
    /// assert_ne!(dead, Disturbance::down(Duration::ZERO, Duration::MAX));
    /// ```
    #[must_use]
    pub const fn at(mut self, destination: u32) -> Self {
        self.destination = Some(destination);
        self
    }

    /// When it begins.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// assert_eq!(Scenario::named("metastable")[0].disturbances()[0].from().as_secs(), 30);
    /// ```
    #[must_use]
    pub const fn from(&self) -> Duration {
        self.from
    }

    /// When it is over.
    ///
    /// ```
    /// # use retry_core::simulate::Scenario;
    /// assert_eq!(Scenario::named("metastable")[0].disturbances()[0].to().as_secs(), 40);
    /// ```
    #[must_use]
    pub const fn to(&self) -> Duration {
        self.to
    }

    /// What is left at `now`: `None` if `destination` refuses everything.
    pub(super) fn left(all: &[Self], destination: u32, now: Time) -> Option<f64> {
        let now = now.as_nanos();
        let here = |d: &&Self| d.destination.is_none_or(|at| at == destination);
        let holds = |d: &&Self| nanos(d.from) <= now && now < nanos(d.to);
        all.iter().filter(here).filter(holds).try_fold(1.0, |left, disturbance| Some(left * disturbance.factor?))
    }

    /// The first instant after `now` at which anything begins or ends.
    pub(super) fn next(all: &[Self], now: Time) -> Option<Time> {
        let times = all.iter().flat_map(|d| [d.from, d.to]).map(|at| Time::default().after(at));
        times.filter(|at| *at > now).min()
    }

    pub(super) fn is_valid(&self) -> bool {
        self.from < self.to && self.factor.is_none_or(|factor| factor.is_finite() && factor >= 0.0)
    }
}
