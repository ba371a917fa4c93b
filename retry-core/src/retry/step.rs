//! What happens between two attempts; the same for every door.

use std::time::Duration;

use super::Retry;
use crate::clock::Draw;
use crate::extra::Extra;
use crate::history::Keep as _;
use crate::limit::Limit as _;
use crate::reject::Reject;
use crate::stop::StopSignal as _;
use crate::{
    Admission, Attempt, Because, Clock, Decision, ErrorClassifier, Failed, Failure, GaveUp, Grant, Last, Needs,
    ObserveError, Observer, Outcome, RetryPolicy, Scheduled, Session, Started, StopReason, Stopped, Succeeded, Verdict,
    What,
};

/// How an attempt missed.
pub(crate) enum Miss<E, Found> {
    Error(E),
    Rejected(Found),
    Cut,
}

/// Whether an attempt may begin.
pub(crate) enum Gate {
    Open,
    After(Duration),
    Shut(StopReason),
}

impl<P: RetryPolicy, S: Clock, C, O, X: Extra> Retry<P, S, C, O, X> {
    /// Whether the clock must be read before the first attempt.
    #[inline]
    fn starts(&self, needs: Needs) -> bool {
        self.extra.limit().needs_start() || needs.time
    }

    /// Whether the clock must be read at each failure.
    #[inline]
    fn looks(&self, needs: Needs) -> bool {
        self.starts(needs) || needs.failure_times
    }

    /// Begins the session before the first attempt, where somebody needs that. `needs` is what the policy says: a boxed one
    /// is asked once.
    #[inline]
    pub(crate) fn start(&self, needs: Needs, session: &mut Option<Session>) {
        if self.starts(needs) {
            *session = Some(Session::begin(self.time.now()));
        }
    }

    /// Whether the first attempt may begin without [`gate`](Self::gate).
    #[inline(always)]
    pub(crate) fn has_no_gate(&self, needs: Needs) -> bool {
        !needs.admission && !X::Stop::STOPS
    }

    /// Asks for the attempt in progress.
    #[inline]
    pub(crate) fn gate(&self, session: &mut Option<Session>) -> Gate
    where
        O: Observer,
    {
        if self.extra.stop().is_stopped() {
            return Gate::Shut(StopReason::Cancelled);
        }
        // A wait can last longer than it should.
        if let Some(session) = session
            && session.has_waited()
            && !self.extra.limit().allows(session, || self.time.now(), Duration::ZERO)
        {
            return Gate::Shut(StopReason::Deadline);
        }
        if self.policy.needs().admission
            && let Some(gate) = self.admission(session)
        {
            return gate;
        }
        self.observer.started(Started::new(number(session.as_ref())));
        Gate::Open
    }

    /// The policy's say; `None` lets the attempt begin.
    fn admission(&self, session: &mut Option<Session>) -> Option<Gate>
    where
        O: Observer,
    {
        let session = session.get_or_insert_with(|| Session::begin(self.time.now()));
        if session.take_admitted() {
            return None;
        }
        match self.policy.admit(session.attempt(), &Unsized(&self.time)) {
            Admission::Go => None,
            Admission::Wait(delay) if self.extra.limit().allows(session, || self.time.now(), delay) => {
                session.admitted_after(delay);
                self.observer.scheduled(Scheduled::new(session.attempt() - 1, delay, Because::Admission));
                Some(Gate::After(delay))
            }
            Admission::Wait(_) => {
                if self.policy.needs().outcomes {
                    self.policy.outcome(Outcome::AdmissionWithdrawn);
                }
                Some(Gate::Shut(StopReason::Deadline))
            }
            Admission::Later { wait, at_most } => {
                let wait = wait.max(Duration::from_nanos(1));
                if !self.extra.limit().allows(session, || self.time.now(), wait) {
                    return Some(Gate::Shut(StopReason::Deadline));
                }
                if !session.put_off(wait, at_most) {
                    return Some(Gate::Shut(StopReason::Pacing));
                }
                self.observer.scheduled(Scheduled::new(session.attempt() - 1, wait, Because::Admission));
                Some(Gate::After(wait))
            }
            Admission::Refuse(reason) => Some(Gate::Shut(reason)),
        }
    }

    /// What the policy granted will not be used.
    #[cold]
    fn refuse(&self, mut grant: Grant, reason: StopReason) -> Decision {
        if self.policy.needs().outcomes {
            self.policy.withdrawn(&mut grant);
        }
        Decision::Stop(reason)
    }

    /// The attempt in progress.
    #[inline]
    pub(crate) fn attempt(&self, session: Option<&Session>) -> Attempt {
        let remaining = self.extra.limit().remaining(session, || self.time.now());
        Attempt { number: number(session), remaining }
    }

    /// The value, or how the attempt missed. An attempt without output was cut.
    #[inline(always)]
    pub(crate) fn check<T, E>(
        &self,
        output: Option<Result<T, E>>,
    ) -> Result<T, Miss<E, <X::Reject as Reject<T>>::Found>>
    where
        X: Extra<Reject: Reject<T>>,
    {
        match output {
            Some(Ok(value)) => self.extra.reject().check(value).map_err(Miss::Rejected),
            Some(Err(error)) => Err(Miss::Error(error)),
            None => Err(Miss::Cut),
        }
    }

    #[inline]
    pub(crate) fn succeeded(&self, needs: Needs, session: Option<&Session>)
    where
        O: Observer,
    {
        let attempts = number(session);
        if needs.outcomes {
            let now = needs.time.then(|| self.time.now());
            self.policy.outcome(Outcome::Succeeded { attempts, now, grant: session.and_then(Session::grant) });
        }
        self.observer.succeeded(Succeeded::new(attempts));
    }

    /// Records a failure; the delay to wait, or the end.
    #[inline(always)]
    pub(crate) fn failed<E, R, Found: Into<(R, Verdict)>>(
        &self,
        session: &mut Option<Session>,
        history: &mut X::History,
        miss: Miss<E, Found>,
    ) -> Result<Duration, GaveUp<E, R, X::History>>
    where
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
    {
        self.failed_unless(None, session, history, miss)
    }

    /// The same where `barred` says why there can be no further attempt, even if the policy grants one.
    #[inline(always)]
    pub(crate) fn failed_unless<E, R, Found: Into<(R, Verdict)>>(
        &self,
        barred: Option<StopReason>,
        session: &mut Option<Session>,
        history: &mut X::History,
        miss: Miss<E, Found>,
    ) -> Result<Duration, GaveUp<E, R, X::History>>
    where
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
    {
        let (last, verdict) = match miss {
            Miss::Error(error) => {
                let verdict = self.classifier.classify(&error);
                (Last::Error(error), verdict)
            }
            Miss::Rejected(found) => {
                let (value, verdict) = found.into();
                (Last::Rejected(value), verdict)
            }
            Miss::Cut => (Last::TimedOut, Verdict::TRANSIENT),
        };
        let what = match &last {
            Last::Error(error) => What::Error(error),
            Last::Rejected(_) => What::Rejected,
            Last::TimedOut | Last::NotStarted => What::TimedOut,
        };
        self.observer.failed(Failed::new(number(session.as_ref()), what, verdict));
        match self.settle(barred, session, history, verdict) {
            Decision::Retry(wait) => Ok(wait.delay()),
            Decision::Stop(reason) => Err(self.stopped(session, history, last, reason)),
        }
    }

    /// The part of [`failed`](Self::failed) that is the same for every operation.
    #[inline(always)]
    fn settle(
        &self,
        barred: Option<StopReason>,
        session: &mut Option<Session>,
        history: &mut X::History,
        verdict: Verdict,
    ) -> Decision
    where
        O: Observer,
    {
        // Whoever does not look at the time gets that of the first reading.
        let now = match session {
            Some(session) if !self.looks(self.policy.needs()) => session.begun(),
            _ => self.time.now(),
        };
        let session = session.get_or_insert_with(|| Session::begin(now));
        if self.policy.needs().admission {
            // A place that was reserved for the attempt that failed is no place for the next.
            session.take_admitted();
        }
        let attempt = session.attempt();
        let mut decision = self.policy.decide(&Failure::at(*session, now, verdict), &mut Draw(&self.time));
        if let Decision::Retry(wait) = decision {
            let grant = Grant::new(wait, verdict.class);
            if let Some(reason) = barred {
                decision = self.refuse(grant, reason);
            } else if self.extra.stop().is_stopped() {
                decision = self.refuse(grant, StopReason::Cancelled);
            } else if !self.extra.limit().allows(session, || now, wait.delay()) {
                decision = self.refuse(grant, StopReason::Deadline);
            } else {
                session.retry(verdict.class, wait.nanos());
                if self.policy.needs().outcomes {
                    session.keep_grant(wait, verdict.class);
                }
                self.observer.scheduled(Scheduled::new(attempt, wait.delay(), wait.because()));
            }
        }
        history.push(attempt, &verdict, decision.delay());
        decision
    }

    /// The end after a failed attempt.
    #[cold]
    fn stopped<E, R>(
        &self,
        session: &mut Option<Session>,
        history: &mut X::History,
        last: Last<E, R>,
        reason: StopReason,
    ) -> GaveUp<E, R, X::History>
    where
        O: Observer,
    {
        let session = *session.get_or_insert_with(|| Session::begin(self.time.now()));
        self.end(session, history, last, reason, session.attempt())
    }

    /// The end before an attempt.
    #[cold]
    pub(crate) fn shut<E, R>(
        &self,
        session: &mut Option<Session>,
        history: &mut X::History,
        reason: StopReason,
    ) -> GaveUp<E, R, X::History>
    where
        O: Observer,
    {
        self.shut_with(session, history, Last::NotStarted, reason)
    }

    /// The end before an attempt, by an error of the service that should have made it.
    #[cfg(feature = "tower")]
    #[cold]
    pub(crate) fn closed<E, R>(
        &self,
        session: &mut Option<Session>,
        history: &mut X::History,
        error: E,
    ) -> GaveUp<E, R, X::History>
    where
        O: Observer,
    {
        self.shut_with(session, history, Last::Error(error), StopReason::Closed)
    }

    fn shut_with<E, R>(
        &self,
        session: &mut Option<Session>,
        history: &mut X::History,
        last: Last<E, R>,
        reason: StopReason,
    ) -> GaveUp<E, R, X::History>
    where
        O: Observer,
    {
        let mut session = *session.get_or_insert_with(|| Session::begin(self.time.now()));
        give_back(&self.policy, &mut session);
        self.end(session, history, last, reason, session.attempt() - 1)
    }

    fn end<E, R>(
        &self,
        session: Session,
        history: &mut X::History,
        last: Last<E, R>,
        reason: StopReason,
        attempts: u32,
    ) -> GaveUp<E, R, X::History>
    where
        O: Observer,
    {
        self.observer.gave_up(Stopped::new(attempts, reason));
        if self.policy.needs().outcomes {
            self.policy.outcome(Outcome::GaveUp(reason));
        }
        let elapsed = session.elapsed(self.time.now());
        GaveUp { last, reason, attempts, history: std::mem::take(history), elapsed, slept: session.slept() }
    }
}

/// Gives the policy back what it granted and reserved for an attempt that has not begun, and will not.
#[cold]
fn give_back<P: RetryPolicy>(policy: &P, session: &mut Session) {
    if policy.needs().outcomes {
        if session.take_admitted() {
            policy.outcome(Outcome::AdmissionWithdrawn);
        }
        if let Some(mut grant) = session.grant() {
            policy.withdrawn(&mut grant);
        }
    }
}

impl<P: RetryPolicy, S, C, O, X> Retry<P, S, C, O, X> {
    /// A run is dropped before the attempt in progress has begun. A policy that hears no outcomes costs the drop nothing.
    #[inline(always)]
    pub(crate) fn dropped(&self, session: Option<&mut Session>) {
        if self.policy.needs().outcomes
            && let Some(session) = session
        {
            give_back(&self.policy, session);
        }
    }
}

/// The number of the attempt in progress.
#[inline]
fn number(session: Option<&Session>) -> u32 {
    session.map_or(1, Session::attempt)
}

/// Makes an object of a clock that may itself be one.
struct Unsized<'a, S>(&'a S);

impl<S: Clock> Clock for Unsized<'_, S> {
    fn now(&self) -> crate::Time {
        self.0.now()
    }
    fn random(&self) -> u64 {
        self.0.random()
    }
}
