//! Bodies that are sent again.

use std::fmt;

/// Makes another copy of a request's body.
///
/// ```
/// use retry_http::tower::{CloneBody, ReplayBody};
///
/// assert_eq!(CloneBody.replay(&"hello"), Some("hello"));
/// ```
pub trait ReplayBody<B> {
    /// Another copy; `None`: it can be sent once only, and a request that would be repeated fails with
    /// [`Ended::BodyUsedUp`](crate::Ended::BodyUsedUp) after the first attempt.
    fn replay(&self, body: &B) -> Option<B>;
}

/// By `Clone`: for bytes, and whatever is cheap to clone. The default.
///
/// ```
/// # use retry_http::tower::{CloneBody, ReplayBody};
/// assert_eq!(CloneBody.replay(&vec![1]), Some(vec![1]));
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct CloneBody;

impl<B: Clone> ReplayBody<B> for CloneBody {
    fn replay(&self, body: &B) -> Option<B> {
        Some(body.clone())
    }
}

/// By a function: for bodies of which some can be made anew.
///
/// ```
/// use retry_http::tower::{ReplayBody, ReplayFn};
///
/// enum Body { Bytes(Vec<u8>), Stream }
/// let replay = ReplayFn::new(|body: &Body| match body {
///     Body::Bytes(bytes) => Some(Body::Bytes(bytes.clone())),
///     Body::Stream => None,
/// });
/// assert!(replay.replay(&Body::Stream).is_none());
/// assert!(replay.replay(&Body::Bytes(vec![])).is_some());
/// ```
#[derive(Clone, Copy)]
pub struct ReplayFn<F>(F);

impl<F> ReplayFn<F> {
    /// By `f`.
    ///
    /// ```
    /// # use retry_http::tower::{ReplayBody, ReplayFn};
    /// assert_eq!(ReplayFn::new(|_: &u8| None).replay(&1), None);
    /// ```
    pub const fn new(f: F) -> Self {
        Self(f)
    }
}

impl<B, F: Fn(&B) -> Option<B>> ReplayBody<B> for ReplayFn<F> {
    fn replay(&self, body: &B) -> Option<B> {
        (self.0)(body)
    }
}

impl<F> fmt::Debug for ReplayFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayFn").finish_non_exhaustive()
    }
}
