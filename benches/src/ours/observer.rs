//! The observer of the rows with one: what anybody would want counted.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use retry_core::{Failed, ObserveError, Observer, Started, Succeeded};

#[derive(Debug, Default)]
pub(super) struct Counts {
    started: AtomicU64,
    failed: AtomicU64,
    succeeded: AtomicU64,
}

impl Observer for Counts {
    #[inline]
    fn started(&self, _: Started) {
        self.started.fetch_add(1, Relaxed);
    }

    #[inline]
    fn succeeded(&self, _: Succeeded) {
        self.succeeded.fetch_add(1, Relaxed);
    }
}

impl<E: ?Sized> ObserveError<E> for Counts {
    #[inline]
    fn failed(&self, _: Failed<'_, E>) {
        self.failed.fetch_add(1, Relaxed);
    }
}
