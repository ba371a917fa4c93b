//! Any `tower` service of `http` requests, with retry.

mod error;
mod failed_attempt;
mod fault_of;
mod future;
mod layer;
mod repeating;
mod replay;
mod request;
mod retried;
mod service;

pub use error::{Ended, RetryError};
pub use failed_attempt::FailedAttempt;
pub use fault_of::{AnyFault, FaultFn, FaultOf, IoFault};
pub use future::ResponseFuture;
pub use layer::RetryLayer;
pub use replay::{CloneBody, ReplayBody, ReplayFn};
pub use retried::Retried;
pub use service::RetryService;
pub use {tower_layer, tower_service};
