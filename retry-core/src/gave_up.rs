//! The end without success.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::StopReason;

/// A run ended without success: why, after how many attempts, how long it took, and the last error, whole.
///
/// `R` is the type of a rejected Ok-value, if the retrier rejects any; `H` is the [`History`](crate::History), if one
/// was asked for.
///
/// ```
/// use retry_core::{GaveUp, Last, Policy, Retry, StopReason, ThreadSleeper};
/// use std::time::Duration;
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(3), ThreadSleeper);
/// let end: GaveUp<std::fmt::Error> = retry.call_blocking(|| Err::<(), _>(std::fmt::Error)).unwrap_err();
/// assert_eq!((end.attempts, end.reason), (3, StopReason::Attempts));
/// assert_eq!(end.to_string(), "gave up after 3 attempts: no attempts left");
/// assert!(std::error::Error::source(&end).is_some());
/// assert_eq!(end.into_error(), Some(std::fmt::Error));
/// ```
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct GaveUp<E, R = Infallible, H = ()> {
    /// What the last attempt came to.
    pub last: Last<E, R>,
    /// Why the run ended.
    pub reason: StopReason,
    /// Attempts made.
    pub attempts: u32,
    /// The last few failures, if asked for.
    pub history: H,
    pub(crate) elapsed: Duration,
    pub(crate) slept: Duration,
}

/// What the last attempt came to.
///
/// ```
/// use retry_core::Last;
///
/// let last: Last<&str> = Last::Error("no");
/// assert_ne!(last, Last::TimedOut);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Last<E, R = Infallible> {
    /// The operation's error.
    Error(E),
    /// An Ok-value that was rejected.
    Rejected(R),
    /// It was cut by a timeout or the deadline.
    TimedOut,
    /// It was not started: refused admission, or stopped while waiting. The error before it went to the observer.
    NotStarted,
}

impl<E, R, H> GaveUp<E, R, H> {
    /// How long the run took. Where nothing looks at the time, it counts from the first failure.
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper};
    /// let end = Retry::with_sleeper(Never, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).unwrap_err();
    /// assert!(end.elapsed().as_secs() < 60);
    /// ```
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// How much of it was waited between attempts.
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper};
    /// let end = Retry::with_sleeper(Never, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).unwrap_err();
    /// assert!(end.slept().is_zero());
    /// ```
    #[must_use]
    pub const fn slept(&self) -> Duration {
        self.slept
    }

    /// The operation's last error, where the last attempt ended with one.
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper};
    /// let end = Retry::with_sleeper(Never, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).unwrap_err();
    /// assert_eq!(end.into_error(), Some("no"));
    /// ```
    pub fn into_error(self) -> Option<E> {
        match self.last {
            Last::Error(error) => Some(error),
            _ => None,
        }
    }

    /// The same end with another error, for `?` in a function whose error is not the operation's.
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper};
    /// let end = Retry::with_sleeper(Never, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).unwrap_err();
    /// assert_eq!(end.map_error(str::len).into_error(), Some(2));
    /// ```
    pub fn map_error<F>(self, f: impl FnOnce(E) -> F) -> GaveUp<F, R, H> {
        let Self { last, reason, attempts, history, elapsed, slept } = self;
        let last = match last {
            Last::Error(error) => Last::Error(f(error)),
            Last::Rejected(value) => Last::Rejected(value),
            Last::TimedOut => Last::TimedOut,
            Last::NotStarted => Last::NotStarted,
        };
        GaveUp { last, reason, attempts, history, elapsed, slept }
    }

    /// An error object, also where `E` is one itself (`Box<dyn Error + Send + Sync>`, `anyhow::Error`) and so no `Error`.
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper};
    /// # use std::error::Error;
    /// fn fetch() -> Result<(), Box<dyn Error + Send + Sync>> {
    ///     Err("no".into())
    /// }
    /// fn page() -> Result<(), Box<dyn Error + Send + Sync>> {
    ///     Retry::with_sleeper(Never, ThreadSleeper).call_blocking(fetch).map_err(|end| end.boxed())
    /// }
    /// let end = page().unwrap_err();
    /// assert_eq!(end.to_string(), "gave up after 1 attempt: no attempts left");
    /// assert_eq!(end.source().unwrap().to_string(), "no");
    /// ```
    pub fn boxed(self) -> Box<dyn Error + Send + Sync>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
        R: Send + Sync + 'static,
        H: Send + Sync + 'static,
    {
        Box::new(self.map_error(|error| Object(error.into())))
    }

    /// A reference to the operation's last error, where there is one.
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper};
    /// let end = Retry::with_sleeper(Never, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).unwrap_err();
    /// assert_eq!(end.error(), Some(&"no"));
    /// ```
    pub const fn error(&self) -> Option<&E> {
        match &self.last {
            Last::Error(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(feature = "tower")]
impl<E, R, H: Default> GaveUp<E, R, H> {
    /// Before anything was begun.
    pub(crate) fn closed(error: E) -> Self {
        let (elapsed, slept) = (Duration::ZERO, Duration::ZERO);
        let (last, reason) = (Last::Error(error), StopReason::Closed);
        Self { last, reason, attempts: 0, history: H::default(), elapsed, slept }
    }
}

impl<E: fmt::Debug, R, H> fmt::Debug for GaveUp<E, R, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut s = f.debug_struct("GaveUp");
        match &self.last {
            Last::Error(error) => s.field("last", error),
            Last::Rejected(_) => s.field("last", &format_args!("rejected value")),
            Last::TimedOut => s.field("last", &format_args!("timed out")),
            Last::NotStarted => s.field("last", &format_args!("not started")),
        };
        s.field("reason", &self.reason)
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .field("slept", &self.slept)
            .finish_non_exhaustive()
    }
}

impl<E, R, H> fmt::Display for GaveUp<E, R, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.attempts == 1 { "" } else { "s" };
        write!(f, "gave up after {} attempt{plural}: {}", self.attempts, self.reason)?;
        match self.last {
            Last::Rejected(_) => f.write_str(" (the last value was rejected)"),
            Last::TimedOut => f.write_str(" (the last attempt timed out)"),
            _ => Ok(()),
        }
    }
}

impl<E: Error + 'static, R, H> Error for GaveUp<E, R, H> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.last {
            Last::Error(error) => Some(error),
            _ => None,
        }
    }
}

/// An error object as an error.
struct Object(Box<dyn Error + Send + Sync>);

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Object {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
