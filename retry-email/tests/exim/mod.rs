//! Exim's retry rules: what is read, what is refused and how, and the way back.

mod properties;
mod reading;
mod refused;
mod writing;
