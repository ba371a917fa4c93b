//! The observer of a request whose first attempt may have begun before.

use retry_core::{Failed, ObserveError, Observer, Scheduled, Started, Stopped, Succeeded};

/// An observer who has heard of the first attempt already, or has not.
pub(crate) struct Observing<'a, O> {
    pub(super) observer: &'a O,
    pub(super) has_begun: bool,
}

impl<O: Observer> Observer for Observing<'_, O> {
    #[inline]
    fn started(&self, event: Started) {
        if event.attempt > 1 || !self.has_begun {
            self.observer.started(event);
        }
    }

    #[inline]
    fn scheduled(&self, event: Scheduled) {
        self.observer.scheduled(event);
    }

    #[inline]
    fn gave_up(&self, event: Stopped) {
        self.observer.gave_up(event);
    }

    #[inline]
    fn succeeded(&self, event: Succeeded) {
        self.observer.succeeded(event);
    }
}

impl<E: ?Sized, O: ObserveError<E>> ObserveError<E> for Observing<'_, O> {
    #[inline]
    fn failed(&self, event: Failed<'_, E>) {
        self.observer.failed(event);
    }
}
