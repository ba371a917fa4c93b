use std::fmt::Display;

use tracing::{Level, event};

use crate::{Because, Failed, ObserveError, Observer, Scheduled, Started, Stopped, Succeeded};

/// Every step as a [`tracing`] event of target `retry`, in the span of whoever polls.
///
/// | step | level | fields |
/// |---|---|---|
/// | attempt started | trace | `retry.operation`, `retry.attempt` |
/// | attempt failed | warn | and `error.message`, `error.class`, `error.effect` |
/// | scheduled | debug | and `retry.delay_ms`, `retry.because`, with a hint `retry.hint_source` |
/// | gave up | error | `retry.operation`, `retry.attempts`, `retry.reason` |
/// | succeeded | debug, at the first attempt trace | `retry.operation`, `retry.attempts` |
///
/// ```
/// use retry_core::{Policy, Retry, ThreadSleeper, TracingObserver};
/// use std::time::Duration;
/// # use std::{io, sync::{Arc, Mutex}};
/// # #[derive(Clone, Default)] struct Lines(Arc<Mutex<Vec<u8>>>);
/// # impl io::Write for Lines {
/// #     fn write(&mut self, bytes: &[u8]) -> io::Result<usize> { self.0.lock().unwrap().write(bytes) }
/// #     fn flush(&mut self) -> io::Result<()> { Ok(()) }
/// # }
/// # let lines = Lines::default();
/// # let writer = lines.clone();
/// # let subscriber = tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(move || writer.clone()).finish();
/// # tracing::subscriber::with_default(subscriber, || {
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(1), ThreadSleeper)
///     .observe(TracingObserver::new("send"));
/// retry.call_blocking(|| Err::<(), _>("busy")).unwrap_err();
/// # });
/// # let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
/// assert!(log.contains("attempt failed retry.operation=\"send\" retry.attempt=1 error.message=busy"), "{log}");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TracingObserver {
    operation: &'static str,
}

impl TracingObserver {
    /// For runs of `operation`, whose name stands in every event.
    ///
    /// ```
    /// # use retry_core::TracingObserver;
    /// assert!(format!("{:?}", TracingObserver::new("fetch")).contains("fetch"));
    /// ```
    #[must_use]
    pub const fn new(operation: &'static str) -> Self {
        Self { operation }
    }
}

impl Observer for TracingObserver {
    fn started(&self, started: Started) {
        event!(target: "retry", Level::TRACE, retry.operation = self.operation, retry.attempt = started.attempt, "attempt started");
    }

    fn scheduled(&self, scheduled: Scheduled) {
        let hint_source = match scheduled.because {
            Because::Hint(source) => Some(source.as_str()),
            _ => None,
        };
        event!(
            target: "retry",
            Level::DEBUG,
            retry.operation = self.operation,
            retry.attempt = scheduled.attempt,
            retry.delay_ms = u64::try_from(scheduled.delay.as_millis()).unwrap_or(u64::MAX),
            retry.because = scheduled.because.as_str(),
            retry.hint_source = hint_source,
            "retry scheduled"
        );
    }

    fn gave_up(&self, stopped: Stopped) {
        event!(
            target: "retry",
            Level::ERROR,
            retry.operation = self.operation,
            retry.attempts = stopped.attempts,
            retry.reason = stopped.reason.as_str(),
            "gave up"
        );
    }

    fn succeeded(&self, succeeded: Succeeded) {
        let (operation, attempts) = (self.operation, succeeded.attempts);
        if attempts == 1 {
            event!(target: "retry", Level::TRACE, retry.operation = operation, retry.attempts = attempts, "succeeded");
        } else {
            event!(target: "retry", Level::DEBUG, retry.operation = operation, retry.attempts = attempts, "succeeded");
        }
    }
}

impl<E: Display + ?Sized> ObserveError<E> for TracingObserver {
    fn failed(&self, failed: Failed<'_, E>) {
        event!(
            target: "retry",
            Level::WARN,
            retry.operation = self.operation,
            retry.attempt = failed.attempt,
            error.message = %failed.what,
            error.class = failed.verdict.class.as_str(),
            error.effect = failed.verdict.effect.as_str(),
            "attempt failed"
        );
    }
}
