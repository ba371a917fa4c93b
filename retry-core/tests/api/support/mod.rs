//! What several areas share.

pub(crate) mod doors;
pub(crate) mod facts;
pub(crate) mod gate;
pub(crate) mod preview;
#[cfg(feature = "tower")]
pub(crate) mod service;
pub(crate) mod strategies;
pub(crate) mod tokens;
pub(crate) mod waking;
