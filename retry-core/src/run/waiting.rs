use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project::pin_project;

use super::{Ended, Run};
use crate::extra::Extra;
use crate::nap::{Nap, Woken};
use crate::retry::Gate;
use crate::stop::StopSignal;
use crate::{Observer, RetryPolicy, Sleeper, StopReason};

/// The wait for the next attempt. See [`Run::failed`] and [`Run::admitted`].
///
/// # Cancel safety
/// The failure was counted when the future was made; dropping it ends the wait early. The policy is told when the
/// [`Run`] is dropped before its next attempt.
///
/// ```
/// # use retry_core::{Policy, Retry};
/// # use std::time::Duration;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let retry = Retry::new(Policy::constant(Duration::from_secs(60)));
/// let mut run = retry.begin();
/// drop(run.failed("no"));
/// assert_eq!(run.attempt().number, 2);
/// # }
/// ```
#[pin_project]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Waiting<'r, 'a, P: RetryPolicy, S: Sleeper, C, O, X: Extra, E, R> {
    run: &'r mut Run<'a, P, S, C, O, X>,
    #[pin]
    state: State<Nap<S::Sleep, <X::Stop as StopSignal>::Stopped>, Ended<E, R, X>>,
}

#[pin_project(project = StateProj)]
enum State<Nap, End> {
    Due,
    Waiting(#[pin] Nap),
    Ended(Option<End>),
}

impl<'r, 'a, P, S, C, O, X, E, R> Waiting<'r, 'a, P, S, C, O, X, E, R>
where
    P: RetryPolicy,
    S: Sleeper,
    X: Extra,
{
    #[inline]
    pub(super) fn first(run: &'r mut Run<'a, P, S, C, O, X>) -> Self {
        Self { run, state: State::Due }
    }

    #[inline]
    pub(super) fn after(run: &'r mut Run<'a, P, S, C, O, X>, next: Result<Duration, Ended<E, R, X>>) -> Self {
        let state = match next {
            Ok(delay) => State::Waiting(Nap::new(run.retry.time.sleep(delay), run.retry.extra.stop().stopped())),
            Err(end) => State::Ended(Some(end)),
        };
        Self { run, state }
    }
}

impl<P, S, C, O, X, E, R> Future for Waiting<'_, '_, P, S, C, O, X, E, R>
where
    P: RetryPolicy,
    S: Sleeper,
    O: Observer,
    X: Extra,
{
    type Output = Result<(), Ended<E, R, X>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let retry = this.run.retry;
        let output = loop {
            match this.state.as_mut().project() {
                StateProj::Due => {}
                StateProj::Waiting(nap) => {
                    if let Woken::Stopped = ready!(nap.poll(cx)) {
                        break Err(this.run.shut(StopReason::Cancelled));
                    }
                }
                // Polled again after its end, it waits for ever, as a fused future would.
                StateProj::Ended(end) => return end.take().map_or(Poll::Pending, |end| Poll::Ready(Err(end))),
            }
            match this.run.gate() {
                Gate::Open => break Ok(()),
                Gate::After(delay) => {
                    let nap = Nap::new(retry.time.sleep(delay), retry.extra.stop().stopped());
                    this.state.set(State::Waiting(nap));
                }
                Gate::Shut(reason) => break Err(this.run.shut(reason)),
            }
        };
        this.state.set(State::Ended(None));
        Poll::Ready(output)
    }
}

impl<P: RetryPolicy, S: Sleeper, C, O, X: Extra, E, R> fmt::Debug for Waiting<'_, '_, P, S, C, O, X, E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("run", &self.run).finish_non_exhaustive()
    }
}
