//! SMTP against servers that follow a script, and against any others.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[cfg(feature = "smtp")]
mod connection;
mod content;
mod envelope;
mod handshake;
mod hostile;
#[cfg(feature = "smtp")]
mod sender;
mod server;
mod stages;
