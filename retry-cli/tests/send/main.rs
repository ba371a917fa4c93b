//! `retry send` from outside: as people, scripts and cron call it.

#[cfg(test)] // always so, but it tells clippy that the helpers are test code
mod support;

mod codes;
mod hosts;
mod limit;
mod message;
mod output;
mod real;
