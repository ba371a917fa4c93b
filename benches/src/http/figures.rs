//! All that is measured of a way to send; the keys of the JSON form.

use serde::Serialize;

use super::{Kind, Transport, Way};
use crate::callgrind::{self, Failure};
use crate::progress::Progress;
use crate::{allocations, stopwatch};

/// The figures of one way to send one request that succeeds at once.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// The name of the row.
    pub row: &'static str,
    /// What the request goes over.
    pub transport: &'static str,
    /// Nanoseconds.
    pub ns: f64,
    /// Instructions, without those of the allocator; `None` without valgrind.
    pub instructions: Option<f64>,
    /// Heap allocations.
    pub allocs: f64,
    /// Instructions beyond the bare row of the transport.
    pub added_instructions: Option<f64>,
    /// Allocations beyond it.
    pub added_allocs: Option<f64>,
    /// Instructions beyond the row that copies the request, as sending again needs; only for rows that retry.
    pub own_instructions: Option<f64>,
    /// Allocations beyond it.
    pub own_allocs: Option<f64>,
    #[serde(skip)]
    kind: Kind,
    #[serde(skip)]
    pub(super) of: Transport,
}

/// Measures all of `ways`, their instructions where `counts` says so.
///
/// # Errors
/// If a child process fails or prints no count.
pub fn measure(ways: &[Way], counts: bool) -> Result<Vec<Figures>, Failure> {
    let progress = Progress::of("measuring rows", ways.len());
    let mut figures = Vec::with_capacity(ways.len());
    for way in ways {
        progress.step(way.name);
        let counted = counts.then(|| callgrind::a_turn_beside_the_allocator(&["measure", way.name])).transpose()?;
        figures.push(Figures {
            row: way.name,
            transport: way.transport.name(),
            ns: tenth(stopwatch::nanoseconds(&way.run)),
            instructions: counted.map(tenth),
            allocs: tenth(allocations::an_iteration(&way.run)),
            added_instructions: None,
            added_allocs: None,
            own_instructions: None,
            own_allocs: None,
            kind: way.kind,
            of: way.transport,
        });
    }
    let measured = figures.clone();
    for row in &mut figures {
        let base = |kind| measured.iter().find(|base| base.of == row.of && base.kind == kind);
        let beyond = |figure: Option<f64>, base: Option<f64>| figure.zip(base).map(|(a, b)| tenth(a - b));
        let (bare, copying) = (base(Kind::Bare), base(Kind::Copying));
        if row.kind != Kind::Bare {
            row.added_instructions = beyond(row.instructions, bare.and_then(|bare| bare.instructions));
            row.added_allocs = beyond(Some(row.allocs), bare.map(|bare| bare.allocs));
        }
        if matches!(row.kind, Kind::Ours | Kind::Peer) {
            row.own_instructions = beyond(row.instructions, copying.and_then(|copying| copying.instructions));
            row.own_allocs = beyond(Some(row.allocs), copying.map(|copying| copying.allocs));
        }
    }
    Ok(figures)
}

fn tenth(value: f64) -> f64 {
    // The sum makes a zero of a negative one.
    (value * 10.0).round() / 10.0 + 0.0
}
