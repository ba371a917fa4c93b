//! Any `tower` service, with retry (feature `tower`).
//!
//! [`RetryLayer`] puts a [`Retry`](crate::Retry) around a service: policy, classifier, limits, budgets and observer are
//! the retrier's own, and mean what they mean behind every other door. A response that is a failure is told by
//! [`Retry::reject`](crate::Retry::reject).
//!
//! | question | answer |
//! |---|---|
//! | which service makes the first attempt? | the one that was found ready; a clone takes its place |
//! | and the retries? | the same, after it has been found ready again |
//! | who copies a request? | [`CloneRequest`]: `Clone`, or a function that may say no |
//! | what does the caller get? | the response, or a [`GaveUp`](crate::GaveUp) |
//!
//! Put it outside of what concerns one attempt (a timeout, say), and inside of what concerns the request as a whole.

mod clone_request;
mod future;
mod layer;
mod service;

pub use clone_request::{ByClone, CloneFn, CloneRequest};
pub use future::ResponseFuture;
pub use layer::RetryLayer;
pub use service::Retrying;
pub use {tower_layer, tower_service};
