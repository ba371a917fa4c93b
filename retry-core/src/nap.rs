//! The wait between two attempts, cut short by a stop.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project::pin_project;

/// Waits for a sleep or a stop, whichever comes first. Where there is no stop signal it is the sleep, bit for bit.
#[pin_project]
#[derive(Debug)]
pub(crate) struct Nap<Z, G> {
    #[pin]
    sleep: Z,
    #[pin]
    stopped: G,
}

/// How a [`Nap`] ended.
pub(crate) enum Woken {
    Due,
    Stopped,
}

impl<Z, G> Nap<Z, G> {
    #[inline]
    pub(crate) const fn new(sleep: Z, stopped: G) -> Self {
        Self { sleep, stopped }
    }
}

impl<Z: Future<Output = ()>, G: Future<Output = ()>> Future for Nap<Z, G> {
    type Output = Woken;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Woken> {
        let this = self.project();
        if this.stopped.poll(cx).is_ready() {
            return Poll::Ready(Woken::Stopped);
        }
        this.sleep.poll(cx).map(|()| Woken::Due)
    }
}
