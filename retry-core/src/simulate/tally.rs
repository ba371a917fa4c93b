use super::number::ratio;

/// Counts of a run, or of a part of it. Attempts are calls made, first ones included.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::{Fleet, Scenario};
///
/// let report = Scenario::named("outage")[0].run(&Fleet::of(|_| Never), 1)?;
/// let all = report.all();
/// assert_eq!(all.requests, all.succeeded + all.failed + all.pending());
/// // 30 of 90 s
/// assert!((all.success() - 2.0 / 3.0).abs() < 0.01);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Tally {
    /// Requests that came.
    pub requests: u64,
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that were given up.
    pub failed: u64,
    /// Attempts made.
    pub attempts: u64,
    /// Attempts that timed out.
    pub timed_out: u64,
    /// Attempts that were refused by queue or rate limit.
    pub throttled: u64,
    /// Requests that came after [`Scenario::settled`](super::Scenario::settled); those of the last two seconds are left out,
    /// since they may be under way at the end.
    pub requests_after: u64,
    /// Those of them that succeeded.
    pub succeeded_after: u64,
    /// Attempts made while the disturbances lasted.
    pub attempts_during: u64,
    /// Requests that came while the disturbances lasted.
    pub requests_during: u64,
}

impl Tally {
    /// Requests that were under way when the run ended.
    ///
    /// ```
    /// # assert_eq!(retry_core::simulate::Tally::default().pending(), 0);
    /// ```
    #[must_use]
    pub const fn pending(&self) -> u64 {
        self.requests.saturating_sub(self.succeeded).saturating_sub(self.failed)
    }

    /// The part of the requests that succeeded; those under way did not. 1 where nothing was asked.
    ///
    /// ```
    /// # assert!(retry_core::simulate::Tally::default().success() > 0.999);
    /// ```
    #[must_use]
    pub fn success(&self) -> f64 {
        ratio(self.succeeded, self.requests).unwrap_or(1.0)
    }

    /// The same of the requests after all is over; 1 where nothing was asked then.
    ///
    /// ```
    /// # assert!(retry_core::simulate::Tally::default().success_after() > 0.999);
    /// ```
    #[must_use]
    pub fn success_after(&self) -> f64 {
        ratio(self.succeeded_after, self.requests_after).unwrap_or(1.0)
    }

    /// Attempts for each request: 1 without retries.
    ///
    /// ```
    /// # assert!(retry_core::simulate::Tally::default().amplification() > 0.999);
    /// ```
    #[must_use]
    pub fn amplification(&self) -> f64 {
        ratio(self.attempts, self.requests).unwrap_or(1.0)
    }

    /// The same while the disturbances lasted.
    ///
    /// ```
    /// # assert!(retry_core::simulate::Tally::default().amplification_during() > 0.999);
    /// ```
    #[must_use]
    pub fn amplification_during(&self) -> f64 {
        ratio(self.attempts_during, self.requests_during).unwrap_or(1.0)
    }
}
