use std::fmt;
use std::time::Duration;

use crate::{Because, StopReason, Verdict};

/// An attempt begins. See [`Observer::started`](crate::Observer::started).
///
/// ```
/// # use retry_core::{ObserveError, Observer, Policy, Retry, Started, ThreadSleeper};
/// struct FromOne;
/// impl Observer for FromOne {
///     fn started(&self, event: Started) {
///         assert_eq!(event.attempt, 1);
///     }
/// }
/// impl<E: ?Sized> ObserveError<E> for FromOne {}
/// # let retry = Retry::with_sleeper(retry_core::Never, ThreadSleeper).observe(FromOne);
/// # assert!(retry.call_blocking(|| Ok::<_, ()>(1)).is_ok());
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Started {
    /// From 1.
    pub attempt: u32,
}

impl Started {
    /// The event of attempt `attempt`, for drivers of one's own over a [`Session`](crate::Session).
    ///
    /// ```
    /// assert_eq!(retry_core::Started::new(1).attempt, 1);
    /// ```
    #[must_use]
    #[inline]
    pub const fn new(attempt: u32) -> Self {
        Self { attempt }
    }
}

/// An attempt failed. See [`ObserveError::failed`](crate::ObserveError::failed).
///
/// ```
/// # use retry_core::{Failed, ObserveError, Observer, Policy, Retry, ThreadSleeper, Verdict};
/// struct AllTransient;
/// impl Observer for AllTransient {}
/// impl<E: ?Sized> ObserveError<E> for AllTransient {
///     fn failed(&self, event: Failed<'_, E>) {
///         assert_eq!(event.verdict, Verdict::TRANSIENT);
///     }
/// }
/// # let retry = Retry::with_sleeper(retry_core::Never, ThreadSleeper).observe(AllTransient);
/// # assert!(retry.call_blocking(|| Err::<(), _>("no")).is_err());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Failed<'a, E: ?Sized> {
    /// The attempt that failed, from 1.
    pub attempt: u32,
    /// What failed.
    pub what: What<'a, E>,
    /// How it was classified.
    pub verdict: Verdict,
}

impl<E: ?Sized> Clone for Failed<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: ?Sized> Copy for Failed<'_, E> {}

impl<'a, E: ?Sized> Failed<'a, E> {
    /// The failure of attempt `attempt`, for drivers of one's own.
    ///
    /// ```
    /// # use retry_core::{Failed, Verdict, What};
    /// assert_eq!(Failed::new(2, What::Error("busy"), Verdict::TRANSIENT).attempt, 2);
    /// ```
    #[must_use]
    #[inline]
    pub const fn new(attempt: u32, what: What<'a, E>, verdict: Verdict) -> Self {
        Self { attempt, what, verdict }
    }
}

/// What failed.
///
/// ```
/// use retry_core::What;
///
/// assert_eq!(What::Error(&"busy").to_string(), "busy");
/// assert_eq!(What::<str>::TimedOut.to_string(), "timed out");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum What<'a, E: ?Sized> {
    /// The operation, with this error.
    Error(&'a E),
    /// Its Ok-value was rejected.
    Rejected,
    /// It was cut by a timeout or the deadline.
    TimedOut,
}

impl<E: ?Sized> Clone for What<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: ?Sized> Copy for What<'_, E> {}

impl<E: fmt::Display + ?Sized> fmt::Display for What<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Rejected => f.pad("the value was rejected"),
            Self::TimedOut => f.pad("timed out"),
        }
    }
}

/// A wait begins. See [`Observer::scheduled`](crate::Observer::scheduled).
///
/// ```
/// # use retry_core::{Because, ObserveError, Observer, Policy, Retry, Scheduled, ThreadSleeper};
/// # use std::time::Duration;
/// struct BySchedule;
/// impl Observer for BySchedule {
///     fn scheduled(&self, event: Scheduled) {
///         assert_eq!((event.delay, event.because), (Duration::from_nanos(1), Because::Schedule));
///     }
/// }
/// impl<E: ?Sized> ObserveError<E> for BySchedule {}
/// # let policy = Policy::constant(Duration::from_nanos(1)).attempts(2);
/// # let retry = Retry::with_sleeper(policy, ThreadSleeper).observe(BySchedule);
/// # assert!(retry.call_blocking(|| Err::<(), _>("no")).is_err());
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Scheduled {
    /// Attempts made so far; the next is this plus one.
    pub attempt: u32,
    /// How long the wait is.
    pub delay: Duration,
    /// What set this very delay.
    pub because: Because,
}

impl Scheduled {
    /// The wait after attempt `attempt`, for drivers of one's own.
    ///
    /// ```
    /// # use retry_core::{Because, Scheduled};
    /// # use std::time::Duration;
    /// assert!(Scheduled::new(1, Duration::ZERO, Because::Cap).delay.is_zero());
    /// ```
    #[must_use]
    #[inline]
    pub const fn new(attempt: u32, delay: Duration, because: Because) -> Self {
        Self { attempt, delay, because }
    }
}

/// The run ended without success. See [`Observer::gave_up`](crate::Observer::gave_up).
///
/// ```
/// # use retry_core::{ObserveError, Observer, Retry, StopReason, Stopped, ThreadSleeper};
/// struct ByAttempts;
/// impl Observer for ByAttempts {
///     fn gave_up(&self, event: Stopped) {
///         assert_eq!((event.attempts, event.reason), (1, StopReason::Attempts));
///     }
/// }
/// impl<E: ?Sized> ObserveError<E> for ByAttempts {}
/// # let retry = Retry::with_sleeper(retry_core::Never, ThreadSleeper).observe(ByAttempts);
/// # assert!(retry.call_blocking(|| Err::<(), _>("no")).is_err());
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stopped {
    /// Attempts made.
    pub attempts: u32,
    /// Why it ended.
    pub reason: StopReason,
}

impl Stopped {
    /// The end after `attempts`, for drivers of one's own.
    ///
    /// ```
    /// # use retry_core::{StopReason, Stopped};
    /// assert_eq!(Stopped::new(3, StopReason::Attempts).attempts, 3);
    /// ```
    #[must_use]
    pub const fn new(attempts: u32, reason: StopReason) -> Self {
        Self { attempts, reason }
    }
}

/// The run ended with success. See [`Observer::succeeded`](crate::Observer::succeeded).
///
/// ```
/// # use retry_core::{ObserveError, Observer, Retry, Succeeded, ThreadSleeper};
/// struct AtOnce;
/// impl Observer for AtOnce {
///     fn succeeded(&self, event: Succeeded) {
///         assert_eq!(event.attempts, 1);
///     }
/// }
/// impl<E: ?Sized> ObserveError<E> for AtOnce {}
/// # let retry = Retry::with_sleeper(retry_core::Never, ThreadSleeper).observe(AtOnce);
/// # assert!(retry.call_blocking(|| Ok::<_, ()>(1)).is_ok());
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Succeeded {
    /// Attempts made.
    pub attempts: u32,
}

impl Succeeded {
    /// Success in attempt `attempts`, for drivers of one's own.
    ///
    /// ```
    /// assert_eq!(retry_core::Succeeded::new(2).attempts, 2);
    /// ```
    #[must_use]
    #[inline]
    pub const fn new(attempts: u32) -> Self {
        Self { attempts }
    }
}
