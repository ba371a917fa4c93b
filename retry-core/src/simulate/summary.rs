use std::time::Duration;

use super::number::real;
use super::{Latencies, Report};

/// Several runs of a scenario, with different seeds, in a few figures.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::{Fleet, Scenario, Summary};
///
/// let scenario = &Scenario::named("metastable")[0];
/// let summary: Summary = (1..=3).map(|seed| scenario.run(&Fleet::of(|_| Never), seed)).collect::<Result<_, _>>()?;
/// assert!(summary.recoveries().len() == 3 && summary.mean_recovery().is_some());
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    recoveries: Vec<Option<Duration>>,
    drained: Vec<Option<Duration>>,
    latencies: Latencies,
    success: f64,
    success_after: f64,
    amplification: f64,
    amplification_during: f64,
    throttled: f64,
}

impl Summary {
    /// Adds a run.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario, Summary}};
    /// let mut summary = Summary::default();
    /// summary.add(&Scenario::new().run(&Fleet::of(|_| Never), 1).unwrap());
    /// assert_eq!(summary.runs(), 1);
    /// ```
    pub fn add(&mut self, report: &Report) {
        self.recoveries.push(report.recovery());
        self.drained.push(report.drained());
        self.latencies.merge(report.latencies());
        self.success += report.success();
        self.success_after += report.success_after();
        self.amplification += report.amplification();
        self.amplification_during += report.all().amplification_during();
        self.throttled += report.throttled();
    }

    /// How many runs.
    ///
    /// ```
    /// # assert_eq!(retry_core::simulate::Summary::default().runs(), 0);
    /// ```
    #[must_use]
    pub const fn runs(&self) -> usize {
        self.recoveries.len()
    }

    /// The recovery of each run, in their order. See [`Report::recovery`].
    ///
    /// ```
    /// # assert!(retry_core::simulate::Summary::default().recoveries().is_empty());
    /// ```
    #[must_use]
    pub fn recoveries(&self) -> &[Option<Duration>] {
        &self.recoveries
    }

    /// The time each run took to drain its backlog, in their order. See [`Report::drained`].
    ///
    /// ```
    /// # assert!(retry_core::simulate::Summary::default().drained().is_empty());
    /// ```
    #[must_use]
    pub fn drained(&self) -> &[Option<Duration>] {
        &self.drained
    }

    /// The latencies of all runs.
    ///
    /// ```
    /// # assert_eq!(retry_core::simulate::Summary::default().latencies().count(), 0);
    /// ```
    #[must_use]
    pub const fn latencies(&self) -> &Latencies {
        &self.latencies
    }

    /// The mean recovery; `None` if one run never recovered, or there is none.
    ///
    /// ```
    /// # assert_eq!(retry_core::simulate::Summary::default().mean_recovery(), None);
    /// ```
    #[must_use]
    pub fn mean_recovery(&self) -> Option<Duration> {
        let sum = self.recoveries.iter().copied().sum::<Option<Duration>>()?;
        sum.checked_div(u32::try_from(self.runs()).ok()?)
    }

    fn mean(&self, sum: f64) -> f64 {
        sum / real(self.runs().max(1) as u64)
    }
}

/// Means over the runs; 0 without any.
macro_rules! means {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        impl Summary {$(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> f64 {
                self.mean(self.$name)
            }
        )*}
    };
}

means! {
    /// The mean of [`Report::success`]; 0 without runs.
    ///
    /// ```
    /// # assert!(retry_core::simulate::Summary::default().success() < 1e-9);
    /// ```
    success,
    /// The mean of [`Report::success_after`]; 0 without runs.
    ///
    /// ```
    /// # assert!(retry_core::simulate::Summary::default().success_after() < 1e-9);
    /// ```
    success_after,
    /// The mean of [`Report::amplification`]; 0 without runs.
    ///
    /// ```
    /// # assert!(retry_core::simulate::Summary::default().amplification() < 1e-9);
    /// ```
    amplification,
    /// The mean of [`Tally::amplification_during`](super::Tally::amplification_during); 0 without runs.
    ///
    /// ```
    /// # assert!(retry_core::simulate::Summary::default().amplification_during() < 1e-9);
    /// ```
    amplification_during,
    /// The mean of [`Report::throttled`]; 0 without runs.
    ///
    /// ```
    /// # assert!(retry_core::simulate::Summary::default().throttled() < 1e-9);
    /// ```
    throttled,
}

impl FromIterator<Report> for Summary {
    fn from_iter<I: IntoIterator<Item = Report>>(reports: I) -> Self {
        reports.into_iter().fold(Self::default(), |mut summary, report| {
            summary.add(&report);
            summary
        })
    }
}
