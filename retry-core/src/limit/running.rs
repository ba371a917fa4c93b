use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project::pin_project;

/// An attempt without limit. See [`Cut`](crate::Cut).
///
/// # Cancel safety
/// Dropping it drops the attempt.
///
/// ```
/// # use retry_core::{Policy, Retry, TokioSleeper, Uncut};
/// # use std::time::Duration;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let retry = Retry::new(Policy::constant(Duration::ZERO));
/// let attempt: Uncut<_> = retry.begin().limit(std::future::ready(5));
/// assert_eq!(attempt.await, Some(5));
/// # }
/// ```
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Uncut<F>(#[pin] F);

impl<F> Uncut<F> {
    #[inline]
    pub(super) const fn new(future: F) -> Self {
        Self(future)
    }
}

impl<F: Future> Future for Uncut<F> {
    type Output = Option<F::Output>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().0.poll(cx).map(Some)
    }
}

/// An attempt with a timer. See [`Cut`](crate::Cut).
///
/// # Cancel safety
/// Dropping it drops the attempt; so does the timer when it fires first.
///
/// ```
/// # use retry_core::{Policy, Retry, Timed, TokioSleeper};
/// # use std::{future::pending, time::Duration};
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let retry = Retry::new(Policy::constant(Duration::ZERO)).timeout(Duration::from_secs(5));
/// let attempt: Timed<_, _> = retry.begin().limit(pending::<()>());
/// assert_eq!(attempt.await, None);
/// # }
/// ```
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Timed<F, Z> {
    #[pin]
    attempt: F,
    #[pin]
    timer: Option<Z>,
}

impl<F, Z> Timed<F, Z> {
    pub(super) const fn new(attempt: F, timer: Option<Z>) -> Self {
        Self { attempt, timer }
    }
}

impl<F: Future, Z: Future<Output = ()>> Future for Timed<F, Z> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        // The attempt first: one that is done in time counts, even if the timer has fired as well.
        if let Poll::Ready(output) = this.attempt.poll(cx) {
            return Poll::Ready(Some(output));
        }
        match this.timer.as_pin_mut() {
            Some(timer) => timer.poll(cx).map(|()| None),
            None => Poll::Pending,
        }
    }
}
