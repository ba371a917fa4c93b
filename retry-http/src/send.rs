//! What every client with retry has in common.

mod error;
mod failed_attempt;
mod http_retry;
mod logical;
mod repeating;
mod retried;

pub use error::{Ended, RetryError};
pub use failed_attempt::FailedAttempt;
pub(crate) use failed_attempt::Got;
pub use http_retry::HttpRetry;
#[cfg(feature = "reqwest")]
pub(crate) use logical::Extend;
pub(crate) use logical::{Came, Logical};
pub(crate) use repeating::Repeating;
pub use retried::Retried;
