//! A retrier from a limited policy.

use std::sync::Arc;

use super::Retry;
use crate::extra::{Plain, With};
use crate::limit::Limits;
use crate::{AnyError, Budgeted, LimitedPolicy, Policy, RetryPolicy, SuccessBudget};

/// The retrier that a [`LimitedPolicy`] makes: with limits, whether it names a timeout or not, and behind a budget if it
/// names one.
///
/// ```
/// use retry_core::{LimitedRetry, Retry, ThreadSleeper};
///
/// struct Client {
///     retry: LimitedRetry<ThreadSleeper>,
/// }
/// let retry = Retry::limited_with_sleeper("const 0s, 2 attempts".parse()?, ThreadSleeper);
/// assert!(Client { retry }.retry.call_blocking(|| Err::<(), _>("no")).is_err());
/// # Ok::<(), retry_core::ParseError>(())
/// ```
pub type LimitedRetry<S> =
    Retry<Budgeted<Policy, Option<Arc<SuccessBudget>>>, S, AnyError, (), With<Limits, (), (), ()>>;

#[cfg(feature = "tokio")]
impl LimitedRetry<crate::TokioSleeper> {
    /// Runs by a limited policy and tokio's time: cuts each attempt after its timeout as [`timeout`](Self::timeout)
    /// does, and makes retries while its budget grants them.
    ///
    /// # The budget
    /// It is a new one by [`LimitedPolicy::budget_rule`], and belongs to one destination. Clones of the retrier share
    /// it, so clone one retrier for all that call the same host, and make another for the next. For retriers of
    /// several policies see [`with_budget`](Self::with_budget). Without the clause, or with `budget none`, there is none,
    /// and nothing is paid for it.
    ///
    /// ```
    /// # use retry_core::{Last, Retry, StopReason};
    /// # use std::future::pending;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::limited("const 1s, 2 attempts, timeout 5s".parse().unwrap());
    /// let end = retry.call(|| pending::<Result<(), ()>>()).await.unwrap_err();
    /// assert_eq!((end.last, end.attempts), (Last::TimedOut, 2));
    ///
    /// let retry = Retry::limited("exp 50ms..20s x2 full, budget 50%".parse().unwrap());
    /// let end = retry.clone().call(async || Err::<(), _>("down")).await.unwrap_err();
    /// // the three retries there are to start with
    /// assert_eq!((end.reason, end.attempts), (StopReason::Budget, 4));
    /// let end = retry.call(async || Err::<(), _>("down")).await.unwrap_err();
    /// assert_eq!(end.attempts, 1);
    /// # }
    /// ```
    #[must_use]
    pub fn limited(limited: LimitedPolicy) -> Self {
        Self::limited_with_sleeper(limited, crate::TokioSleeper)
    }
}

impl<S> LimitedRetry<S> {
    /// Runs by a limited policy and any time source. See [`limited`](Self::limited).
    ///
    /// ```
    /// # use retry_core::{Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let limited = "const 0s, 2 attempts, timeout 5s, budget none".parse().unwrap();
    /// let retry = Retry::limited_with_sleeper(limited, ThreadSleeper);
    /// assert_eq!(retry.begin().attempt().remaining(), Some(Duration::from_secs(5)));
    /// assert!(retry.policy().budget().is_none());
    /// ```
    pub fn limited_with_sleeper(limited: LimitedPolicy, time: S) -> Self {
        let timeout = limited.timeout_limit();
        let budget = limited.budget_rule().map(|rule| Arc::new(SuccessBudget::new(rule)));
        let policy = limited.into_policy().budgeted(budget);
        let retry = Retry { policy, time, classifier: AnyError, observer: (), extra: Plain::NONE };
        retry.limited_by(|limits| timeout.map_or(limits, |timeout| limits.timeout(timeout)))
    }

    /// Draws from `budget`, whatever the text says of one: for several retriers that call one destination. Replaces the
    /// budget.
    ///
    /// ```
    /// # use retry_core::{LimitedPolicy, Retry, SuccessBudget, ThreadSleeper};
    /// # use std::sync::Arc;
    /// let limited = |text: &str| text.parse::<LimitedPolicy>().unwrap();
    /// let reads = Retry::limited_with_sleeper(limited("const 0s, 5 attempts, budget 50%"), ThreadSleeper);
    /// let shared = reads.policy().budget().clone().unwrap();
    /// let writes = Retry::limited_with_sleeper(limited("const 0s, 9 attempts"), ThreadSleeper).with_budget(shared);
    ///
    /// reads.call_blocking(|| Err::<(), _>("down")).unwrap_err();
    /// // 5 to start with, for the 5 attempts that were asked for, and 4 of them used
    /// assert_eq!(writes.call_blocking(|| Err::<(), _>("down")).unwrap_err().attempts, 2);
    /// ```
    #[must_use]
    pub fn with_budget(self, budget: Arc<SuccessBudget>) -> Self {
        self.map_policy(|policy| policy.with_budget(Some(budget)))
    }
}
