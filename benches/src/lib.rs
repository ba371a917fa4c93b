//! The engine and its peers on the same work, side by side in one run.
//!
//! One [`Row`] is one way to retry: a door of `retry-core`, a peer crate, or a loop written by hand. [`rows`] lists them
//! all; the binaries `overhead` and `concurrency` and the criterion benches measure them. `README.md` says how to run
//! and read them, and where the comparison is uneven.

pub mod allocations;
pub mod caller;
pub mod callgrind;
pub mod comparators;
pub mod conformance;
pub mod cpu_time;
pub mod crowd;
pub mod figures;
pub mod gate;
mod held;
pub mod http;
pub mod loops;
pub mod machine;
pub mod mode;
pub mod ours;
pub mod overload;
pub mod peers;
pub mod progress;
pub mod row;
pub mod stopwatch;
pub mod table;
pub mod work;

use row::Row;

/// Every row: the peers first, as the yardstick, then ours.
#[must_use]
pub fn rows() -> Vec<Row> {
    let mut rows = peers::rows();
    rows.extend(ours::rows());
    rows
}

/// What decides the size of every future with a timer in it, and changes with tokio's features: 96 bytes, or 112 where
/// anything in the build asks for `rt-multi-thread`.
pub const SLEEP_BYTES: usize = size_of::<tokio::time::Sleep>();
