//! A retrier from a limited policy.

use super::Retry;
use crate::extra::{Plain, With};
use crate::limit::Limits;
use crate::{AnyError, BudgetShare, LimitedPolicy, Policy};

/// The retrier that a [`LimitedPolicy`] makes: with limits, whether it names a timeout or not.
///
/// ```
/// use retry_core::{LimitedRetry, Retry, ThreadSleeper};
///
/// struct Client {
///     retry: LimitedRetry<ThreadSleeper>,
/// }
/// let retry = Retry::limited_with_sleeper("const 0s, 2 attempts".parse().unwrap(), ThreadSleeper)?;
/// assert!(Client { retry }.retry.call_blocking(|| Err::<(), _>("no")).is_err());
/// # Ok::<(), retry_core::NotHonoured>(())
/// ```
pub type LimitedRetry<S> = Retry<Policy, S, AnyError, (), With<Limits, (), (), ()>>;

/// What a [`LimitedPolicy`] names and a retrier cannot do.
///
/// ```
/// use retry_core::{NotHonoured, Retry, ThreadSleeper};
///
/// let limited = "const 1s, budget 50%".parse().unwrap();
/// assert_eq!(Retry::limited_with_sleeper(limited, ThreadSleeper).unwrap_err(), NotHonoured::Budget);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotHonoured {
    /// A share of a retry budget. A budget is shared by many calls, so a text cannot make one by itself.
    #[error(
        "the policy names a retry budget, which a plain retrier does not have; leave the clause out or say `budget none`"
    )]
    Budget,
}

#[cfg(feature = "tokio")]
impl LimitedRetry<crate::TokioSleeper> {
    /// Runs by a limited policy and tokio's time, and cuts each attempt after its timeout as
    /// [`timeout`](Self::timeout) does.
    ///
    /// # Errors
    /// [`NotHonoured::Budget`] where it names a budget other than none.
    ///
    /// ```
    /// # use retry_core::{Last, Retry};
    /// # use std::future::pending;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::limited("const 1s, 2 attempts, timeout 5s".parse().unwrap()).unwrap();
    /// let end = retry.call(|| pending::<Result<(), ()>>()).await.unwrap_err();
    /// assert_eq!((end.last, end.attempts), (Last::TimedOut, 2));
    /// # }
    /// ```
    pub fn limited(limited: LimitedPolicy) -> Result<Self, NotHonoured> {
        Self::limited_with_sleeper(limited, crate::TokioSleeper)
    }
}

impl<S> LimitedRetry<S> {
    /// Runs by a limited policy and any time source. See [`limited`](Self::limited).
    ///
    /// # Errors
    /// [`NotHonoured::Budget`] where it names a budget other than none.
    ///
    /// ```
    /// # use retry_core::{Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let limited = "const 0s, 2 attempts, timeout 5s, budget none".parse().unwrap();
    /// let retry = Retry::limited_with_sleeper(limited, ThreadSleeper).unwrap();
    /// assert_eq!(retry.begin().attempt().remaining(), Some(Duration::from_secs(5)));
    /// ```
    pub fn limited_with_sleeper(limited: LimitedPolicy, time: S) -> Result<Self, NotHonoured> {
        if limited.budget_share().and_then(BudgetShare::ratio).is_some() {
            return Err(NotHonoured::Budget);
        }
        let timeout = limited.timeout_limit();
        let policy = limited.into_policy();
        let retry = Retry { policy, time, classifier: AnyError, observer: (), extra: Plain::NONE };
        Ok(retry.limited_by(|limits| timeout.map_or(limits, |timeout| limits.timeout(timeout))))
    }
}
