//! What the crate promises, from outside.

mod support;

mod classify;
mod headers;
mod idempotency;
mod properties;
mod providers;
mod rules;
mod secrets;
