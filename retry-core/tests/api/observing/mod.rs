//! What observers hear, and what their adapters make of it.

mod events;
#[cfg(feature = "metrics")]
mod metrics;
mod observers;
#[cfg(feature = "tracing")]
mod tracing;
