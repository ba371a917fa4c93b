//! A proxy that makes the loopback as far away as a real server.
//!
//! On one machine a round trip takes some microseconds, so that a client which waits for every reply looks as good as
//! one which does not. Behind a [`DelayProxy`] it takes as long as between two towns, or two continents.

pub use self::delay_proxy::DelayProxy;

mod clock;
mod delay_proxy;
mod links;
mod pipe;
