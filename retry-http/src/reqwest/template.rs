//! The request that attempts copy.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ::reqwest::{Body, Request};
use retry_core::{Attempt, Clock};

use crate::send::{HttpRetry, Logical, Origin};
use crate::{HttpClassifier, Provider};

/// The request that attempts copy, until its body is used up.
pub(super) struct Template(Mutex<Option<Request>>);

impl Template {
    /// What the attempts have in common, and the request that they copy; without its body, where each gets one of its own.
    #[inline]
    pub(super) fn new<P, T: Clock, O>(
        mut request: Request,
        retry: &HttpRetry<P, T, O>,
        own_bodies: bool,
    ) -> (Logical, Self) {
        if own_bodies {
            *request.body_mut() = None;
        }
        // The URL and the headers cannot be borrowed at once.
        let mut headers = std::mem::take(request.headers_mut());
        let url = request.url();
        let logical = Logical::new(request.method(), url.host_str(), &Origin::of_url(url), &mut headers, retry);
        *request.headers_mut() = headers;
        (logical, Self(Mutex::new(Some(request))))
    }

    /// The request of the next attempt; `None`: its body is used up. NOTE: `Repeating` allows no attempt then.
    #[inline]
    fn next(&self, logical: &Logical, attempt: Attempt, classifier: &HttpClassifier) -> Option<Request> {
        logical.begin(attempt);
        let mut template = self.lock();
        let copy = template.as_ref().and_then(Request::try_clone);
        if copy.is_some() {
            return copy;
        }
        logical.body.used_up.store(true, Ordering::Relaxed);
        let last = template.take()?;
        // Nobody can look at its host later.
        logical.find_provider(classifier, last.url().host_str());
        Some(last)
    }

    /// The same with a body that is made anew, where there is a way to.
    #[inline]
    pub(super) fn next_with(
        &self,
        logical: &Logical,
        attempt: Attempt,
        classifier: &HttpClassifier,
        body: Option<impl FnOnce() -> Body>,
    ) -> Option<Request> {
        let mut request = self.next(logical, attempt, classifier)?;
        if let Some(body) = body {
            *request.body_mut() = Some(body());
        }
        Some(request)
    }

    /// The provider of its host.
    pub(super) fn provider(&self, logical: &Logical, classifier: &HttpClassifier) -> Option<&'static Provider> {
        let template = self.lock();
        logical.find_provider(classifier, template.as_ref().and_then(|request| request.url().host_str()))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Request>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
