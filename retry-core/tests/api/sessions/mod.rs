//! The state machine and the facts that it hands to policies.

mod categories;
mod classes;
mod counts;
mod facts;
#[cfg(feature = "serde")]
mod stored;
mod times;
