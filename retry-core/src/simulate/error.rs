use std::time::Duration;

/// Why a simulation cannot be run to its end.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::{Fleet, Scenario};
///
/// let error = Scenario::new().capacity(f64::NAN).run(&Fleet::of(|_| Never), 1).unwrap_err();
/// assert_eq!(error.to_string(), "the capacity must be a number of requests a second, 0 or more");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// A parameter makes no sense.
    #[error("{what} must be {expected}")]
    #[non_exhaustive]
    Invalid {
        /// The parameter.
        what: &'static str,
        /// What it may be.
        expected: &'static str,
    },
    /// It would need more events than [`Scenario::event_limit`](super::Scenario::event_limit) allows.
    #[error(
        "stopped {at:?} into the scenario, after {events} events; shorten it, lower the load, let the policy wait longer, \
         or raise the event limit"
    )]
    #[non_exhaustive]
    TooManyEvents {
        /// How far it came.
        at: Duration,
        /// How many events that took.
        events: u64,
    },
    /// More requests are under way at once than memory should be spent on: the policy retries for longer than the
    /// scenario lasts.
    #[error(
        "{requests} requests were under way at once {at:?} into the scenario; lower the load or end retries sooner"
    )]
    #[non_exhaustive]
    TooManyPending {
        /// How far it came.
        at: Duration,
        /// How many were under way.
        requests: usize,
    },
}

impl SimulationError {
    pub(super) const fn invalid(what: &'static str, expected: &'static str) -> Self {
        Self::Invalid { what, expected }
    }
}
