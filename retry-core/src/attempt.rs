//! The attempt an operation is making.

use std::time::Duration;

/// What an operation may want to know about the attempt it is making.
///
/// ```
/// # use retry_core::{Policy, Retry, ThreadSleeper};
/// # use std::time::Duration;
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper);
/// let run = retry.begin();
/// assert_eq!((run.attempt().number, run.attempt().remaining()), (1, None));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    pub(crate) remaining: Option<Duration>,
}

impl Attempt {
    /// Time left for it by the retrier's timeout and deadline, at the moment it was asked for; `None`: no limit.
    ///
    /// The `call` doors cut the attempt when it is used up. The loop and blocking doors cannot: hand it to the
    /// operation (a socket's timeout, say) or use [`Run::limit`](crate::Run::limit).
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper).timeout(Duration::from_secs(5));
    /// assert_eq!(retry.begin().attempt().remaining(), Some(Duration::from_secs(5)));
    /// ```
    #[must_use]
    pub const fn remaining(&self) -> Option<Duration> {
        self.remaining
    }
}
