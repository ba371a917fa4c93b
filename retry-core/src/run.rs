//! The loop form, and its blocking twin.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use crate::extra::Extra;
use crate::gave_up::GaveUp;
use crate::limit::Cut;
use crate::reject::Nothing;
use crate::retry::{Gate, Miss, Retry};
use crate::{
    Attempt, Clock, ErrorClassifier, ObserveError, Observer, RetryPolicy, Session, Sleeper, Started, StopReason,
    Verdict,
};

mod blocking;
mod waiting;

pub use waiting::Waiting;

/// One run in the caller's own loop. See [`Retry::begin`].
///
/// # Cancel safety
/// Dropping it forgets how many attempts were made, and does not tell the observer. If it is dropped before the
/// attempt that the policy granted or reserved a place for, the policy gets that back; an attempt has begun when
/// [`failed`](Run::failed) or [`admitted`](Run::admitted) was awaited to its end, or when its result is reported.
///
/// ```
/// use retry_core::{Policy, Retry, Run, ThreadSleeper};
/// use std::time::Duration;
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(2), ThreadSleeper);
/// let mut run: Run<'_, _, _, _, _, _> = retry.begin();
/// assert!(run.failed_blocking("first").is_ok());
/// assert_eq!(run.failed_blocking("second").unwrap_err().into_error(), Some("second"));
/// ```
#[must_use = "report each failure to `failed`"]
pub struct Run<'a, P: RetryPolicy, S, C, O, X: Extra> {
    retry: &'a Retry<P, S, C, O, X>,
    session: Option<Session>,
    history: X::History,
    /// The last attempt that was let in, and told to the observer.
    begun: u32,
}

pub(crate) type Ended<E, R, X> = GaveUp<E, R, <X as Extra>::History>;

impl<'a, P: RetryPolicy, S: Clock, C, O: Observer, X: Extra> Run<'a, P, S, C, O, X> {
    #[inline]
    pub(crate) fn new(retry: &'a Retry<P, S, C, O, X>) -> Self {
        let mut session = None;
        let needs = retry.policy.needs();
        retry.start(needs, &mut session);
        let mut run = Self { retry, session, history: X::History::default(), begun: 0 };
        if retry.has_no_gate(needs) {
            run.announce();
        }
        run
    }

    /// Waits until the policy admits the first attempt, if it has a say in that (breaker, pacing, budget).
    /// [`failed`](Self::failed) asks for all others; where the attempt has been let in, this is ready at once.
    ///
    /// # Errors
    /// [`GaveUp`] with [`NotStarted`](crate::Last::NotStarted): refused, or a stop was asked for.
    ///
    /// # Cancel safety
    /// Dropping the future ends the wait early: the place stays reserved as long as the run lives, and the next call is
    /// ready at once.
    ///
    /// ```
    /// # use retry_core::{GaveUp, Policy, Retry};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), GaveUp<&'static str>> {
    /// let retry = Retry::new(Policy::constant(Duration::ZERO));
    /// let mut run = retry.begin();
    /// run.admitted().await?;
    /// assert_eq!(run.attempt().number, 1);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn admitted<E, R>(&mut self) -> Waiting<'_, 'a, P, S, C, O, X, E, R>
    where
        S: Sleeper,
    {
        Waiting::first(self)
    }

    /// The attempt in progress.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper);
    /// let mut run = retry.begin();
    /// run.failed_blocking("no").unwrap();
    /// assert_eq!(run.attempt().number, 2);
    /// ```
    #[inline]
    pub fn attempt(&self) -> Attempt {
        self.retry.attempt(self.session.as_ref())
    }

    /// Cuts `attempt` where the retrier's timeout or deadline says so. `None`: it was cut; report
    /// [`timed_out`](Self::timed_out).
    ///
    /// ```
    /// # use retry_core::{GaveUp, Policy, Retry, StopReason};
    /// # use std::{future::pending, time::Duration};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::new(Policy::constant(Duration::ZERO)).deadline(Duration::from_secs(5));
    /// let mut run = retry.begin();
    /// assert!(run.limit(pending::<()>()).await.is_none());
    /// let end: GaveUp<()> = run.timed_out().await.unwrap_err();
    /// assert_eq!(end.reason, StopReason::Deadline);
    /// # }
    /// ```
    #[inline]
    pub fn limit<F: Future>(&self, attempt: F) -> <X::Limit as Cut<S>>::Running<F>
    where
        S: Sleeper,
        X::Limit: Cut<S>,
    {
        self.retry.extra.limit().run(attempt, &self.retry.time, self.session.as_ref())
    }

    /// Tells policy and observer about the success and hands `value` back.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper);
    /// assert_eq!(retry.begin().succeeded("value"), "value");
    /// ```
    #[inline]
    pub fn succeeded<T>(mut self, value: T) -> T {
        self.announce();
        self.retry.succeeded(self.retry.policy.needs(), self.session.as_ref());
        value
    }

    /// Waits until the next attempt is due, or hands `error` back inside [`GaveUp`].
    ///
    /// The failure is counted by the call; the future only waits.
    ///
    /// # Errors
    /// [`GaveUp`], with the error in it.
    ///
    /// # Cancel safety
    /// Dropping the future ends the wait early: the run is in its next attempt already.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, StopReason};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::new(Policy::constant(Duration::from_secs(60)).attempts(2));
    /// let mut run = retry.begin();
    /// run.failed("first").await.unwrap();
    /// let end = run.failed("second").await.unwrap_err();
    /// assert_eq!((end.reason, end.slept().as_secs()), (StopReason::Attempts, 60));
    /// # }
    /// ```
    #[inline]
    pub fn failed<E>(&mut self, error: E) -> Waiting<'_, 'a, P, S, C, O, X, E, Infallible>
    where
        S: Sleeper,
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
    {
        self.wait(Miss::<E, Nothing>::Error(error))
    }

    /// [`failed`](Self::failed) for an attempt that was cut: transient, possibly with effect.
    ///
    /// # Errors
    /// [`GaveUp`] with [`TimedOut`](crate::Last::TimedOut).
    ///
    /// # Cancel safety
    /// As [`failed`](Self::failed).
    ///
    /// ```
    /// # use retry_core::{Last, Never, Retry};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::new(Never);
    /// let end = retry.begin().timed_out::<&str>().await.unwrap_err();
    /// assert_eq!(end.last, Last::TimedOut);
    /// # }
    /// ```
    #[inline]
    pub fn timed_out<E>(&mut self) -> Waiting<'_, 'a, P, S, C, O, X, E, Infallible>
    where
        S: Sleeper,
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
    {
        self.wait(Miss::<E, Nothing>::Cut)
    }

    #[inline]
    pub(crate) fn wait<E, R, Found>(&mut self, miss: Miss<E, Found>) -> Waiting<'_, 'a, P, S, C, O, X, E, R>
    where
        S: Sleeper,
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
        Found: Into<(R, Verdict)>,
    {
        let next = self.next(miss);
        Waiting::after(self, next)
    }

    #[cold]
    #[inline(never)]
    fn next<E, R, Found>(&mut self, miss: Miss<E, Found>) -> Result<Duration, Ended<E, R, X>>
    where
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
        Found: Into<(R, Verdict)>,
    {
        self.announce();
        self.retry.failed(&mut self.session, &mut self.history, miss)
    }

    /// Asks for the attempt in progress, once.
    #[inline]
    fn gate(&mut self) -> Gate {
        let number = self.number();
        if self.begun == number {
            return Gate::Open;
        }
        let gate = self.retry.gate(&mut self.session);
        if let Gate::Open = gate {
            self.begun = number;
        }
        gate
    }

    #[inline]
    fn number(&self) -> u32 {
        self.session.as_ref().map_or(1, Session::attempt)
    }

    /// Tells the observer of the attempt in progress, if nobody has.
    #[inline]
    fn announce(&mut self) {
        let number = self.number();
        if self.begun != number {
            self.begun = number;
            self.retry.observer.started(Started::new(number));
        }
    }

    #[cold]
    fn shut<E, R>(&mut self, reason: StopReason) -> Ended<E, R, X> {
        // Nothing is left to be given back.
        self.begun = self.number();
        self.retry.shut(&mut self.session, &mut self.history, reason)
    }
}

impl<P: RetryPolicy, S, C, O, X: Extra> Drop for Run<'_, P, S, C, O, X> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.session.as_ref().is_some_and(|session| session.attempt() != self.begun) {
            self.retry.dropped(self.session.as_mut());
        }
    }
}

impl<P: RetryPolicy, S, C, O, X: Extra> fmt::Debug for Run<'_, P, S, C, O, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("session", &self.session).finish_non_exhaustive()
    }
}
