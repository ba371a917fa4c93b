//! What the marks mean.

use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBColor, colors::BLACK};

use super::paint::{Words, area, dot, line, words};
use super::{Canvas, Drawn, RIGHT};

const GREY: RGBColor = RGBColor(90, 90, 90);

pub(super) fn paint(canvas: &Canvas<'_>) -> Drawn {
    let name = Words { size: 14, bold: false, colour: BLACK.mix(0.7), from: HPos::Left };
    let (y, begin) = (32, RIGHT - 470);
    dot(canvas, (begin, y), 5, GREY.filled())?;
    words(canvas, "attempt (mean)", (begin + 14, y), &name)?;
    area(canvas, (begin + 138, y - 2), (begin + 172, y + 2), GREY.mix(0.4))?;
    area(canvas, (begin + 154, y - 2), (begin + 156, y + 2), GREY.to_rgba())?;
    words(canvas, "earliest to latest", (begin + 182, y), &name)?;
    line(canvas, (begin + 322, y - 11), (begin + 322, y + 11), GREY.to_rgba(), 3)?;
    words(canvas, "none starts later", (begin + 332, y), &name)
}
