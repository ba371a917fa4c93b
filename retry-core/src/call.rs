//! The named future behind `call` and `call_with`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::{pin_project, pinned_drop};

use crate::extra::Extra;
use crate::gave_up::GaveUp;
use crate::limit::Cut;
use crate::nap::{Nap, Woken};
use crate::reject::Reject;
use crate::retry::{Gate, Miss, Retry};
use crate::stop::StopSignal;
use crate::{ErrorClassifier, ObserveError, RetryPolicy, Session, Sleeper, Started};

mod operation;

pub use operation::{NoArg, Operation, WithAttempt};

/// The future returned by [`Retry::call`] and [`Retry::call_with`].
///
/// It is as large as a reference, the operation, a 48-byte session, and the larger of the sleeper's future and the
/// operation's.
///
/// # Cancel safety
/// Dropping it drops the attempt or the wait in progress and forgets how many attempts were made; a new call begins
/// anew. An attempt that is dropped while it runs may have taken effect at the peer, and the policy is not told.
/// Where the future is dropped while it waits, the policy gets back what it granted or reserved. To end a run and let
/// a running attempt finish, use [`Retry::stop_on`].
///
/// ```
/// use retry_core::{AnyError, Call, NoArg, Plain, Policy, Retry, TokioSleeper};
/// use std::future::{Ready, ready};
/// use std::time::Duration;
///
/// type Fetch = fn() -> Ready<Result<u8, ()>>;
///
/// /// A future that holds the call in a field.
/// struct Page<'a>(Call<'a, Policy, TokioSleeper, AnyError, (), Plain, NoArg<Fetch>>);
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let retry = Retry::new(Policy::constant(Duration::ZERO));
/// let page = Page(retry.call((|| ready(Ok(1))) as Fetch));
/// assert_eq!(page.0.await.unwrap(), 1);
/// # }
/// ```
#[pin_project(PinnedDrop)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Call<'a, P, S, C, O, X, Op>
where
    P: RetryPolicy,
    S: Sleeper,
    X: Extra<Limit: Cut<S>>,
    Op: Operation,
{
    retry: &'a Retry<P, S, C, O, X>,
    op: Op,
    session: Option<Session>,
    history: X::History,
    #[pin]
    state: State<<X::Limit as Cut<S>>::Running<Op::Fut>, Nap<S::Sleep, <X::Stop as StopSignal>::Stopped>>,
}

#[pin_project(project = StateProj)]
enum State<Running, Nap> {
    Fresh,
    Calling(#[pin] Running),
    Waiting(#[pin] Nap),
    Ended,
}

/// What `Call` returns: the types of a run.
type Output<T, E, X> = Result<T, GaveUp<E, <<X as Extra>::Reject as Reject<T>>::Rejected, <X as Extra>::History>>;

/// A failure that has not been dealt with.
type Missed<T, E, X> = Option<Miss<E, <<X as Extra>::Reject as Reject<T>>::Found>>;

impl<'a, P, S, C, O, X, Op> Call<'a, P, S, C, O, X, Op>
where
    P: RetryPolicy,
    S: Sleeper,
    X: Extra<Limit: Cut<S>>,
    Op: Operation,
{
    #[inline]
    pub(crate) fn new(retry: &'a Retry<P, S, C, O, X>, op: Op) -> Self {
        Self { retry, op, session: None, history: X::History::default(), state: State::Fresh }
    }
}

impl<T, E, P, S, C, O, X, Op> Future for Call<'_, P, S, C, O, X, Op>
where
    Op: Operation<Fut: Future<Output = Result<T, E>>>,
    P: RetryPolicy,
    S: Sleeper,
    C: ErrorClassifier<E>,
    O: ObserveError<E>,
    X: Extra<Limit: Cut<S>, Reject: Reject<T>>,
{
    type Output = Output<T, E, X>;

    /// The first attempt is inline, all that follows is out of line: a success costs little more than a plain call.
    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.as_mut().project();
        let retry = *this.retry;
        let mut miss = None;
        if let StateProj::Fresh = this.state.as_mut().project()
            && let needs = retry.policy.needs()
            && retry.has_no_gate(needs)
        {
            retry.start(needs, this.session);
            retry.observer.started(Started::new(1));
            let running = this.op.start(retry.attempt(this.session.as_ref()));
            this.state.set(State::Calling(retry.extra.limit().run(running, &retry.time, this.session.as_ref())));
            if let StateProj::Calling(running) = this.state.as_mut().project() {
                match retry.check(ready!(running.poll(cx))) {
                    Ok(value) => {
                        retry.succeeded(needs, this.session.as_ref());
                        return Poll::Ready(Ok(value));
                    }
                    Err(missed) => miss = Some(missed),
                }
            }
        }
        self.resume(miss, cx)
    }
}

impl<P, S, C, O, X, Op> Call<'_, P, S, C, O, X, Op>
where
    P: RetryPolicy,
    S: Sleeper,
    X: Extra<Limit: Cut<S>>,
    Op: Operation,
{
    #[cold]
    #[inline(never)]
    fn resume<T, E>(self: Pin<&mut Self>, mut miss: Missed<T, E, X>, cx: &mut Context<'_>) -> Poll<Output<T, E, X>>
    where
        Op: Operation<Fut: Future<Output = Result<T, E>>>,
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
        X: Extra<Reject: Reject<T>>,
    {
        let mut this = self.project();
        let retry = *this.retry;
        let nap = |delay| State::Waiting(Nap::new(retry.time.sleep(delay), retry.extra.stop().stopped()));
        loop {
            if let Some(miss) = miss.take() {
                let delay = retry.failed(this.session, this.history, miss)?;
                this.state.set(nap(delay));
            }
            if !matches!(this.state.as_mut().project(), StateProj::Calling(_)) {
                match this.state.as_mut().project() {
                    StateProj::Waiting(wait) => {
                        if let Woken::Stopped = ready!(wait.poll(cx)) {
                            let reason = crate::StopReason::Cancelled;
                            this.state.set(State::Ended);
                            return Poll::Ready(Err(retry.shut(this.session, this.history, reason)));
                        }
                    }
                    // Polled again after its end, it waits for ever, as a fused future would.
                    StateProj::Ended => return Poll::Pending,
                    _ => retry.start(retry.policy.needs(), this.session),
                }
                match retry.gate(this.session) {
                    Gate::Open => {
                        let running = this.op.start(retry.attempt(this.session.as_ref()));
                        let running = retry.extra.limit().run(running, &retry.time, this.session.as_ref());
                        this.state.set(State::Calling(running));
                    }
                    Gate::After(delay) => {
                        this.state.set(nap(delay));
                        continue;
                    }
                    Gate::Shut(reason) => {
                        this.state.set(State::Ended);
                        return Poll::Ready(Err(retry.shut(this.session, this.history, reason)));
                    }
                }
            }
            if let StateProj::Calling(running) = this.state.as_mut().project() {
                match retry.check(ready!(running.poll(cx))) {
                    Ok(value) => {
                        retry.succeeded(retry.policy.needs(), this.session.as_ref());
                        return Poll::Ready(Ok(value));
                    }
                    Err(missed) => miss = Some(missed),
                }
            }
        }
    }
}

#[pinned_drop]
impl<P, S, C, O, X, Op> PinnedDrop for Call<'_, P, S, C, O, X, Op>
where
    P: RetryPolicy,
    S: Sleeper,
    X: Extra<Limit: Cut<S>>,
    Op: Operation,
{
    #[inline(always)]
    fn drop(self: Pin<&mut Self>) {
        let this = self.project();
        if let StateProj::Waiting(_) = this.state.project() {
            this.retry.dropped(this.session.as_mut());
        }
    }
}

impl<P, S, C, O, X, Op> fmt::Debug for Call<'_, P, S, C, O, X, Op>
where
    P: RetryPolicy,
    S: Sleeper,
    X: Extra<Limit: Cut<S>>,
    Op: Operation,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Fresh => "not started",
            State::Calling(_) => "calling",
            State::Waiting(_) => "waiting",
            State::Ended => "ended",
        };
        f.debug_struct("Call").field("state", &state).field("session", &self.session).finish_non_exhaustive()
    }
}
