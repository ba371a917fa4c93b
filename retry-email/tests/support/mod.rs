//! What several areas need.

mod cases;

pub(crate) use cases::cases;
