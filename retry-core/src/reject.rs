//! Ok-values that are failures.

use std::convert::Infallible;
use std::fmt;

use crate::Verdict;
use crate::sealed::Sealed;

/// Looks at an Ok-value, as a part of a retrier. `()` accepts every one and takes no space.
///
/// Sealed: it is set by [`Retry::reject`](crate::Retry::reject).
///
/// ```
/// use retry_core::Reject;
///
/// fn looks_at<T, R: Reject<T>>() {}
/// looks_at::<u8, ()>();
/// ```
pub trait Reject<T>: Sealed {
    /// What a rejected value is kept as: `T`, or nothing where none can be rejected.
    type Rejected;
    /// A rejected value with its verdict.
    #[doc(hidden)]
    type Found: Into<(Self::Rejected, Verdict)>;
    /// The value back, or what was found.
    #[doc(hidden)]
    fn check(&self, value: T) -> Result<T, Self::Found>;
}

impl<T> Reject<T> for () {
    type Rejected = Infallible;
    type Found = Nothing;

    #[inline]
    fn check(&self, value: T) -> Result<T, Nothing> {
        Ok(value)
    }
}

/// What `()` finds: cannot exist.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[expect(unnameable_types, reason = "sealed")]
pub enum Nothing {}

impl From<Nothing> for (Infallible, Verdict) {
    fn from(nothing: Nothing) -> Self {
        match nothing {}
    }
}

/// Rejects the values for which a function has a verdict. See [`Retry::reject`](crate::Retry::reject).
///
/// ```
/// use retry_core::{Last, Policy, Retry, ThreadSleeper, Verdict};
/// use std::time::Duration;
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(2), ThreadSleeper)
///     .reject(|status: &u16| (*status == 503).then_some(Verdict::TRANSIENT));
/// let end = retry.call_blocking(|| Ok::<_, ()>(503)).unwrap_err();
/// assert_eq!(end.last, Last::Rejected(503));
/// ```
#[derive(Clone, Copy)]
pub struct RejectFn<F>(F);

impl<F> RejectFn<F> {
    pub(crate) const fn new(f: F) -> Self {
        Self(f)
    }
}

impl<T, F: Fn(&T) -> Option<Verdict>> Reject<T> for RejectFn<F> {
    type Rejected = T;
    type Found = (T, Verdict);

    #[inline]
    fn check(&self, value: T) -> Result<T, (T, Verdict)> {
        match (self.0)(&value) {
            None => Ok(value),
            Some(verdict) => Err((value, verdict)),
        }
    }
}

impl<F> fmt::Debug for RejectFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RejectFn").finish_non_exhaustive()
    }
}

impl<F> Sealed for RejectFn<F> {}
