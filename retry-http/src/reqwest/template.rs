//! The request that attempts copy.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use ::reqwest::{Body, Request, Url};
use retry_core::{Attempt, Clock};

use crate::send::{About, HttpRetry, Logical, Place};

/// The request that attempts copy, and its body where that can be sent once only.
pub(super) struct Template<'a> {
    // Borrowed, as moving it would cost more than all that is done for a success.
    request: &'a Request,
    once: Option<Mutex<Option<Body>>>,
}

/// What the attempts of `request` have in common.
#[inline]
pub(super) fn logical<P, T: Clock, O>(request: &mut Request, retry: &HttpRetry<P, T, O>) -> Logical {
    let mut logical = Logical::new(request.method(), Place::Url(request.url()), retry);
    if logical.asks_for_key() {
        // The URL and the headers cannot be borrowed at once.
        let mut headers = std::mem::take(request.headers_mut());
        logical.key(request.url().host_str(), &mut headers, retry);
        *request.headers_mut() = headers;
    }
    logical
}

impl<'a> Template<'a> {
    /// Of `request`, which loses its body where each attempt gets one of its own.
    #[inline]
    pub(super) fn new(request: &'a mut Request, own_bodies: bool) -> Self {
        let mut once = None;
        if own_bodies {
            *request.body_mut() = None;
        } else if request.body().is_some_and(|body| body.as_bytes().is_none()) {
            once = Some(Mutex::new(request.body_mut().take()));
        }
        Self { request, once }
    }

    /// The request of the next attempt; `None`: its body is used up. NOTE: `Repeating` allows no attempt then.
    #[inline]
    pub(super) fn next(
        &self,
        logical: &Logical,
        attempt: Attempt,
        body: Option<impl FnOnce() -> Body>,
    ) -> Option<Request> {
        logical.begin(attempt);
        // Without a body that can be sent once only, there is always a copy.
        let mut request = self.request.try_clone()?;
        if let Some(body) = body {
            *request.body_mut() = Some(body());
        } else if let Some(once) = &self.once {
            logical.body.used_up.store(true, Ordering::Relaxed);
            *request.body_mut() = Some(once.lock().unwrap_or_else(PoisonError::into_inner).take()?);
        }
        Some(request)
    }

    /// About the request, whose answer came from this URL.
    pub(super) fn about(&self, answered_by: Option<&Url>) -> About<'a> {
        let request = self.request;
        let url = request.url();
        About {
            host: url.host_str(),
            headers: request.headers(),
            body: request.body().and_then(Body::as_bytes).unwrap_or_default(),
            moved: answered_by.is_some_and(|other| is_elsewhere(url, other)),
        }
    }

    /// Whether an answer is another request's.
    pub(super) fn is_moved(&self, answered_by: &Url) -> bool {
        is_elsewhere(self.request.url(), answered_by)
    }
}

/// Whether two URLs are of two requests. A fragment is not sent, and user and password go into a header.
pub(super) fn is_elsewhere(one: &Url, other: &Url) -> bool {
    (one.scheme(), one.host_str(), one.port_or_known_default())
        != (other.scheme(), other.host_str(), other.port_or_known_default())
        || (one.path(), one.query()) != (other.path(), other.query())
}
