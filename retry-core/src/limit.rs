//! Timeouts and deadlines: how long an attempt may run.

use std::future::Future;
use std::time::Duration;

use crate::sealed::Sealed;
use crate::time::{FOREVER, duration, nanos};
use crate::{Session, Sleeper, Time};

mod running;

pub use running::{Timed, Uncut};

/// How long an attempt may run, as a part of a retrier. `()` has no limit and takes no space.
///
/// Sealed: it is set by [`Retry::timeout`](crate::Retry::timeout) and [`Retry::deadline`](crate::Retry::deadline).
///
/// ```
/// use retry_core::{Limit, Limits};
///
/// fn is_limit<L: Limit>() {}
/// is_limit::<()>();
/// is_limit::<Limits>();
/// ```
pub trait Limit: Sealed {
    /// Whether the clock must be read before the first attempt.
    #[doc(hidden)]
    fn needs_start(&self) -> bool;
    /// What is left for an attempt that begins `now`; `None`: no limit.
    #[doc(hidden)]
    fn remaining(&self, session: Option<&Session>, now: impl FnOnce() -> Time) -> Option<Duration>;
    /// Whether an attempt may begin `delay` after `now`.
    #[doc(hidden)]
    fn allows(&self, session: &Session, now: impl FnOnce() -> Time, delay: Duration) -> bool;
}

/// A [`Limit`] that can cut an attempt with the timer of `S`. Sealed like it.
///
/// ```
/// use retry_core::{Cut, Limits, TokioSleeper};
///
/// fn cuts<L: Cut<TokioSleeper>>() {}
/// cuts::<()>();
/// cuts::<Limits>();
/// ```
pub trait Cut<S: Sleeper>: Limit {
    /// An attempt under this limit; `None` once it is cut.
    type Running<F: Future>: Future<Output = Option<F::Output>>;
    /// Starts the limit of one attempt.
    #[doc(hidden)]
    fn run<F: Future>(&self, future: F, time: &S, session: Option<&Session>) -> Self::Running<F>;
    /// The same for what is part of no attempt: only the deadline cuts it.
    #[doc(hidden)]
    fn run_to_deadline<F: Future>(&self, future: F, time: &S, session: Option<&Session>) -> Self::Running<F>;
}

impl Limit for () {
    #[inline]
    fn needs_start(&self) -> bool {
        false
    }
    #[inline]
    fn remaining(&self, _: Option<&Session>, _: impl FnOnce() -> Time) -> Option<Duration> {
        None
    }
    #[inline]
    fn allows(&self, _: &Session, _: impl FnOnce() -> Time, _: Duration) -> bool {
        true
    }
}

impl<S: Sleeper> Cut<S> for () {
    type Running<F: Future> = Uncut<F>;
    #[inline]
    fn run<F: Future>(&self, future: F, _: &S, _: Option<&Session>) -> Uncut<F> {
        Uncut::new(future)
    }
    #[inline]
    fn run_to_deadline<F: Future>(&self, future: F, _: &S, _: Option<&Session>) -> Uncut<F> {
        Uncut::new(future)
    }
}

/// A timeout for each attempt, a deadline for the run, or both. See [`Retry::timeout`](crate::Retry::timeout).
///
/// ```
/// use retry_core::{AnyError, Limits, Policy, Retry, TokioSleeper, With};
/// use std::time::Duration;
///
/// type Limited = Retry<Policy, TokioSleeper, AnyError, (), With<Limits, (), (), ()>>;
/// let retry: Limited = Retry::new(Policy::constant(Duration::ZERO)).timeout(Duration::from_secs(5));
/// assert_eq!(retry.begin().attempt().remaining(), Some(Duration::from_secs(5)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    timeout: u64,
    deadline: u64,
}

impl Limits {
    const NONE: Self = Self { timeout: FOREVER, deadline: FOREVER };

    pub(crate) const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = nanos(limit);
        self
    }

    pub(crate) const fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = nanos(limit);
        self
    }

    /// What the deadline leaves.
    fn left(&self, session: Option<&Session>, now: impl FnOnce() -> Time) -> u64 {
        match session {
            Some(session) if self.deadline != FOREVER => {
                self.deadline.saturating_sub(now().nanos_since(session.begun()))
            }
            _ => self.deadline,
        }
    }
}

impl From<()> for Limits {
    fn from((): ()) -> Self {
        Self::NONE
    }
}

impl Limit for Limits {
    fn needs_start(&self) -> bool {
        self.deadline != FOREVER
    }
    fn remaining(&self, session: Option<&Session>, now: impl FnOnce() -> Time) -> Option<Duration> {
        Some(duration(self.timeout.min(self.left(session, now))))
    }
    fn allows(&self, session: &Session, now: impl FnOnce() -> Time, delay: Duration) -> bool {
        self.deadline == FOREVER || nanos(delay) < self.left(Some(session), now)
    }
}

impl<S: Sleeper> Cut<S> for Limits {
    type Running<F: Future> = Timed<F, S::Sleep>;
    fn run<F: Future>(&self, future: F, time: &S, session: Option<&Session>) -> Timed<F, S::Sleep> {
        let left = self.timeout.min(self.left(session, || time.now()));
        within(left, future, time)
    }
    fn run_to_deadline<F: Future>(&self, future: F, time: &S, session: Option<&Session>) -> Timed<F, S::Sleep> {
        within(self.left(session, || time.now()), future, time)
    }
}

fn within<F: Future, S: Sleeper>(left: u64, future: F, time: &S) -> Timed<F, S::Sleep> {
    // For ever needs no timer.
    Timed::new(future, (left != FOREVER).then(|| time.sleep(duration(left))))
}

impl Sealed for Limits {}
