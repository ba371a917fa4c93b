use std::fmt;
use std::future::Future;

use crate::Attempt;
use crate::sealed::Sealed;

/// What can be called again: a function, with or without an [`Attempt`]. Sealed.
///
/// ```
/// use retry_core::{NoArg, Operation};
/// use std::future::Ready;
///
/// fn is_operation<Op: Operation>() {}
/// is_operation::<NoArg<fn() -> Ready<u8>>>();
/// ```
pub trait Operation: Sealed {
    /// One attempt.
    type Fut: Future;
    #[doc(hidden)]
    fn start(&mut self, attempt: Attempt) -> Self::Fut;
}

/// An operation that ignores the attempt. See [`Retry::call`](crate::Retry::call).
///
/// ```
/// # use retry_core::NoArg;
/// fn takes<F>(_: Option<NoArg<F>>) {}
/// takes::<fn()>(None);
/// ```
#[derive(Clone, Copy)]
pub struct NoArg<F>(F);

/// An operation that takes the attempt. See [`Retry::call_with`](crate::Retry::call_with).
///
/// ```
/// # use retry_core::{Attempt, WithAttempt};
/// fn takes<F>(_: Option<WithAttempt<F>>) {}
/// takes::<fn(Attempt)>(None);
/// ```
#[derive(Clone, Copy)]
pub struct WithAttempt<F>(F);

impl<F> NoArg<F> {
    #[inline]
    pub(crate) const fn new(f: F) -> Self {
        Self(f)
    }
}

impl<F> WithAttempt<F> {
    #[inline]
    pub(crate) const fn new(f: F) -> Self {
        Self(f)
    }
}

impl<F: FnMut() -> Fut, Fut: Future> Operation for NoArg<F> {
    type Fut = Fut;
    #[inline]
    fn start(&mut self, _: Attempt) -> Fut {
        (self.0)()
    }
}

impl<F: FnMut(Attempt) -> Fut, Fut: Future> Operation for WithAttempt<F> {
    type Fut = Fut;
    #[inline]
    fn start(&mut self, attempt: Attempt) -> Fut {
        (self.0)(attempt)
    }
}

impl<F> fmt::Debug for NoArg<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NoArg").finish_non_exhaustive()
    }
}

impl<F> fmt::Debug for WithAttempt<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WithAttempt").finish_non_exhaustive()
    }
}

impl<F> Sealed for NoArg<F> {}
impl<F> Sealed for WithAttempt<F> {}
