//! The numbers that our rows must reach, and what the best peer reaches in the same run.

use crate::figures::Figures;
use crate::mode::Mode;
use crate::table::{Form, Table, cell};
use crate::{SLEEP_BYTES, ours};

/// Which figure of a row.
type Figure = fn(&Figures) -> Option<f64>;

/// A figure of one of our rows and the most it may be.
#[derive(Clone, Copy, Debug)]
struct Gate {
    what: &'static str,
    row: &'static str,
    figure: Figure,
    most: u32,
}

const HAPPY: Figure = |figures| figures.happy_instructions;
const HAPPY_ALLOCS: Figure = |figures| figures.happy_allocs;
const F3: Figure = |figures| figures.f3_instructions;
const F3_ALLOCS: Figure = |figures| figures.f3_allocs;
const DELAY: Figure = |figures| figures.delay_instructions;
const BUDGET: Figure = |figures| figures.guard(Mode::Budget).instructions;
const BUDGET_ALLOCS: Figure = |figures| figures.guard(Mode::Budget).allocs;
const PACER_ALLOCS: Figure = |figures| figures.guard(Mode::Pacer).allocs;
const BREAKER_ALLOCS: Figure = |figures| figures.guard(Mode::Breaker).allocs;
const GUARDS_ALLOCS: Figure = |figures| figures.guard(Mode::Guards).allocs;
/// A future in a box has no size worth comparing, so a row that allocates has none here.
const FUTURE: Figure = |figures| {
    let bytes = u32::try_from(figures.future_bytes_tokio?).ok()?;
    (figures.happy_allocs == Some(0.0)).then_some(f64::from(bytes))
};

/// The timer, and what a call may need besides.
#[expect(clippy::cast_possible_truncation, reason = "96 or 112")]
const FUTURE_BYTES: u32 = SLEEP_BYTES as u32 + 64;

const CLASSES: &str = "retry-core call + classes";

/// The design's figures: call, three failures, future, delay, budget and the other guards.
const GATES: [Gate; 18] = [
    Gate { what: "happy path, instructions", row: ours::CALL, figure: HAPPY, most: 20 },
    Gate { what: "happy path, allocations", row: ours::CALL, figure: HAPPY_ALLOCS, most: 0 },
    Gate { what: "... with an observer", row: "retry-core call + observer", figure: HAPPY, most: 30 },
    Gate { what: "... by the loop", row: "retry-core loop", figure: HAPPY, most: 70 },
    Gate { what: "... by call_mut", row: "retry-core call_mut", figure: HAPPY, most: 90 },
    Gate { what: "... with a boxed policy", row: "retry-core call, boxed policy", figure: HAPPY, most: 50 },
    Gate { what: "three failures, instructions", row: CLASSES, figure: F3, most: 450 },
    Gate { what: "three failures, allocations", row: CLASSES, figure: F3_ALLOCS, most: 0 },
    Gate { what: "every door, happy path, allocations", row: ours::OURS, figure: HAPPY_ALLOCS, most: 0 },
    Gate { what: "every door, three failures, allocations", row: ours::OURS, figure: F3_ALLOCS, most: 0 },
    Gate { what: "future with tokio's Sleep, bytes", row: ours::CALL, figure: FUTURE, most: FUTURE_BYTES },
    Gate { what: "one delay, instructions", row: "retry-core delay", figure: DELAY, most: 70 },
    Gate { what: "... with a factor of 3/2", row: "retry-core delay x3/2", figure: DELAY, most: 150 },
    Gate { what: "budget, deposit and withdrawal", row: "retry-core budget", figure: BUDGET, most: 60 },
    Gate { what: "..., allocations", row: "retry-core budget", figure: BUDGET_ALLOCS, most: 0 },
    Gate { what: "every pacer, allocations", row: ours::OURS, figure: PACER_ALLOCS, most: 0 },
    Gate { what: "every breaker, allocations", row: ours::OURS, figure: BREAKER_ALLOCS, most: 0 },
    Gate { what: "all three in one call, allocations", row: ours::GUARDS, figure: GUARDS_ALLOCS, most: 0 },
];

impl Gate {
    /// The figure of its row, or the greatest of all that begin with it.
    fn ours(&self, figures: &[Figures]) -> Option<f64> {
        let rows = figures.iter().filter(|figures| match self.row {
            ours::OURS => figures.row.starts_with(ours::OURS),
            row => figures.row == row,
        });
        rows.filter_map(self.figure).reduce(f64::max)
    }

    /// `None` if nothing was measured.
    fn is_met(&self, figures: &[Figures]) -> Option<bool> {
        self.ours(figures).map(|ours| ours <= f64::from(self.most))
    }

    /// The least figure of any peer of the same kind: a call is compared with async calls only.
    fn best_peer(&self, figures: &[Figures]) -> Option<(&'static str, f64)> {
        let is_call = figures.iter().any(|figures| figures.row == self.row && figures.is_async());
        let peers = figures.iter().filter(|peer| !peer.is_ours() && !peer.is_by_hand());
        let peers = peers.filter(|peer| !is_call || peer.is_async());
        let figures = peers.filter_map(|peer| Some((peer.row, (self.figure)(peer)?)));
        figures.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn by_hand(&self, figures: &[Figures]) -> Option<f64> {
        figures.iter().filter(|figures| figures.is_by_hand()).find_map(self.figure)
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
    let heading = ["gate", "row", "at most", "ours", "", "best peer", "its", "ours / its", "by hand"];
    let mut table = Table::new(form, &heading);
    for gate in &GATES {
        let ours = gate.ours(figures);
        let best = gate.best_peer(figures);
        let ratio = ours.zip(best).filter(|(_, (_, its))| *its > 0.0).map(|(ours, (_, its))| ours / its);
        let verdict = gate.is_met(figures).map_or("not measured", |met| if met { "met" } else { "NOT met" });
        table.push(vec![
            gate.what.to_owned(),
            gate.row.to_owned(),
            gate.most.to_string(),
            cell(ours),
            verdict.to_owned(),
            cell(best.map(|best| best.0)),
            cell(best.map(|best| best.1)),
            cell(ratio.map(|ratio| format!("{ratio:.2}"))),
            cell(gate.by_hand(figures)),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Row;

    fn figures(row: &'static str, happy: f64) -> Figures {
        let mut figures = Figures::measured(&Row::named(row));
        figures.enter(Mode::Happy, happy);
        figures
    }

    #[test]
    fn one_figure_above_its_limit_misses() {
        assert!(all_met(&[figures(ours::CALL, 20.0)]));
        assert!(!all_met(&[figures(ours::CALL, 20.1)]));
    }

    #[test]
    fn what_was_not_measured_misses_nothing() {
        assert!(all_met(&[]));
        assert!(all_met(&[figures("backon", 1000.0)]));
    }

    #[test]
    fn the_best_peer_is_neither_ours_nor_written_by_hand() {
        let all = [figures("hand loop", 12.0), figures(ours::CALL, 20.0), figures("a", 50.0), figures("b", 40.0)];
        assert_eq!(GATES[0].best_peer(&all), Some(("b", 40.0)));
        assert_eq!(GATES[0].by_hand(&all), Some(12.0));
    }
}
