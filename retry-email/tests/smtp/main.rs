//! SMTP against servers that follow a script, and against any others.
#![cfg(feature = "smtp")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod connection;
mod content;
mod envelope;
mod handshake;
mod hostile;
mod sender;
mod server;
mod stages;
