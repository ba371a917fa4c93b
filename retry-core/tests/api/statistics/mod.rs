//! What holds of many draws. Every sequence is seeded, so a test passes always or never.

mod at_the_cap;
mod distributions;
mod entropy;
mod golden;
mod sample;
mod sharing;
