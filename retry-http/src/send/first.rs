//! The first attempt of a request that needs nothing but the client until it fails.

use http::{Method, StatusCode};
use retry_core::{Clock, Observer, RetryPolicy, Started, Succeeded};

use super::{Guards, HttpRetry, Place};

impl<P: RetryPolicy, T: Clock, O: Observer> HttpRetry<P, T, O> {
    /// The copy for a first attempt that may begin before everything else: nothing cuts or admits it, the policy looks at
    /// failures alone, and no key makes a difference. What it comes to is [accepted](Self::accepts_at_once) or handed on.
    #[inline]
    pub(crate) fn begin_at_once<R>(&self, method: &Method, copy: impl FnOnce() -> Option<R>) -> Option<R> {
        let needs = self.policy.needs();
        let is_plain = !(needs.time || needs.admission || needs.outcomes)
            && self.timeout.is_none()
            && self.deadline.is_none()
            && self.repeats_idempotent
            && self.guards.as_ref().is_none_or(Guards::let_everybody_in)
            // NOTE: one that `repeats_idempotent` does not know.
            && method.is_idempotent() && *method != Method::QUERY;
        let copy = if is_plain { copy()? } else { return None };
        self.observer.started(Started::new(1));
        Some(copy)
    }

    /// Whether this is the end: the first attempt succeeded.
    #[inline(always)]
    pub(crate) fn accepts_at_once(&self, status: StatusCode, place: Place<'_>) -> bool {
        let is_success = self.classifier.accepts(status.as_u16());
        if is_success {
            if let Some(guards) = &self.guards {
                guards.succeeded(place, &self.time);
            }
            self.observer.succeeded(Succeeded::new(1));
        }
        is_success
    }
}
