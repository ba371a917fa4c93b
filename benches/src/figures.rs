//! All that is measured of a row; the keys of the JSON form.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

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
    /// Those of the guards, in the order of [`Mode::GUARDS`]; the keys are `budget_ns` and so on.
    #[serde(flatten, serialize_with = "keyed")]
    pub guards: [GuardFigures; 4],
    /// Instructions of a call with three failures, tokio's timers included.
    pub f3_tokio_instructions: Option<f64>,
    /// Heap allocations of the same.
    pub f3_tokio_allocs: Option<f64>,
}

/// What is measured of one guard.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GuardFigures {
    /// Nanoseconds of an iteration, one thread.
    pub ns: Option<f64>,
    /// Instructions of the same.
    pub instructions: Option<f64>,
    /// Heap allocations of the same.
    pub allocs: Option<f64>,
    /// Nanoseconds of an iteration while another thread does the same with the same guard.
    pub two_threads_ns: Option<f64>,
}

/// In the order of their names.
fn keyed<S: Serializer>(guards: &[GuardFigures; 4], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (mode, guard) in Mode::GUARDS.iter().zip(guards) {
        let name = mode.name();
        map.serialize_entry(&format!("{name}_ns"), &guard.ns)?;
        map.serialize_entry(&format!("{name}_instructions"), &guard.instructions)?;
        map.serialize_entry(&format!("{name}_allocs"), &guard.allocs)?;
        map.serialize_entry(&format!("{name}_two_threads_ns"), &guard.two_threads_ns)?;
    }
    map.end()
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
            guards: Mode::GUARDS.map(|mode| GuardFigures {
                ns: ns(mode),
                instructions: None,
                allocs: allocs(mode),
                two_threads_ns: row.guard(mode).map(|guard| rounded(stopwatch::nanoseconds(&*guard.together), 100.0)),
            }),
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
            guard => match Mode::GUARDS.iter().zip(&mut self.guards).find(|(mode, _)| **mode == guard) {
                Some((_, figures)) => &mut figures.instructions,
                None => return,
            },
        };
        *place = Some(rounded(instructions, 10.0));
    }

    /// The figures of a guard; none of any other mode.
    #[must_use]
    pub fn guard(&self, mode: Mode) -> GuardFigures {
        let found = Mode::GUARDS.iter().zip(&self.guards).find(|(guard, _)| **guard == mode);
        found.map(|(_, figures)| *figures).unwrap_or_default()
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
