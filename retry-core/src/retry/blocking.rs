use super::Retry;
use super::doors::Stop;
use crate::extra::Extra;
use crate::reject::Reject;
use crate::run::Run;
use crate::{Attempt, BlockingSleeper, ErrorClassifier, ObserveError, RetryPolicy};

impl<P: RetryPolicy, S: BlockingSleeper, C, O, X: Extra> Retry<P, S, C, O, X> {
    /// Calls `op` until it succeeds or the policy stops, and blocks the thread between attempts.
    ///
    /// A running attempt cannot be cut: a timeout or deadline only tells what is left
    /// ([`call_blocking_with`](Self::call_blocking_with)), and nothing starts past the deadline.
    ///
    /// # Errors
    /// [`GaveUp`](crate::GaveUp): the last error, why it ended, and after how many attempts.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(3), ThreadSleeper);
    /// let mut left = 3;
    /// let done = retry.call_blocking(|| {
    ///     left -= 1;
    ///     if left > 0 { Err("no") } else { Ok("yes") }
    /// });
    /// assert_eq!(done.unwrap(), "yes");
    /// ```
    #[inline]
    pub fn call_blocking<T, E, F>(&self, mut op: F) -> Result<T, Stop<E, T, X>>
    where
        F: FnMut() -> Result<T, E>,
        X: Extra<Reject: Reject<T>>,
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
    {
        let mut run = Run::new(self);
        run.admitted_blocking()?;
        loop {
            match self.check(Some(op())) {
                Ok(value) => return Ok(run.succeeded(value)),
                Err(miss) => run.wait_blocking(miss)?,
            }
        }
    }

    /// Like [`call_blocking`](Self::call_blocking), and tells `op` which attempt it is and how much time it has.
    ///
    /// # Errors
    /// As [`call_blocking`](Self::call_blocking).
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper).timeout(Duration::from_secs(5));
    /// let left = retry.call_blocking_with(|attempt| attempt.remaining().ok_or("no limit"));
    /// assert_eq!(left.unwrap(), Duration::from_secs(5));
    /// ```
    #[inline]
    pub fn call_blocking_with<T, E, F>(&self, mut op: F) -> Result<T, Stop<E, T, X>>
    where
        F: FnMut(Attempt) -> Result<T, E>,
        X: Extra<Reject: Reject<T>>,
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
    {
        let mut run = Run::new(self);
        run.admitted_blocking()?;
        loop {
            match self.check(Some(op(run.attempt()))) {
                Ok(value) => return Ok(run.succeeded(value)),
                Err(miss) => run.wait_blocking(miss)?,
            }
        }
    }
}
