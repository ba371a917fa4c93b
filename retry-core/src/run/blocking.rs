use std::convert::Infallible;
use std::time::Duration;

use super::{Ended, Run};
use crate::extra::Extra;
use crate::reject::Nothing;
use crate::retry::{Gate, Miss};
use crate::stop::StopSignal as _;
use crate::{BlockingSleeper, ErrorClassifier, ObserveError, Observer, RetryPolicy, StopReason, Verdict};

/// How long a blocking wait does not look for a stop.
const GLANCE: Duration = Duration::from_millis(100);

impl<P: RetryPolicy, S: BlockingSleeper, C, O: Observer, X: Extra> Run<'_, P, S, C, O, X> {
    /// [`admitted`](Self::admitted) for blocking code.
    ///
    /// # Errors
    /// [`GaveUp`](crate::GaveUp) with [`NotStarted`](crate::Last::NotStarted): refused, or a stop was asked for.
    ///
    /// ```
    /// # use retry_core::{GaveUp, Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper);
    /// let mut run = retry.begin();
    /// run.admitted_blocking()?;
    /// assert_eq!(run.attempt().number, 1);
    /// # Ok::<(), GaveUp<()>>(())
    /// ```
    #[inline]
    pub fn admitted_blocking<E, R>(&mut self) -> Result<(), Ended<E, R, X>> {
        loop {
            match self.gate() {
                Gate::Open => return Ok(()),
                Gate::After(delay) => self.sleep_blocking(delay)?,
                Gate::Shut(reason) => return Err(self.shut(reason)),
            }
        }
    }

    /// [`failed`](Self::failed) for blocking code.
    ///
    /// # Errors
    /// [`GaveUp`](crate::GaveUp), with the error in it.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(3), ThreadSleeper);
    /// let mut run = retry.begin();
    /// let end = loop {
    ///     if let Err(end) = run.failed_blocking("no") {
    ///         break end;
    ///     }
    /// };
    /// assert_eq!(end.attempts, 3);
    /// ```
    #[inline]
    pub fn failed_blocking<E>(&mut self, error: E) -> Result<(), Ended<E, Infallible, X>>
    where
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
    {
        self.wait_blocking(Miss::<E, Nothing>::Error(error))
    }

    #[inline]
    pub(crate) fn wait_blocking<E, R, Found>(&mut self, miss: Miss<E, Found>) -> Result<(), Ended<E, R, X>>
    where
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
        Found: Into<(R, Verdict)>,
    {
        let delay = self.next(miss)?;
        self.sleep_blocking(delay)?;
        self.admitted_blocking()
    }

    #[inline]
    fn sleep_blocking<E, R>(&mut self, delay: Duration) -> Result<(), Ended<E, R, X>> {
        if !X::Stop::STOPS {
            self.retry.time.sleep_blocking(delay);
            return Ok(());
        }
        let until = self.retry.time.now().after(delay);
        loop {
            let left = until.since(self.retry.time.now());
            if left.is_zero() {
                return Ok(());
            }
            if self.retry.extra.stop().is_stopped() {
                return Err(self.shut(StopReason::Cancelled));
            }
            self.retry.time.sleep_blocking(left.min(GLANCE));
        }
    }
}
