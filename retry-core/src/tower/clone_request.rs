//! Requests that are sent again.

use std::fmt;

/// Makes the copy of a request that a retry would send.
///
/// ```
/// use retry_core::tower::{ByClone, CloneRequest};
///
/// assert_eq!(ByClone.clone_request(&"GET /"), Some("GET /"));
/// ```
pub trait CloneRequest<Req> {
    /// A copy; `None`: this request can be sent once only. Asked before each attempt.
    ///
    /// Where the attempt then fails and the policy would retry, the run ends at once with that very failure and
    /// [`StopReason::Unrepeatable`](crate::StopReason::Unrepeatable).
    ///
    /// ```
    /// # use retry_core::tower::{CloneFn, CloneRequest};
    /// let even = CloneFn::new(|request: &u32| (request % 2 == 0).then_some(*request));
    /// assert_eq!((even.clone_request(&4), even.clone_request(&5)), (Some(4), None));
    /// ```
    fn clone_request(&self, request: &Req) -> Option<Req>;
}

/// By [`Clone`]: the default.
///
/// ```
/// # use retry_core::tower::{ByClone, CloneRequest};
/// assert_eq!(ByClone.clone_request(&vec![1]), Some(vec![1]));
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct ByClone;

impl<Req: Clone> CloneRequest<Req> for ByClone {
    #[inline]
    fn clone_request(&self, request: &Req) -> Option<Req> {
        Some(request.clone())
    }
}

/// By a function. See [`RetryLayer::clone_request`](super::RetryLayer::clone_request).
///
/// ```
/// use retry_core::tower::{CloneFn, CloneRequest};
///
/// enum Body { Text(String), Stream }
/// let bodies = CloneFn::new(|body: &Body| match body {
///     Body::Text(text) => Some(Body::Text(text.clone())),
///     Body::Stream => None,
/// });
/// assert!(bodies.clone_request(&Body::Text(String::new())).is_some());
/// assert!(bodies.clone_request(&Body::Stream).is_none());
/// ```
#[derive(Clone, Copy)]
pub struct CloneFn<F>(F);

impl<F> CloneFn<F> {
    /// By `f`.
    ///
    /// ```
    /// # use retry_core::tower::{CloneFn, CloneRequest};
    /// assert_eq!(CloneFn::new(|_: &u8| None).clone_request(&1), None);
    /// ```
    pub const fn new<Req>(f: F) -> Self
    where
        F: Fn(&Req) -> Option<Req>,
    {
        Self(f)
    }
}

impl<Req, F: Fn(&Req) -> Option<Req>> CloneRequest<Req> for CloneFn<F> {
    #[inline]
    fn clone_request(&self, request: &Req) -> Option<Req> {
        (self.0)(request)
    }
}

impl<F> fmt::Debug for CloneFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CloneFn").finish_non_exhaustive()
    }
}
