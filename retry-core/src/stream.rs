//! A stream that opens again after a failure.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;
use pin_project::{pin_project, pinned_drop};

use crate::extra::{Extra, With};
use crate::gave_up::GaveUp;
use crate::history::Keep;
use crate::nap::{Nap, Woken};
use crate::reject::Nothing;
use crate::retry::{Gate, Miss, Retry};
use crate::stop::StopSignal;
use crate::{ErrorClassifier, ObserveError, RetryPolicy, Session, Sleeper, Started, StopReason};

impl<P: RetryPolicy, S: Sleeper, C, O, H: Keep, G: StopSignal> Retry<P, S, C, O, With<(), (), H, G>> {
    /// Passes on the items of the stream that `open` returns, and opens it again by policy when it breaks.
    ///
    /// An item that is an error breaks it: the stream is dropped, and what the policy decides happens. An item that is
    /// none is progress: the run has succeeded, and with a failure after it a new one begins whose first attempt was
    /// the stream that broke. The end of the stream is the end. When the policy gives up, that is the last item. To
    /// resume where it broke, let `open` look at what has come so far; to connect first, open by `async { ..
    /// }.try_flatten_stream()` of the `futures` crate.
    ///
    /// Timeout, deadline and rejected values are no matter of a stream: this does not exist on a retrier that has them.
    ///
    /// # Cancel safety
    /// Dropping the stream drops the stream in it; if it waits to be opened again, the policy gets back what it
    /// granted or reserved. Dropping a future of `next()` loses no item.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry};
    /// # use futures::{StreamExt, TryStreamExt, stream};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::new(Policy::constant(Duration::from_secs(1)).attempts(2));
    /// let mut next = 0;
    /// let numbers = retry.stream(|| {
    ///     // Breaks after every second number.
    ///     next += 2;
    ///     stream::iter([Ok(next - 2), Ok(next - 1), Err("broken")])
    /// });
    /// let first: Vec<i32> = numbers.take(5).try_collect().await.unwrap();
    /// assert_eq!(first, [0, 1, 2, 3, 4]);
    /// # }
    /// ```
    pub fn stream<F, St, T, E>(&self, open: F) -> Reopening<'_, P, S, C, O, With<(), (), H, G>, F, St>
    where
        F: FnMut() -> St,
        St: Stream<Item = Result<T, E>>,
    {
        Reopening { retry: self, open, session: None, history: H::default(), progress: false, state: State::Due }
    }
}

/// The stream returned by [`Retry::stream`].
///
/// ```
/// use futures::{StreamExt, stream};
/// use retry_core::{Never, Reopening, Retry, StopReason};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let retry = Retry::new(Never);
/// let items: Reopening<'_, _, _, _, _, _, _, _> = retry.stream(|| stream::iter([Ok(1), Err("broken")]));
/// let mut items = std::pin::pin!(items);
/// assert_eq!(items.next().await.unwrap().unwrap(), 1);
/// assert_eq!(items.next().await.unwrap().unwrap_err().reason, StopReason::Attempts);
/// assert!(items.next().await.is_none());
/// # }
/// ```
#[pin_project(PinnedDrop)]
#[must_use = "streams do nothing unless polled"]
pub struct Reopening<'a, P: RetryPolicy, S: Sleeper, C, O, X: Extra, F, St> {
    retry: &'a Retry<P, S, C, O, X>,
    open: F,
    session: Option<Session>,
    history: X::History,
    /// The open stream has brought an item.
    progress: bool,
    #[pin]
    state: State<St, Nap<S::Sleep, <X::Stop as StopSignal>::Stopped>>,
}

#[pin_project(project = StateProj)]
enum State<St, Nap> {
    Due,
    Open(#[pin] St),
    Waiting(#[pin] Nap),
    Ended,
}

impl<P, S, C, O, H, G, F, St, T, E> Stream for Reopening<'_, P, S, C, O, With<(), (), H, G>, F, St>
where
    P: RetryPolicy,
    S: Sleeper,
    C: ErrorClassifier<E>,
    O: ObserveError<E>,
    H: Keep,
    G: StopSignal,
    F: FnMut() -> St,
    St: Stream<Item = Result<T, E>>,
{
    type Item = Result<T, GaveUp<E, std::convert::Infallible, H>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        let retry = *this.retry;
        let nap = |delay| State::Waiting(Nap::new(retry.time.sleep(delay), retry.extra.stop().stopped()));
        loop {
            match this.state.as_mut().project() {
                StateProj::Due => {
                    if this.session.is_none() {
                        retry.start(retry.policy.needs(), this.session);
                    }
                    match retry.gate(this.session) {
                        Gate::Open => {
                            let stream = (this.open)();
                            this.state.set(State::Open(stream));
                        }
                        Gate::After(delay) => this.state.set(nap(delay)),
                        Gate::Shut(reason) => {
                            this.state.set(State::Ended);
                            return Poll::Ready(Some(Err(retry.shut(this.session, this.history, reason))));
                        }
                    }
                }
                StateProj::Waiting(wait) => match ready!(wait.poll(cx)) {
                    Woken::Due => this.state.set(State::Due),
                    Woken::Stopped => {
                        this.state.set(State::Ended);
                        let end = retry.shut(this.session, this.history, StopReason::Cancelled);
                        return Poll::Ready(Some(Err(end)));
                    }
                },
                StateProj::Open(stream) => match ready!(stream.poll_next(cx)) {
                    Some(Ok(item)) => {
                        if !*this.progress {
                            retry.succeeded(retry.policy.needs(), this.session.as_ref());
                            (*this.session, *this.history, *this.progress) = (None, H::default(), true);
                        }
                        return Poll::Ready(Some(Ok(item)));
                    }
                    Some(Err(error)) => {
                        if std::mem::take(this.progress) {
                            // The stream in progress is the first attempt of a new run.
                            retry.start(retry.policy.needs(), this.session);
                            retry.observer.started(Started::new(1));
                        }
                        match retry.failed(this.session, this.history, Miss::<E, Nothing>::Error(error)) {
                            Ok(delay) => this.state.set(nap(delay)),
                            Err(end) => {
                                this.state.set(State::Ended);
                                return Poll::Ready(Some(Err(end)));
                            }
                        }
                    }
                    None => {
                        if !*this.progress {
                            retry.succeeded(retry.policy.needs(), this.session.as_ref());
                        }
                        this.state.set(State::Ended);
                        return Poll::Ready(None);
                    }
                },
                StateProj::Ended => return Poll::Ready(None),
            }
        }
    }
}

#[pinned_drop]
impl<P: RetryPolicy, S: Sleeper, C, O, X: Extra, F, St> PinnedDrop for Reopening<'_, P, S, C, O, X, F, St> {
    fn drop(self: Pin<&mut Self>) {
        let this = self.project();
        if let StateProj::Waiting(_) = this.state.project() {
            this.retry.dropped(this.session.as_mut());
        }
    }
}

impl<P: RetryPolicy, S: Sleeper, C, O, X: Extra, F, St> fmt::Debug for Reopening<'_, P, S, C, O, X, F, St> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Due => "due",
            State::Open(_) => "open",
            State::Waiting(_) => "waiting",
            State::Ended => "ended",
        };
        f.debug_struct("Reopening").field("state", &state).field("session", &self.session).finish_non_exhaustive()
    }
}
