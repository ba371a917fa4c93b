//! Title, lanes' ground, and the scale of time.

use std::time::Duration;

use plotters::style::colors::{BLACK, WHITE};
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBColor};

use super::lane::Lane;
use super::paint::{Words, area, line, words};
use super::{Canvas, Drawn, LEFT, RIGHT, TOP, WIDTH, x};
use crate::plan::axis::Axis;
use crate::plan::span::Span;

const SHADE: RGBColor = RGBColor(245, 246, 248);
const GRID: RGBColor = RGBColor(214, 217, 222);

pub(super) fn paint(canvas: &Canvas<'_>, lanes: &[Lane<'_>], axis: &Axis, attempt_takes: Duration) -> Drawn {
    canvas.fill(&WHITE)?;
    let title = Words { size: 24, bold: true, colour: BLACK.mix(0.87), from: HPos::Left };
    words(canvas, "When each attempt starts, if every attempt fails", (24, 32), &title)?;
    let takes = match attempt_takes {
        Duration::ZERO => String::from("attempts take no time"),
        takes => format!("each attempt takes {}", Span(takes)),
    };
    let said = format!("Time since the first attempt, by orders of magnitude; {takes}");
    let subtitle = Words { size: 15, bold: false, colour: BLACK.mix(0.6), from: HPos::Left };
    words(canvas, &said, (24, 58), &subtitle)?;

    let end = lanes.last().map_or(TOP, Lane::bottom);
    for lane in lanes.iter().filter(|lane| lane.is_shaded()) {
        area(canvas, (0, lane.top()), (WIDTH, lane.bottom()), SHADE.to_rgba())?;
    }
    let name = Words { size: 15, bold: false, colour: BLACK.mix(0.7), from: HPos::Center };
    for tick in axis.ticks(0.055) {
        let at = x(tick.at);
        line(canvas, (at, TOP - 6), (at, end + 6), GRID.to_rgba(), 1)?;
        words(canvas, tick.name, (at, end + 22), &name)?;
        words(canvas, tick.name, (at, TOP - 16), &name)?;
    }
    line(canvas, (LEFT, end), (RIGHT, end), GRID.to_rgba(), 1)
}
