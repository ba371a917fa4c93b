//! SMTP against servers that follow a script, and against any others.
#![cfg(feature = "smtp")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod blocking;
mod concurrency;
mod connection;
mod content;
mod defects;
mod encrypted;
mod envelope;
mod handshake;
mod hostile;
mod hosts;
#[cfg(feature = "lettre")]
mod lettre;
mod login;
mod manual;
mod perl;
mod real;
mod sender;
mod server;
mod several_hosts;
mod stages;
mod timeouts;
mod tls;
mod told;
