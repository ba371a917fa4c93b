//! One logical request, and what its attempts have in common.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use http::{HeaderMap, Method, StatusCode};
use retry_core::{Clock, Entropy, GaveUp, Last, Time, Verdict};

use super::repeating::BodyState;
use super::{Ended, FailedAttempt, Got, HttpRetry, Retried, RetryError};
use crate::{Exchange, Exhausted, Fault, IdempotencyKey, Judgement, KeyPlace, Provider, SpentOn, Tally};

/// What stays the same from attempt to attempt, but the request itself.
pub(crate) struct Logical {
    method: Method,
    provider: Option<&'static Provider>,
    /// When its key was first sent; `None` without one.
    keyed_since: Option<Time>,
    pub(crate) body: BodyState,
    state: Mutex<State>,
}

struct State {
    attempts: u32,
    tally: Tally,
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
    pub(crate) fn new<P, T: Clock, O>(
        method: &Method,
        host: Option<&str>,
        headers: &mut HeaderMap,
        retry: &HttpRetry<P, T, O>,
    ) -> Self {
        let (rules, provider) = (retry.classifier.rules_in_force(), retry.classifier.provider_at(host));
        let place = provider.map_or(KeyPlace::Header, Provider::key_place);
        if retry.keys && !rules.may_repeat(method.as_str()) && place == KeyPlace::Header {
            IdempotencyKey::ensure(headers, &mut Draw(&retry.time));
        }
        let keyed_since = headers.contains_key(IdempotencyKey::HEADER).then(|| retry.time.now());
        let state = State { attempts: 0, tally: Tally::new(rules.category_limits()), exhausted: None, status: None };
        Self { method: method.clone(), provider, keyed_since, body: BodyState::default(), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place<'a>(&self, exchange: Exchange<'a>, now: impl FnOnce() -> Time) -> Exchange<'a> {
        match self.keyed_since {
            Some(since) => exchange.keyed(now().since(since)),
            None => exchange,
        }
    }

    /// Whether what may have happened is repeated: what a cut attempt needs to know in advance.
    pub(crate) fn is_repeatable<P, T, O>(&self, retry: &HttpRetry<P, T, O>) -> bool {
        let cut = Exchange::fault(&self.method, Fault::Timeout, SystemTime::UNIX_EPOCH);
        let cut = self.place(cut, || self.keyed_since.unwrap_or_default());
        retry.classifier.may_repeat(&cut, self.provider)
    }

    /// An attempt begins.
    pub(crate) fn begin(&self) {
        let mut state = self.state();
        state.attempts = state.attempts.saturating_add(1);
        state.status = None;
    }

    /// What an attempt came to; `None`: it is no failure.
    pub(crate) fn judge<P, T: Clock, O>(
        &self,
        came: &Came<'_>,
        retry: &HttpRetry<P, T, O>,
    ) -> Option<(Verdict, Judgement)> {
        let now = (retry.wall_clock)();
        let exchange = match came {
            Came::Answer(status, headers, body) => {
                self.state().status = Some(*status);
                Exchange::answer(&self.method, status.as_u16(), headers, now).body(body)
            }
            Came::Fault(fault) => Exchange::fault(&self.method, *fault, now),
        };
        let exchange = self.place(exchange, || retry.time.now());
        let judgement = retry.classifier.judge_at(&exchange, self.provider)?;
        Some((self.limited(&exchange, &judgement), judgement))
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
    pub(crate) fn end<E, R: Extend>(self, end: Result<R, GaveUp<FailedAttempt<E, R>>>) -> Result<R, RetryError<E>> {
        let used_up = self.body.missed.into_inner();
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let gave_up = match end {
            Ok(mut answer) => {
                if state.attempts > 1 {
                    answer.extend(Retried::new(state.attempts, None));
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
