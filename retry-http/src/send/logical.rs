//! One logical request, and what its attempts have in common.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, StatusCode};
use retry_core::{Attempt, Clock, Entropy, GaveUp, Last, Time, Verdict};

use super::repeating::BodyState;
use super::{Ended, FailedAttempt, Got, Guard, Guarding, HttpRetry, Origin, Repeating, Retried, RetryError};
use crate::{
    Exchange, Exhausted, Fault, HttpClassifier, IdempotencyKey, Judgement, KeyPlace, Provider, SpentOn, Tally,
};

/// What stays the same from attempt to attempt, but the request itself. A success looks at little of it.
pub(crate) struct Logical {
    method: Method,
    /// Whether what may have happened is repeated: what a cut attempt needs to know in advance.
    repeatable: bool,
    /// When its key was first sent; `None` without one.
    keyed_since: Option<Time>,
    /// Looked up when it is first needed.
    provider: OnceLock<Option<&'static Provider>>,
    guard: Option<Guard>,
    pub(crate) body: BodyState,
    attempts: AtomicU32,
    state: Mutex<State>,
}

/// What failures leave behind.
#[derive(Default)]
struct State {
    tally: Option<Tally>,
    exhausted: Option<Exhausted>,
    status: Option<StatusCode>,
}

/// What an attempt came to, as far as a verdict goes.
pub(crate) enum Came<'a> {
    /// With its body, as far as it is known.
    Answer(StatusCode, &'a HeaderMap, &'a [u8]),
    Fault(Fault),
}

/// An answer's place for what it knows of its attempts.
pub(crate) trait Extend {
    fn extend(&mut self, retried: Retried);
}

impl Logical {
    /// A request that is about to be sent; it may get a key.
    #[inline]
    pub(crate) fn new<P, T: Clock, O>(
        method: &Method,
        host: Option<&str>,
        origin: &Origin<'_>,
        headers: &mut HeaderMap,
        retry: &HttpRetry<P, T, O>,
    ) -> Self {
        let mut logical = Self {
            method: method.clone(),
            repeatable: retry.classifier.rules_in_force().may_repeat(method.as_str()),
            keyed_since: None,
            provider: OnceLock::new(),
            guard: retry.guards.as_ref().map(|guards| guards.guard(origin, &retry.time)),
            body: BodyState::default(),
            attempts: AtomicU32::new(0),
            state: Mutex::default(),
        };
        if retry.keys && !logical.repeatable {
            let provider = logical.find_provider(&retry.classifier, host);
            if provider.map_or(KeyPlace::Header, Provider::key_place) == KeyPlace::Header {
                IdempotencyKey::ensure(headers, &mut Draw(&retry.time));
            }
        }
        if headers.contains_key(IdempotencyKey::HEADER) {
            logical.keyed_since = Some(retry.time.now());
            let provider = logical.find_provider(&retry.classifier, host);
            let cut = Exchange::fault(method, Fault::Timeout, SystemTime::UNIX_EPOCH).keyed(Duration::ZERO);
            logical.repeatable = retry.classifier.may_repeat(&cut, provider);
        }
        logical
    }

    /// The provider at `host`, found once.
    pub(crate) fn find_provider(&self, classifier: &HttpClassifier, host: Option<&str>) -> Option<&'static Provider> {
        *self.provider.get_or_init(|| classifier.provider_at(host))
    }

    /// `policy` for this request.
    #[inline]
    pub(crate) const fn policy<'a, P>(&'a self, policy: &'a P) -> Guarding<'a, P> {
        let policy = Repeating { policy, repeatable: self.repeatable, body: &self.body };
        Guarding { policy, guard: self.guard.as_ref() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An attempt begins.
    #[inline]
    pub(crate) fn begin(&self, attempt: Attempt) {
        self.attempts.store(attempt.number, Ordering::Relaxed);
        if attempt.number > 1 {
            self.state().status = None;
        }
    }

    /// What an attempt came to; `None`: it is no failure. `find` leads to [`find_provider`](Self::find_provider).
    #[inline]
    pub(crate) fn judge<P, T: Clock, O>(
        &self,
        came: &Came<'_>,
        retry: &HttpRetry<P, T, O>,
        find: impl FnOnce() -> Option<&'static Provider>,
    ) -> Option<(Verdict, Judgement)> {
        match came {
            Came::Answer(status, ..) if retry.classifier.accepts(status.as_u16()) => None,
            _ => self.judge_failure(came, retry, find()),
        }
    }

    #[cold]
    #[inline(never)]
    fn judge_failure<P, T: Clock, O>(
        &self,
        came: &Came<'_>,
        retry: &HttpRetry<P, T, O>,
        provider: Option<&'static Provider>,
    ) -> Option<(Verdict, Judgement)> {
        let now = (retry.wall_clock)();
        let mut exchange = match came {
            Came::Answer(status, headers, body) => {
                self.state().status = Some(*status);
                Exchange::answer(&self.method, status.as_u16(), headers, now).body(body)
            }
            Came::Fault(fault) => Exchange::fault(&self.method, *fault, now),
        };
        if let Some(since) = self.keyed_since {
            exchange = exchange.keyed(retry.time.now().since(since));
        }
        let judgement = retry.classifier.judge_at(&exchange, provider)?;
        Some((self.limited(&exchange, &judgement, &retry.classifier), judgement))
    }

    /// The verdict for the policy: permanent where a limit by category allows no further attempt.
    fn limited(&self, exchange: &Exchange<'_>, judgement: &Judgement, classifier: &HttpClassifier) -> Verdict {
        if !judgement.is_worth_a_retry() {
            return judgement.for_policy();
        }
        let mut state = self.state();
        let tally = state.tally.get_or_insert_with(|| Tally::new(classifier.rules_in_force().category_limits()));
        match tally.spend(SpentOn::from(exchange)) {
            Ok(()) => judgement.for_policy(),
            Err(exhausted) => {
                state.exhausted = Some(exhausted);
                Verdict::PERMANENT
            }
        }
    }

    /// What the caller gets.
    #[inline]
    pub(crate) fn end<E, R: Extend>(self, end: Result<R, GaveUp<FailedAttempt<E, R>>>) -> Result<R, RetryError<E>> {
        match end {
            Ok(mut answer) => {
                let attempts = self.attempts.into_inner();
                if attempts > 1 {
                    answer.extend(Retried::new(attempts, None));
                }
                Ok(answer)
            }
            Err(gave_up) => self.end_badly(gave_up),
        }
    }

    #[cold]
    fn end_badly<E, R: Extend>(self, gave_up: GaveUp<FailedAttempt<E, R>>) -> Result<R, RetryError<E>> {
        let used_up = self.body.missed.into_inner();
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let ended = match state.exhausted {
            _ if used_up => Ended::BodyUsedUp,
            Some(exhausted) => Ended::Category(exhausted),
            None => Ended::Policy(gave_up.reason),
        };
        let attempts = gave_up.attempts;
        let last = match gave_up.last {
            Last::Error(FailedAttempt { got: Got::Answer(mut answer), .. }) if !used_up => {
                answer.extend(Retried::new(attempts, Some(ended)));
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

impl<B> Extend for http::Response<B> {
    fn extend(&mut self, retried: Retried) {
        self.extensions_mut().insert(retried);
    }
}
