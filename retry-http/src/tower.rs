//! Any `tower` service of `http` requests, with retry.

mod fault_of;
mod future;
mod layer;
mod replay;
mod service;

pub use fault_of::{AnyFault, FaultFn, FaultOf, IoFault};
pub use future::ResponseFuture;
pub use layer::RetryLayer;
pub use replay::{CloneBody, ReplayBody, ReplayFn};
pub use service::RetryService;
pub use {tower_layer, tower_service};
