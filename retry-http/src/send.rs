//! What every client with retry has in common.

mod error;
mod failed_attempt;
mod first;
mod guarding;
mod guards;
mod http_retry;
mod logical;
mod observing;
mod origin;
mod repeating;
mod retried;

pub use error::{Ended, RetryError};
pub use failed_attempt::FailedAttempt;
pub(crate) use failed_attempt::Got;
pub(crate) use guarding::Guarding;
pub(crate) use guards::Guard;
pub use guards::Guards;
pub use http_retry::HttpRetry;
#[cfg(feature = "reqwest")]
pub(crate) use logical::Extend;
pub(crate) use logical::{About, Came, Logical};
pub(crate) use observing::Observing;
pub(crate) use origin::Place;
pub(crate) use repeating::Repeating;
pub use retried::Retried;
