//! What ours must reach, and what the best peer of the same transport reaches.

use super::figures::Figures;
use crate::table::{Form, Table, cell};

/// A figure of one of our rows and the most it may be.
struct Gate {
    what: &'static str,
    row: &'static str,
    figure: fn(&Figures) -> Option<f64>,
    most: f64,
}

const INSTRUCTIONS: fn(&Figures) -> Option<f64> = |figures| figures.own_instructions;
const ALLOCS: fn(&Figures) -> Option<f64> = |figures| figures.own_allocs;

/// The design's figures for reqwest, whichever way it is wrapped; beyond the copy of the request.
const GATES: [Gate; 6] = [
    Gate { what: "client, instructions", row: "retry-http client", figure: INSTRUCTIONS, most: 300.0 },
    Gate { what: "client, allocations", row: "retry-http client", figure: ALLOCS, most: 0.0 },
    Gate { what: "builder, instructions", row: "retry-http send_with", figure: INSTRUCTIONS, most: 300.0 },
    Gate { what: "builder, allocations", row: "retry-http send_with", figure: ALLOCS, most: 0.0 },
    Gate { what: "middleware, instructions", row: "retry-http middleware", figure: INSTRUCTIONS, most: 300.0 },
    Gate { what: "middleware, allocations", row: "retry-http middleware", figure: ALLOCS, most: 0.0 },
];

impl Gate {
    fn row<'a>(&self, figures: &'a [Figures]) -> Option<&'a Figures> {
        figures.iter().find(|figures| figures.row == self.row)
    }

    /// `None` if it was not measured.
    fn is_met(&self, figures: &[Figures]) -> Option<bool> {
        self.row(figures).and_then(self.figure).map(|ours| ours <= self.most)
    }

    /// The least figure of a peer over the same transport.
    fn best_peer(&self, figures: &[Figures]) -> Option<(&'static str, f64)> {
        let of = self.row(figures)?.of;
        let peers = figures.iter().filter(|peer| peer.of == of && !peer.row.starts_with("retry-http"));
        let peers = peers.filter_map(|peer| Some((peer.row, (self.figure)(peer)?)));
        peers.min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// Whether none of the gates that were measured is missed.
#[must_use]
pub fn all_met(figures: &[Figures]) -> bool {
    GATES.iter().all(|gate| gate.is_met(figures) != Some(false))
}

/// Every gate: our figure, whether it is met, and the best peer's.
#[must_use]
pub fn table(form: Form, figures: &[Figures]) -> Table {
    let mut table = Table::new(form, &["gate, beyond the copy", "row", "at most", "ours", "", "best peer", "its"]);
    for gate in &GATES {
        let best = gate.best_peer(figures);
        let verdict = gate.is_met(figures).map_or("not measured", |met| if met { "met" } else { "NOT met" });
        table.push(vec![
            gate.what.to_owned(),
            gate.row.to_owned(),
            gate.most.to_string(),
            cell(gate.row(figures).and_then(gate.figure)),
            verdict.to_owned(),
            cell(best.map(|best| best.0)),
            cell(best.map(|best| best.1)),
        ]);
    }
    table
}
