use std::time::Duration;

/// A fifth of a second of a run.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::{Bin, Fleet, Scenario};
///
/// let report = Scenario::new().run(&Fleet::of(|_| Never), 1)?;
/// // 60 s / 0.2 s
/// assert_eq!(report.bins().len(), 300);
/// let requests: u64 = report.bins().iter().map(|bin| u64::from(bin.requests)).sum();
/// assert_eq!(requests, report.all().requests);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Bin {
    /// Requests that came, or messages that were taken from the backlog.
    pub requests: u32,
    /// Attempts that reached a server: what the servers see as load.
    pub attempts: u32,
    /// Requests that succeeded: goodput.
    pub succeeded: u32,
    /// Requests that were given up.
    pub failed: u32,
    /// Attempts that timed out.
    pub timed_out: u32,
    /// Attempts that were refused by queue or rate limit.
    pub throttled: u32,
    /// The longest queue that an attempt found, itself included.
    pub queue: u32,
    /// The mean of the fleet's [gauges](super::Fleet::gauged) at the beginning of the bin.
    pub gauge: Option<f64>,
}

impl Bin {
    /// How long a bin is: 0.2 s.
    pub const WIDTH: Duration = Duration::from_millis(200);
}
