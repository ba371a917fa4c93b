//! Plans as a picture: a lane a policy, a mark an attempt.

use std::error::Error;
use std::time::Duration;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::style::RGBColor;

use super::axis::Axis;
use super::subject::Subject;

mod frame;
mod lane;
mod legend;
mod paint;
mod spans;

/// Where we draw.
type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// A drawing into a string does not fail; if it did, there is nothing more to say.
type Drawn = Result<(), Box<dyn Error>>;

/// Measures in pixels.
const WIDTH: i32 = 1320;
const LEFT: i32 = 360;
const RIGHT: i32 = WIDTH - 40;
const TOP: i32 = 118;
/// The height of a lane, unless it needs more.
const LANE: i32 = 56;
const BOTTOM: i32 = 48;

/// By Okabe and Ito: told apart with colour-blind eyes too.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(170, 68, 153),
    RGBColor(150, 110, 0),
    RGBColor(30, 140, 200),
    RGBColor(60, 60, 60),
];

/// The picture as SVG. `None`: it cannot be drawn.
pub(super) fn draw(subjects: &[Subject], axis: &Axis, attempt_takes: Duration) -> Option<String> {
    let mut svg = String::new();
    paint_all(&mut svg, subjects, axis, attempt_takes).ok()?;
    Some(svg)
}

fn paint_all(svg: &mut String, subjects: &[Subject], axis: &Axis, attempt_takes: Duration) -> Drawn {
    let lanes: Vec<_> = lane::Lane::all(subjects, axis);
    let end = lanes.last().map_or(TOP, lane::Lane::bottom);
    let size = (u32::try_from(WIDTH)?, u32::try_from(end + BOTTOM)?);
    let canvas = SVGBackend::with_string(svg, size).into_drawing_area();
    frame::paint(&canvas, &lanes, axis, attempt_takes)?;
    for lane in &lanes {
        lane.paint(&canvas, axis)?;
    }
    legend::paint(&canvas)?;
    canvas.present()?;
    Ok(())
}

/// The column of a place from 0 to 1.
#[expect(clippy::cast_possible_truncation, reason = "a place is from 0 to 1")]
fn x(place: f64) -> i32 {
    LEFT + (place * f64::from(RIGHT - LEFT)).round() as i32
}
