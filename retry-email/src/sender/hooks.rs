use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Waker};

use futures::future::{Either, select};
use retry_core::ObserveError;

use super::Tried;

/// Who hears of a sender's work, and who stops it.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    observer: Option<Arc<dyn ObserveError<Tried> + Send + Sync>>,
    alert: Option<Arc<dyn Fn(&Tried) + Send + Sync>>,
    stop: Option<Arc<dyn Fn() -> Stopped + Send + Sync>>,
}

type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Hooks {
    pub(super) fn observe(&mut self, observer: impl ObserveError<Tried> + Send + Sync + 'static) {
        self.observer = Some(Arc::new(observer));
    }

    pub(super) fn alert(&mut self, alert: impl Fn(&Tried) + Send + Sync + 'static) {
        self.alert = Some(Arc::new(alert));
    }

    pub(super) fn stop<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        stop: impl Fn() -> F + Send + Sync + 'static,
    ) {
        self.stop = Some(Arc::new(move || Box::pin(stop())));
    }

    /// The observer; one that observes nothing if there is none.
    pub(super) fn observer(&self) -> &(dyn ObserveError<Tried> + Send + Sync) {
        self.observer.as_deref().unwrap_or(&())
    }

    pub(super) fn alerted(&self, tried: &Tried) {
        if let Some(alert) = &self.alert {
            alert(tried);
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        self.stop.as_ref().is_some_and(|stop| stop().as_mut().poll(&mut cx).is_ready())
    }

    /// `future`, unless a stop comes first.
    pub(super) async fn unless_stopped<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let Some(stop) = &self.stop else { return Some(future.await) };
        match select(stop(), pin!(future)).await {
            Either::Left(_) => None,
            Either::Right((output, _)) => Some(output),
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("observer", &self.observer.is_some())
            .field("alert", &self.alert.is_some())
            .field("stop", &self.stop.is_some())
            .finish()
    }
}
