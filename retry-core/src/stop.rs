//! Graceful stop: no further attempt, while the running one may finish.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::sealed::Sealed;

/// Tells when to stop, as a part of a retrier. `()` never does and takes no space.
///
/// Sealed: it is set by [`Retry::stop_on`](crate::Retry::stop_on).
///
/// ```
/// use retry_core::StopSignal;
///
/// fn signals<G: StopSignal>() {}
/// signals::<()>();
/// ```
pub trait StopSignal: Sealed {
    /// Whether it ever does.
    #[doc(hidden)]
    const STOPS: bool;
    /// Completes when to stop.
    #[doc(hidden)]
    type Stopped: Future<Output = ()>;
    #[doc(hidden)]
    fn stopped(&self) -> Self::Stopped;
    /// Whether to stop now.
    #[doc(hidden)]
    fn is_stopped(&self) -> bool;
}

impl StopSignal for () {
    const STOPS: bool = false;
    type Stopped = Never;

    #[inline]
    fn stopped(&self) -> Never {
        Never
    }
    #[inline]
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Never completes.
#[doc(hidden)]
#[derive(Debug)]
#[expect(unnameable_types, reason = "sealed")]
pub struct Never;

impl Future for Never {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

/// Stops when the futures of a function complete. See [`Retry::stop_on`](crate::Retry::stop_on).
///
/// ```
/// use retry_core::{Policy, Retry, StopReason, ThreadSleeper};
/// use std::{future::ready, time::Duration};
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper).stop_on(|| ready(()));
/// let end = retry.call_blocking(|| Ok::<_, ()>(5)).unwrap_err();
/// assert_eq!((end.reason, end.attempts), (StopReason::Cancelled, 0));
/// ```
#[derive(Clone, Copy)]
pub struct StopFn<F>(F);

impl<F> StopFn<F> {
    pub(crate) const fn new(f: F) -> Self {
        Self(f)
    }
}

impl<F: Fn() -> Fut, Fut: Future<Output = ()>> StopSignal for StopFn<F> {
    const STOPS: bool = true;
    type Stopped = Fut;

    fn stopped(&self) -> Fut {
        (self.0)()
    }
    fn is_stopped(&self) -> bool {
        pin!(self.stopped()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }
}

impl<F> fmt::Debug for StopFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StopFn").finish_non_exhaustive()
    }
}

impl<F> Sealed for StopFn<F> {}
