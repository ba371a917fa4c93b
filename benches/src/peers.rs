//! One module a peer, each with its rows.
//!
//! Every peer runs the policy of [`work`](crate::work) with jitter off, in the way that costs it least: what it takes anew
//! with each call is a constant that the optimiser sees, and a service that can be kept is made once.

mod backoff;
mod backon;
mod breakers;
mod governor;
mod hand;
mod retry;
mod tokio_retry;
mod tokio_retry2;
mod tower;
mod tower_budget;
mod tower_resilience;

use crate::row::Row;

/// The rows of all peers. A new peer is a module here and a line below.
pub(crate) fn rows() -> Vec<Row> {
    let calls = [
        hand::row(),
        backon::row(),
        tokio_retry::row(),
        tokio_retry2::row(),
        backoff::row(),
        tower::row(),
        tower_budget::row(),
        tower_resilience::row(),
        governor::row(),
        hand::blocking_row(),
        backon::blocking_row(),
        retry::row(),
    ];
    calls.into_iter().chain(breakers::rows()).collect()
}
