use metrics::{counter, histogram};

use crate::{Failed, ObserveError, Observer, Scheduled, Started, Stopped, Succeeded};

/// Every step as counters and histograms of the [`metrics`] facade, with OpenTelemetry-style names.
///
/// | name | kind, unit | labels |
/// |---|---|---|
/// | `retry.attempts` | counter | `retry.operation` |
/// | `retry.failures` | counter | and `error.class`, `error.effect` |
/// | `retry.delay` | histogram, seconds | and `retry.because` |
/// | `retry.runs` | counter | and `retry.outcome`: `succeeded`, or why it gave up |
/// | `retry.run.attempts` | histogram | the same |
///
/// No label has unbounded values. Install a recorder (Prometheus, OpenTelemetry, ...) to see them.
///
/// ```
/// use retry_core::{MetricsObserver, Policy, Retry, ThreadSleeper};
/// use std::time::Duration;
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(2), ThreadSleeper)
///     .observe(MetricsObserver::new("send"));
/// assert!(retry.call_blocking(|| Err::<(), _>("busy")).is_err());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MetricsObserver {
    operation: &'static str,
}

impl MetricsObserver {
    /// For runs of `operation`, which is a label of every metric.
    ///
    /// ```
    /// # use retry_core::MetricsObserver;
    /// assert!(format!("{:?}", MetricsObserver::new("fetch")).contains("fetch"));
    /// ```
    #[must_use]
    pub const fn new(operation: &'static str) -> Self {
        Self { operation }
    }

    fn ended(self, outcome: &'static str, attempts: u32) {
        counter!("retry.runs", "retry.operation" => self.operation, "retry.outcome" => outcome).increment(1);
        histogram!("retry.run.attempts", "retry.operation" => self.operation, "retry.outcome" => outcome)
            .record(attempts);
    }
}

impl Observer for MetricsObserver {
    fn started(&self, _: Started) {
        counter!("retry.attempts", "retry.operation" => self.operation).increment(1);
    }

    fn scheduled(&self, scheduled: Scheduled) {
        let because = scheduled.because.as_str();
        histogram!("retry.delay", "retry.operation" => self.operation, "retry.because" => because)
            .record(scheduled.delay);
    }

    fn gave_up(&self, stopped: Stopped) {
        self.ended(stopped.reason.as_str(), stopped.attempts);
    }

    fn succeeded(&self, succeeded: Succeeded) {
        self.ended("succeeded", succeeded.attempts);
    }
}

impl<E: ?Sized> ObserveError<E> for MetricsObserver {
    fn failed(&self, failed: Failed<'_, E>) {
        let (class, effect) = (failed.verdict.class.as_str(), failed.verdict.effect.as_str());
        counter!("retry.failures", "retry.operation" => self.operation, "error.class" => class, "error.effect" => effect)
            .increment(1);
    }
}
