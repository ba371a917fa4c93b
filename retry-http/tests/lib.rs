//! What the crate promises, from outside.

#![allow(clippy::duplicate_mod, reason = "each example has the module that the examples have in common")]

// Always so, but it tells clippy that the helpers are test code.
#[cfg(test)]
mod classify;
#[cfg(test)]
#[cfg(feature = "reqwest")]
mod examples;
#[cfg(test)]
#[cfg(feature = "tower")]
mod guards;
#[cfg(test)]
mod headers;
#[cfg(test)]
#[cfg(all(feature = "reqwest-blocking", feature = "reqwest-middleware", feature = "tower"))]
mod hostile;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
#[cfg(feature = "reqwest")]
mod nacks;
#[cfg(test)]
#[cfg(feature = "reqwest-middleware")]
mod peers;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod providers;
#[cfg(test)]
#[cfg(feature = "reqwest")]
mod readme;
#[cfg(test)]
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod support;
#[cfg(test)]
#[cfg(feature = "tower")]
mod tower;
