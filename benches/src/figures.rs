//! All that is measured of a row; the keys of the JSON form.

use serde::Serialize;

use crate::mode::Mode;
use crate::row::Row;
use crate::{allocations, stopwatch};

/// The figures of one row. `None`, null in JSON, where the row has no such thing or it was not measured.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// The name of the row.
    pub row: &'static str,
    /// Nanoseconds of a call that succeeds at once.
    pub happy_ns: Option<f64>,
    /// Instructions of the same.
    pub happy_instructions: Option<f64>,
    /// Heap allocations of the same.
    pub happy_allocs: Option<f64>,
    /// Nanoseconds of a call with three failures and a sleeper that is ready at once.
    pub f3_ns: Option<f64>,
    /// Instructions of the same.
    pub f3_instructions: Option<f64>,
    /// Heap allocations of the same.
    pub f3_allocs: Option<f64>,
    /// The size of a call's future with that sleeper.
    pub future_bytes_noop: Option<usize>,
    /// The size of a call's future with tokio's timer.
    pub future_bytes_tokio: Option<usize>,
    /// Nanoseconds of one delay, jittered.
    pub delay_ns: Option<f64>,
    /// Instructions of the same.
    pub delay_instructions: Option<f64>,
    /// Nanoseconds of a success told to a budget and a retry drawn from it.
    pub budget_ns: Option<f64>,
    /// Instructions of the same.
    pub budget_instructions: Option<f64>,
    /// Heap allocations of the same.
    pub budget_allocs: Option<f64>,
    /// Instructions of a call with three failures, tokio's timers included.
    pub f3_tokio_instructions: Option<f64>,
    /// Heap allocations of the same.
    pub f3_tokio_allocs: Option<f64>,
}

impl Figures {
    /// Times, allocations and sizes; instructions come from [`callgrind`](crate::callgrind).
    #[must_use]
    pub fn measured(row: &Row) -> Self {
        let ns = |mode: Mode| mode.of(row).map(|run| rounded(stopwatch::nanoseconds(run) / mode.units(), 100.0));
        let allocs = |mode: Mode| mode.of(row).map(|run| rounded(allocations::an_iteration(run), 100.0));
        Self {
            row: row.name,
            happy_ns: ns(Mode::Happy),
            happy_instructions: None,
            happy_allocs: allocs(Mode::Happy),
            f3_ns: ns(Mode::F3),
            f3_instructions: None,
            f3_allocs: allocs(Mode::F3),
            future_bytes_noop: row.future_bytes_noop.as_ref().map(|bytes| bytes()),
            future_bytes_tokio: row.future_bytes_tokio.as_ref().map(|bytes| bytes()),
            delay_ns: ns(Mode::Delays),
            delay_instructions: None,
            budget_ns: ns(Mode::Budget),
            budget_instructions: None,
            budget_allocs: allocs(Mode::Budget),
            f3_tokio_instructions: None,
            f3_tokio_allocs: allocs(Mode::F3Tokio),
        }
    }

    /// Enters what callgrind counted.
    pub fn enter(&mut self, mode: Mode, instructions: f64) {
        let place = match mode {
            Mode::Happy => &mut self.happy_instructions,
            Mode::F3 => &mut self.f3_instructions,
            Mode::F3Tokio => &mut self.f3_tokio_instructions,
            Mode::Delays => &mut self.delay_instructions,
            Mode::Budget => &mut self.budget_instructions,
        };
        *place = Some(rounded(instructions, 10.0));
    }

    /// Whether the row is a door of ours.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.row.starts_with("retry-core")
    }

    /// Whether the row is a loop written by hand, the limit rather than a peer.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        self.row.starts_with("hand loop")
    }

    /// Whether the row is async.
    #[must_use]
    pub fn is_async(&self) -> bool {
        self.future_bytes_tokio.is_some()
    }
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
