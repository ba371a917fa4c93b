//! Policies as text.

mod accepted;
mod errors;
mod limited;
mod limits;
mod names;
mod noise;
mod round_trip;
#[cfg(feature = "serde")]
mod stored;
