//! The behaviour of `testkit` from outside, driven by plain sockets.

#[cfg(test)] // always so, but it tells clippy that the helpers are test code
mod http;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod smtp;
