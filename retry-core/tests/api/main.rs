//! Behaviour of `retry-core` from outside, one area a module.
#![cfg(test)]

mod auto_traits;
mod classifying;
mod combining;
mod drivers;
mod ends;
mod object_safety;
mod observing;
mod overload;
mod peers;
mod planning;
mod properties;
mod schedules;
mod sessions;
mod simulate;
mod sizes;
mod statistics;
mod support;
mod test_kit;
mod text;
#[cfg(feature = "tower")]
mod tower;
