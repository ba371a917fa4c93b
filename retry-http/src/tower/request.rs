//! One logical request, and what its attempts have in common.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::HOST;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use retry_core::{Clock, Entropy, GaveUp, Last, Time, Verdict};

use super::failed_attempt::{FailedAttempt, Got};
use super::layer::Settings;
use super::repeating::BodyState;
use super::{Ended, FaultOf, ReplayBody, Retried, RetryError};
use crate::{Exchange, Exhausted, Fault, IdempotencyKey, Judgement, KeyPlace, Provider, SpentOn, Tally};

/// What stays the same from attempt to attempt.
pub(super) struct Logical<B> {
    parts: Parts,
    host: Option<String>,
    /// When its key was first sent; `None` without one.
    keyed_since: Option<Time>,
    pub(super) body: BodyState,
    state: Mutex<State<B>>,
}

struct State<B> {
    /// `None`: it has been sent, and there is no copy.
    body: Option<B>,
    attempts: u32,
    tally: Tally,
    exhausted: Option<Exhausted>,
    status: Option<StatusCode>,
}

impl<B> Logical<B> {
    pub(super) fn new<P, T: Clock, O, R, F>(request: Request<B>, settings: &Settings<P, T, O, R, F>) -> Self {
        let (mut parts, body) = request.into_parts();
        let host = parts.uri.host().or_else(|| parts.headers.get(HOST)?.to_str().ok()).map(str::to_owned);
        let rules = settings.classifier.rules_in_force();
        if settings.keys && !rules.may_repeat(parts.method.as_str()) {
            let wanted = settings.classifier.provider_at(host.as_deref()).map_or(KeyPlace::Header, Provider::key_place);
            if wanted == KeyPlace::Header {
                IdempotencyKey::ensure(&mut parts.headers, &mut Draw(&settings.time));
            }
        }
        let keyed_since = parts.headers.contains_key(IdempotencyKey::HEADER).then(|| settings.time.now());
        let tally = Tally::new(rules.category_limits());
        let state = Mutex::new(State { body: Some(body), attempts: 0, tally, exhausted: None, status: None });
        Self { parts, host, keyed_since, body: BodyState::default(), state }
    }

    fn state(&self) -> MutexGuard<'_, State<B>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place<'a>(&'a self, exchange: Exchange<'a>, now: impl FnOnce() -> Time) -> Exchange<'a> {
        let exchange = match &self.host {
            Some(host) => exchange.host(host),
            None => exchange,
        };
        match self.keyed_since {
            Some(since) => exchange.keyed(now().since(since)),
            None => exchange,
        }
    }

    /// Whether what may have happened is repeated: what a cut attempt needs to know in advance.
    pub(super) fn is_repeatable<P, T, O, R, F>(&self, settings: &Settings<P, T, O, R, F>) -> bool {
        let cut = Exchange::fault(&self.parts.method, Fault::Timeout, std::time::SystemTime::UNIX_EPOCH);
        let cut = self.place(cut, || self.keyed_since.unwrap_or_default());
        settings.classifier.judge(&cut).is_some_and(|judgement| judgement.repeatable)
    }

    /// The request of the next attempt; `None`: its body is used up.
    pub(super) fn next(&self, replay: &impl ReplayBody<B>) -> Option<Request<B>> {
        let mut state = self.state();
        state.attempts = state.attempts.saturating_add(1);
        state.status = None;
        let copy = state.body.as_ref().and_then(|body| replay.replay(body));
        let body = copy.or_else(|| {
            self.body.used_up.store(true, Ordering::Relaxed);
            state.body.take()
        })?;
        drop(state);
        Some(Request::from_parts(self.parts.clone(), body))
    }

    /// What an attempt came to.
    #[expect(clippy::result_large_err, reason = "the answer comes through whole, whichever side it is on")]
    pub(super) fn judge<E, A, P, T: Clock, O, R, F: FaultOf<E>>(
        &self,
        got: Result<Response<A>, E>,
        settings: &Settings<P, T, O, R, F>,
    ) -> Result<Response<A>, FailedAttempt<E, Response<A>>> {
        let now = (settings.wall_clock)();
        let exchange = match &got {
            Ok(answer) => Exchange::answer(&self.parts.method, answer.status().as_u16(), answer.headers(), now),
            Err(error) => Exchange::fault(&self.parts.method, settings.faults.fault(error), now),
        };
        let exchange = self.place(exchange, || settings.time.now());
        let judgement = settings.classifier.judge(&exchange);
        let verdict = judgement.as_ref().map(|judgement| self.limited(&exchange, judgement));
        match (got, verdict) {
            (Ok(answer), None) => Ok(answer),
            (Ok(answer), Some(verdict)) => {
                let status = Some(answer.status());
                self.state().status = status;
                Err(FailedAttempt { got: Got::Answer(answer), status, judgement, verdict })
            }
            (Err(error), verdict) => {
                let verdict = verdict.unwrap_or_default();
                Err(FailedAttempt { got: Got::Error(error), status: None, judgement, verdict })
            }
        }
    }

    /// The verdict for the policy: permanent where a limit by category allows no further attempt.
    fn limited(&self, exchange: &Exchange<'_>, judgement: &Judgement) -> Verdict {
        if !judgement.is_worth_a_retry() {
            return judgement.for_policy();
        }
        let mut state = self.state();
        match state.tally.spend(SpentOn::from(exchange)) {
            Ok(()) => judgement.for_policy(),
            Err(exhausted) => {
                state.exhausted = Some(exhausted);
                Verdict::PERMANENT
            }
        }
    }

    /// What the caller gets.
    pub(super) fn end<E, A>(
        self,
        end: Result<Response<A>, GaveUp<FailedAttempt<E, Response<A>>>>,
    ) -> Result<Response<A>, RetryError<E>> {
        let used_up = self.body.missed.into_inner();
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let gave_up = match end {
            Ok(mut answer) => {
                if state.attempts > 1 {
                    answer.extensions_mut().insert(Retried::new(state.attempts, None));
                }
                return Ok(answer);
            }
            Err(gave_up) => gave_up,
        };
        let ended = match state.exhausted {
            _ if used_up => Ended::BodyUsedUp,
            Some(exhausted) => Ended::Category(exhausted),
            None => Ended::Policy(gave_up.reason),
        };
        let attempts = gave_up.attempts;
        let last = match gave_up.last {
            Last::Error(FailedAttempt { got: Got::Answer(mut answer), .. }) if !used_up => {
                answer.extensions_mut().insert(Retried::new(attempts, Some(ended)));
                return Ok(answer);
            }
            Last::Error(FailedAttempt { got: Got::Error(error), .. }) => Some(error),
            _ => None,
        };
        let status = if last.is_none() { state.status } else { None };
        Err(RetryError { last, status, ended, attempts })
    }
}

/// The clock's own randomness, so that a seeded clock makes the same keys again.
struct Draw<'a, T>(&'a T);

impl<T: Clock> Entropy for Draw<'_, T> {
    fn next_u64(&mut self) -> u64 {
        self.0.random()
    }
}

/// Long enough to be no limit.
pub(super) const NO_LIMIT: Duration = Duration::MAX;
