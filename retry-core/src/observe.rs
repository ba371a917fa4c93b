//! Hearing about every step.

use std::rc::Rc;
use std::sync::Arc;

mod event;
#[cfg(feature = "metrics")]
mod metrics;
#[cfg(feature = "tracing")]
mod tracing;

#[cfg(feature = "metrics")]
pub use self::metrics::MetricsObserver;
#[cfg(feature = "tracing")]
pub use self::tracing::TracingObserver;
pub use event::{Failed, Scheduled, Started, Stopped, Succeeded, What};

/// Hears about every step of a run. All methods have empty defaults; `()` observes nothing and costs nothing.
///
/// The order is: started, failed, scheduled, started, ..., and in the end succeeded or gave up. Methods are called in
/// line, between attempts: they should be quick and must not panic.
///
/// Failures come with the error, whose type this trait does not know: they go to [`ObserveError`]. A pair of observers is
/// an observer.
///
/// # Examples
/// ```
/// use retry_core::{ObserveError, Observer, Policy, Retry, Scheduled, ThreadSleeper};
/// use std::cell::Cell;
/// use std::time::Duration;
///
/// #[derive(Default)]
/// struct Retries(Cell<u32>);
///
/// impl Observer for Retries {
///     fn scheduled(&self, _: Scheduled) {
///         self.0.set(self.0.get() + 1);
///     }
/// }
/// impl<E: ?Sized> ObserveError<E> for Retries {}
///
/// let retries = Retries::default();
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(5), ThreadSleeper).observe(&retries);
/// retry.call_blocking(|| Err::<(), _>("no")).unwrap_err();
/// assert_eq!(retries.0.get(), 4);
/// ```
pub trait Observer {
    /// An attempt begins.
    #[inline]
    fn started(&self, event: Started) {
        let _ = event;
    }
    /// A wait begins, after which there will be another attempt.
    #[inline]
    fn scheduled(&self, event: Scheduled) {
        let _ = event;
    }
    /// The run ended without success.
    #[inline]
    fn gave_up(&self, event: Stopped) {
        let _ = event;
    }
    /// The run ended with success.
    #[inline]
    fn succeeded(&self, event: Succeeded) {
        let _ = event;
    }
}

/// An [`Observer`] that can be shown errors of type `E`. `impl<E: ?Sized> ObserveError<E> for X {}` suits any.
///
/// ```
/// use retry_core::{Failed, ObserveError, Observer, Policy, Retry, ThreadSleeper, What};
/// use std::cell::RefCell;
/// use std::time::Duration;
///
/// #[derive(Default)]
/// struct Log(RefCell<Vec<String>>);
///
/// impl Observer for Log {}
/// impl<E: std::fmt::Display> ObserveError<E> for Log {
///     fn failed(&self, event: Failed<'_, E>) {
///         if let What::Error(error) = event.what {
///             self.0.borrow_mut().push(format!("attempt {}: {error}, {}", event.attempt, event.verdict.class));
///         }
///     }
/// }
///
/// let log = Log::default();
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(1), ThreadSleeper).observe(&log);
/// retry.call_blocking(|| Err::<(), _>("busy")).unwrap_err();
/// assert_eq!(log.0.into_inner(), ["attempt 1: busy, transient"]);
/// ```
pub trait ObserveError<E: ?Sized>: Observer {
    /// An attempt failed.
    #[inline]
    fn failed(&self, event: Failed<'_, E>) {
        let _ = event;
    }
}

impl Observer for () {}
impl<E: ?Sized> ObserveError<E> for () {}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<O: Observer + ?Sized> Observer for $pointer {
            #[inline]
            fn started(&self, event: Started) {
                (**self).started(event);
            }
            #[inline]
            fn scheduled(&self, event: Scheduled) {
                (**self).scheduled(event);
            }
            #[inline]
            fn gave_up(&self, event: Stopped) {
                (**self).gave_up(event);
            }
            #[inline]
            fn succeeded(&self, event: Succeeded) {
                (**self).succeeded(event);
            }
        }

        impl<E: ?Sized, O: ObserveError<E> + ?Sized> ObserveError<E> for $pointer {
            #[inline]
            fn failed(&self, event: Failed<'_, E>) {
                (**self).failed(event);
            }
        }
    )*};
}
forward!(&O, Box<O>, Arc<O>, Rc<O>);

/// An observer that can be switched off at run time.
impl<O: Observer> Observer for Option<O> {
    fn started(&self, event: Started) {
        if let Some(observer) = self {
            observer.started(event);
        }
    }
    fn scheduled(&self, event: Scheduled) {
        if let Some(observer) = self {
            observer.scheduled(event);
        }
    }
    fn gave_up(&self, event: Stopped) {
        if let Some(observer) = self {
            observer.gave_up(event);
        }
    }
    fn succeeded(&self, event: Succeeded) {
        if let Some(observer) = self {
            observer.succeeded(event);
        }
    }
}

impl<E: ?Sized, O: ObserveError<E>> ObserveError<E> for Option<O> {
    fn failed(&self, event: Failed<'_, E>) {
        if let Some(observer) = self {
            observer.failed(event);
        }
    }
}

impl<A: Observer, B: Observer> Observer for (A, B) {
    #[inline]
    fn started(&self, event: Started) {
        self.0.started(event);
        self.1.started(event);
    }
    #[inline]
    fn scheduled(&self, event: Scheduled) {
        self.0.scheduled(event);
        self.1.scheduled(event);
    }
    #[inline]
    fn gave_up(&self, event: Stopped) {
        self.0.gave_up(event);
        self.1.gave_up(event);
    }
    #[inline]
    fn succeeded(&self, event: Succeeded) {
        self.0.succeeded(event);
        self.1.succeeded(event);
    }
}

impl<E: ?Sized, A: ObserveError<E>, B: ObserveError<E>> ObserveError<E> for (A, B) {
    #[inline]
    fn failed(&self, event: Failed<'_, E>) {
        self.0.failed(event);
        self.1.failed(event);
    }
}
