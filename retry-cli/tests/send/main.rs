//! `retry send` from outside: as people, scripts and cron call it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod codes;
mod hosts;
mod limit;
mod message;
mod output;
mod real;
mod support;
