//! The response to come.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::{pin_project, pinned_drop};
use tower_service::Service;

use super::{CloneRequest, RetryLayer};
use crate::extra::Extra;
use crate::gave_up::GaveUp;
use crate::limit::Cut;
use crate::nap::{Nap, Woken};
use crate::reject::Reject;
use crate::retry::{Gate, Miss};
use crate::stop::StopSignal;
use crate::{ErrorClassifier, ObserveError, RetryPolicy, Session, Sleeper, Started, StopReason};

/// A request with all its attempts and waits; made by [`Retrying`](super::Retrying).
///
/// The service is called when it is polled first.
///
/// # Cancel safety
/// Dropping it drops the attempt or the wait in progress, as with [`Call`](crate::Call): an attempt that runs may have
/// taken effect; where the future waits, the policy gets back what it granted or reserved.
///
/// ```
/// use retry_core::tower::tower_service::Service;
/// use retry_core::tower::{ResponseFuture, RetryLayer, Retrying};
/// use retry_core::{AnyError, ByAge, Never, Plain, TokioSleeper};
///
/// type Client<S> = Retrying<S, Never, TokioSleeper, AnyError, (), Plain>;
/// type Response<S, Req> = ResponseFuture<S, Req, Never, TokioSleeper, AnyError, (), Plain>;
///
/// fn get<S: Service<u8> + Clone>(client: &mut Client<S>) -> Response<S, u8> {
///     client.call(7)
/// }
/// ```
#[pin_project(PinnedDrop)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct ResponseFuture<Svc, Req, P, T, C, O, X, B = super::ByClone>
where
    Svc: Service<Req>,
    P: RetryPolicy,
    T: Sleeper,
    X: Extra<Limit: Cut<T>>,
{
    layer: RetryLayer<P, T, C, O, X, B>,
    service: Svc,
    /// What the next attempt sends, if there can be one.
    request: Option<Req>,
    session: Option<Session>,
    history: X::History,
    #[pin]
    state: StateOf<Svc, Req, T, X>,
}

type Stopped<X> = <<X as Extra>::Stop as StopSignal>::Stopped;
type Running<T, X, F> = <<X as Extra>::Limit as Cut<T>>::Running<F>;
type StateOf<Svc, Req, T, X> = State<
    Running<T, X, <Svc as Service<Req>>::Future>,
    Nap<<T as Sleeper>::Sleep, Stopped<X>>,
    Running<T, X, Stopped<X>>,
>;

#[pin_project(project = StateProj)]
enum State<Running, Nap, Cut> {
    /// The service is ready for the first attempt.
    Fresh,
    Calling(#[pin] Running),
    Waiting(#[pin] Nap),
    /// The wait is over, and the service may not be ready yet.
    Readying(#[pin] Cut),
    Ended,
}

/// What a run returns.
type Output<Res, E, X> = Result<Res, GaveUp<E, <<X as Extra>::Reject as Reject<Res>>::Rejected, <X as Extra>::History>>;

/// A failure that has not been dealt with.
type Missed<Res, E, X> = Option<Miss<E, <<X as Extra>::Reject as Reject<Res>>::Found>>;

impl<Svc, Req, P, T, C, O, X, B> ResponseFuture<Svc, Req, P, T, C, O, X, B>
where
    Svc: Service<Req>,
    P: RetryPolicy,
    T: Sleeper,
    X: Extra<Limit: Cut<T>>,
{
    #[inline]
    pub(super) fn new(service: Svc, request: Req, layer: RetryLayer<P, T, C, O, X, B>) -> Self {
        let history = X::History::default();
        Self { layer, service, request: Some(request), session: None, history, state: State::Fresh }
    }
}

impl<Svc, Req, Res, E, P, T, C, O, X, B> Future for ResponseFuture<Svc, Req, P, T, C, O, X, B>
where
    Svc: Service<Req, Response = Res, Error = E> + Clone,
    P: RetryPolicy,
    T: Sleeper,
    C: ErrorClassifier<E>,
    O: ObserveError<E>,
    X: Extra<Limit: Cut<T>, Reject: Reject<Res>>,
    B: CloneRequest<Req>,
{
    type Output = Output<Res, E, X>;

    /// The first attempt is inline, all that follows is out of line, as in `Call`.
    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.as_mut().project();
        let retry = &*this.layer.retry;
        let mut miss = None;
        if let StateProj::Fresh = this.state.as_mut().project()
            && let needs = retry.policy.needs()
            && retry.has_no_gate(needs)
            && let Some(request) = this.request.take()
        {
            retry.start(needs, this.session);
            retry.observer.started(Started::new(1));
            *this.request = this.layer.requests.clone_request(&request);
            let running = this.service.call(request);
            this.state.set(State::Calling(retry.extra.limit().run(running, &retry.time, this.session.as_ref())));
            if let StateProj::Calling(running) = this.state.as_mut().project() {
                match retry.check(ready!(running.poll(cx))) {
                    Ok(response) => {
                        retry.succeeded(needs, this.session.as_ref());
                        return Poll::Ready(Ok(response));
                    }
                    Err(missed) => miss = Some(missed),
                }
            }
        }
        self.resume(miss, cx)
    }
}

impl<Svc, Req, P, T, C, O, X, B> ResponseFuture<Svc, Req, P, T, C, O, X, B>
where
    Svc: Service<Req>,
    P: RetryPolicy,
    T: Sleeper,
    X: Extra<Limit: Cut<T>>,
{
    #[cold]
    #[inline(never)]
    fn resume<Res, E>(
        self: Pin<&mut Self>,
        mut miss: Missed<Res, E, X>,
        cx: &mut Context<'_>,
    ) -> Poll<Output<Res, E, X>>
    where
        Svc: Service<Req, Response = Res, Error = E> + Clone,
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
        X: Extra<Reject: Reject<Res>>,
        B: CloneRequest<Req>,
    {
        let mut this = self.project();
        let retry = &*this.layer.retry;
        let nap = |delay| State::Waiting(Nap::new(retry.time.sleep(delay), retry.extra.stop().stopped()));
        let end = loop {
            if let Some(miss) = miss.take() {
                let barred = this.request.is_none().then_some(StopReason::Unrepeatable);
                match retry.failed_unless(barred, this.session, this.history, miss) {
                    Ok(delay) => this.state.set(nap(delay)),
                    Err(end) => break end,
                }
            }
            match this.state.as_mut().project() {
                StateProj::Fresh => retry.start(retry.policy.needs(), this.session),
                StateProj::Waiting(wait) => {
                    if let Woken::Stopped = ready!(wait.poll(cx)) {
                        break retry.shut(this.session, this.history, StopReason::Cancelled);
                    }
                    let stopped = retry.extra.stop().stopped();
                    let cut = retry.extra.limit().run_to_deadline(stopped, &retry.time, this.session.as_ref());
                    this.state.set(State::Readying(cut));
                    continue;
                }
                StateProj::Readying(cut) => match this.service.poll_ready(cx) {
                    Poll::Ready(Ok(())) => {}
                    Poll::Ready(Err(error)) => break retry.closed(this.session, this.history, error),
                    Poll::Pending => {
                        let stopped = ready!(cut.poll(cx)).is_some();
                        let reason = if stopped { StopReason::Cancelled } else { StopReason::Deadline };
                        break retry.shut(this.session, this.history, reason);
                    }
                },
                StateProj::Calling(running) => match retry.check(ready!(running.poll(cx))) {
                    Ok(response) => {
                        retry.succeeded(retry.policy.needs(), this.session.as_ref());
                        return Poll::Ready(Ok(response));
                    }
                    Err(missed) => {
                        miss = Some(missed);
                        continue;
                    }
                },
                // Polled again after its end, it waits for ever, as a fused future would.
                StateProj::Ended => return Poll::Pending,
            }
            // The policy is asked last, so that nothing it reserves waits for the service.
            match retry.gate(this.session) {
                Gate::Open => {
                    let Some(request) = this.request.take() else {
                        break retry.shut(this.session, this.history, StopReason::Unrepeatable);
                    };
                    *this.request = this.layer.requests.clone_request(&request);
                    let running = this.service.call(request);
                    let running = retry.extra.limit().run(running, &retry.time, this.session.as_ref());
                    this.state.set(State::Calling(running));
                }
                Gate::After(delay) => {
                    // What a ready service holds for the call (a permit, a place in its queue) is let go meanwhile.
                    *this.service = this.service.clone();
                    this.state.set(nap(delay));
                }
                Gate::Shut(reason) => break retry.shut(this.session, this.history, reason),
            }
        };
        this.state.set(State::Ended);
        Poll::Ready(Err(end))
    }
}

#[pinned_drop]
impl<Svc, Req, P, T, C, O, X, B> PinnedDrop for ResponseFuture<Svc, Req, P, T, C, O, X, B>
where
    Svc: Service<Req>,
    P: RetryPolicy,
    T: Sleeper,
    X: Extra<Limit: Cut<T>>,
{
    #[inline(always)]
    fn drop(self: Pin<&mut Self>) {
        let this = self.project();
        if let StateProj::Waiting(_) | StateProj::Readying(_) = this.state.project() {
            this.layer.retry.dropped(this.session.as_mut());
        }
    }
}

impl<Svc, Req, P, T, C, O, X, B> fmt::Debug for ResponseFuture<Svc, Req, P, T, C, O, X, B>
where
    Svc: Service<Req>,
    P: RetryPolicy,
    T: Sleeper,
    X: Extra<Limit: Cut<T>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Fresh => "not started",
            State::Calling(_) => "calling",
            State::Waiting(_) => "waiting",
            State::Readying(_) => "waiting for the service",
            State::Ended => "ended",
        };
        f.debug_struct("ResponseFuture").field("state", &state).field("session", &self.session).finish_non_exhaustive()
    }
}
