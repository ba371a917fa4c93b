//! One logical request, and what its attempts have in common.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, StatusCode};
use retry_core::{
    Attempt, BySelf, Clock, Effect, Entropy, Failure, GaveUp, Last, Limits, Retry, RetryPolicy, Time, Verdict, With,
};

use super::repeating::BodyState;
use super::{Ended, FailedAttempt, Got, Guard, Guarding, HttpRetry, Observing, Place, Repeating, Retried, RetryError};
use crate::{
    Exchange, Exhausted, Fault, HttpClassifier, IdempotencyKey, Judgement, KeyPlace, Provider, SpentOn, Tally,
};

/// What stays the same from attempt to attempt, but the request itself. A success looks at little of it.
pub(crate) struct Logical {
    method: Method,
    /// When its key was first sent, of a method that is not idempotent; `None` without one.
    keyed_since: Option<Time>,
    /// Looked up when it is first needed.
    provider: OnceLock<Option<&'static Provider>>,
    guard: Option<Guard>,
    pub(crate) body: BodyState,
    /// Whether the first attempt was made before all this.
    has_begun: bool,
    attempts: AtomicU32,
    /// A success makes none.
    state: Mutex<Option<Box<State>>>,
}

/// What a failure asks about the request.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) host: Option<&'a str>,
    pub(crate) headers: &'a HeaderMap,
    /// As far as it is known.
    pub(crate) body: &'a [u8],
    /// Whether the answer is another request's, after a redirect.
    pub(crate) moved: bool,
}

/// What runs the attempts of one request.
pub(crate) type Retrier<'a, P, T, O> =
    Retry<Guarding<'a, P>, &'a T, BySelf, Observing<'a, O>, With<Limits, (), (), ()>>;

/// What failures leave behind.
#[derive(Default)]
struct State {
    tally: Option<Tally>,
    exhausted: Option<Exhausted>,
    status: Option<StatusCode>,
    /// Whether any attempt may have had an effect.
    in_doubt: bool,
    /// Of the last failure.
    key_age: Option<Duration>,
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
    /// A request that is about to be sent. Where it is [not idempotent](Self::asks_for_key), its key is looked at next.
    #[inline]
    pub(crate) fn new<P, T: Clock, O>(method: &Method, place: Place<'_>, retry: &HttpRetry<P, T, O>) -> Self {
        Self {
            method: method.clone(),
            keyed_since: None,
            provider: OnceLock::new(),
            guard: retry.guards.as_ref().map(|guards| guards.guard(place, &retry.time)),
            body: BodyState::default(),
            has_begun: false,
            attempts: AtomicU32::new(0),
            state: Mutex::default(),
        }
    }

    /// The first attempt was made already, [at once](HttpRetry::begin_at_once).
    pub(crate) const fn has_begun(&mut self) {
        self.has_begun = true;
    }

    /// Whether a key makes a difference from the start.
    #[inline]
    pub(crate) fn asks_for_key(&self) -> bool {
        !self.method.is_idempotent()
    }

    /// Looks at the key, and puts one there where that is asked for.
    pub(crate) fn key<P, T: Clock, O>(
        &mut self,
        host: Option<&str>,
        headers: &mut HeaderMap,
        retry: &HttpRetry<P, T, O>,
    ) {
        let is_wanted = retry.keys && !retry.classifier.rules_in_force().may_repeat(self.method.as_str());
        if is_wanted || headers.contains_key(IdempotencyKey::HEADER) {
            let provider = self.provider(&retry.classifier, host);
            // Elsewhere it counts for nothing.
            if key_place(provider) != KeyPlace::Header {
                return;
            }
            if is_wanted {
                IdempotencyKey::ensure(headers, &mut Draw(&retry.time));
            }
            self.keyed_since = headers.contains_key(IdempotencyKey::HEADER).then(|| retry.time.now());
        }
    }

    /// The provider at `host`, found once.
    fn provider(&self, classifier: &HttpClassifier, host: Option<&str>) -> Option<&'static Provider> {
        *self.provider.get_or_init(|| classifier.provider_at(host))
    }

    /// Whether what may have happened is repeated: what a cut attempt needs to know.
    pub(super) fn is_repeatable(&self, classifier: &HttpClassifier) -> bool {
        let mut cut = Exchange::fault(&self.method, Fault::Timeout, SystemTime::UNIX_EPOCH);
        if self.keyed_since.is_some() {
            cut = cut.keyed(Duration::ZERO);
        }
        // NOTE: with a key the provider has been looked up.
        classifier.may_repeat(&cut, self.provider.get().copied().flatten())
    }

    /// What runs its attempts.
    #[inline]
    pub(crate) fn retrier<'a, P: RetryPolicy, T, O>(&'a self, retry: &'a HttpRetry<P, T, O>) -> Retrier<'a, P, T, O> {
        let HttpRetry { policy, classifier, .. } = retry;
        let policy = Repeating { policy, classifier, logical: self };
        let policy = Guarding { policy, guard: self.guard.as_ref() };
        let observer = Observing { observer: &retry.observer, has_begun: self.has_begun };
        let retrier = Retry::with_sleeper(policy, &retry.time).by_self().observe(observer);
        // What is for ever needs no timer.
        let limit = |limit: Option<Duration>| limit.unwrap_or(Duration::MAX);
        retrier.timeout(limit(retry.timeout)).deadline(limit(retry.deadline))
    }

    fn state(&self) -> MutexGuard<'_, Option<Box<State>>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An attempt begins.
    #[inline]
    pub(crate) fn begin(&self, attempt: Attempt) {
        self.attempts.store(attempt.number, Ordering::Relaxed);
        if attempt.number > 1 {
            self.state().get_or_insert_default().status = None;
        }
    }

    /// What an attempt came to; `None`: it is no failure.
    #[inline]
    pub(crate) fn judge<'a, P, T: Clock, O>(
        &self,
        came: &Came<'_>,
        retry: &HttpRetry<P, T, O>,
        about: impl FnOnce() -> About<'a>,
    ) -> Option<(Verdict, Judgement)> {
        match came {
            Came::Answer(status, ..) if retry.classifier.accepts(status.as_u16()) => None,
            _ => self.judge_failure(came, retry, about()),
        }
    }

    #[cold]
    #[inline(never)]
    fn judge_failure<P, T: Clock, O>(
        &self,
        came: &Came<'_>,
        retry: &HttpRetry<P, T, O>,
        about: About<'_>,
    ) -> Option<(Verdict, Judgement)> {
        let now = (retry.wall_clock)();
        let mut exchange = match came {
            Came::Answer(status, headers, body) => {
                self.state().get_or_insert_default().status = Some(*status);
                Exchange::answer(&self.method, status.as_u16(), headers, now).body(body)
            }
            Came::Fault(fault) => Exchange::fault(&self.method, *fault, now),
        };
        if about.moved {
            exchange = exchange.redirected();
        }
        let provider = self.provider(&retry.classifier, about.host);
        if let Some(since) = self.keyed_since {
            exchange = exchange.keyed(retry.time.now().since(since));
        } else if self.has_key(&about, provider) {
            // Without guards nobody knows when it began.
            let age = self.guard.as_ref().map_or(Duration::ZERO, |guard| retry.time.now().since(guard.since));
            exchange = exchange.keyed(age);
        }
        let judgement = retry.classifier.judge_at(&exchange, provider)?;
        self.note(judgement.verdict.effect, exchange.key_age);
        Some((self.limited(&exchange, &judgement, &retry.classifier), judgement))
    }

    /// Whether it has a key that was not looked at before: that of a method which needs none, or one in the body.
    fn has_key(&self, about: &About<'_>, provider: Option<&Provider>) -> bool {
        match key_place(provider) {
            KeyPlace::Header => self.method.is_idempotent() && about.headers.contains_key(IdempotencyKey::HEADER),
            KeyPlace::JsonBody(pointer) => {
                let body = serde_json::from_slice::<serde_json::Value>(about.body).ok();
                body.and_then(|body| Some(!body.pointer(pointer)?.as_str()?.is_empty())).unwrap_or(false)
            }
            KeyPlace::Nowhere => false,
        }
    }

    /// What [`is_forgotten`](Self::is_forgotten) has to know of a failure.
    fn note(&self, effect: Effect, key_age: Option<Duration>) {
        let mut state = self.state();
        let state = state.get_or_insert_default();
        state.in_doubt |= effect == Effect::Possible;
        state.key_age = key_age;
    }

    /// Whether an attempt after `wait` might be taken for another request: one before it may have had an effect, and the
    /// provider will have forgotten the key.
    pub(super) fn is_forgotten(&self, failure: &Failure, wait: Duration, classifier: &HttpClassifier) -> bool {
        if classifier.rules_in_force().may_repeat(self.method.as_str()) {
            return false;
        }
        let Some(provider) = self.provider.get().copied().flatten() else { return false };
        let mut state = self.state();
        let state = state.get_or_insert_default();
        let in_doubt = state.in_doubt || failure.verdict().effect == Effect::Possible;
        let age = state.key_age.unwrap_or_default().max(failure.elapsed());
        in_doubt && !provider.remembers_key(age.saturating_add(wait))
    }

    /// The verdict for the policy: permanent where a limit by category allows no further attempt.
    fn limited(&self, exchange: &Exchange<'_>, judgement: &Judgement, classifier: &HttpClassifier) -> Verdict {
        if !judgement.is_worth_a_retry() {
            return judgement.for_policy();
        }
        let mut state = self.state();
        let state = state.get_or_insert_default();
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
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner).unwrap_or_default();
        let ended = match state.exhausted {
            _ if used_up => Ended::BodyUsedUp,
            Some(exhausted) => Ended::Category(exhausted),
            None => Ended::Policy(gave_up.reason),
        };
        let attempts = gave_up.attempts;
        let got = match gave_up.last {
            Last::Error(failed) => failed.into_got(),
            _ => Got::Nothing,
        };
        let last = match got {
            Got::Answer(mut answer) if !used_up => {
                answer.extend(Retried::new(attempts, Some(ended)));
                return Ok(answer);
            }
            Got::Error(error) => Some(error),
            _ => None,
        };
        let status = if last.is_none() { state.status } else { None };
        Err(RetryError { last, status, ended, attempts })
    }
}

/// Where it is unknown, in the header.
fn key_place(provider: Option<&Provider>) -> KeyPlace {
    provider.map_or(KeyPlace::Header, Provider::key_place)
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
