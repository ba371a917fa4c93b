//! Shapes and words in few words.

use plotters::element::{Circle, PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, FontTransform, IntoFont, RGBAColor, ShapeStyle, TextStyle};

use super::{Canvas, Drawn};

/// How words stand.
pub(super) struct Words {
    pub(super) size: u32,
    pub(super) bold: bool,
    pub(super) colour: RGBAColor,
    pub(super) from: HPos,
}

pub(super) fn words(canvas: &Canvas<'_>, text: &str, at: (i32, i32), how: &Words) -> Drawn {
    // The backend divides sizes by 1.24.
    let font = ("Helvetica, Arial, sans-serif", f64::from(how.size) * 1.24).into_font().transform(FontTransform::None);
    let font = if how.bold { font.style(FontStyle::Bold) } else { font };
    let style = TextStyle::from(font).color(&how.colour).pos(Pos::new(how.from, VPos::Center));
    canvas.draw(&Text::new(text.to_owned(), at, style))?;
    Ok(())
}

pub(super) fn line(canvas: &Canvas<'_>, from: (i32, i32), to: (i32, i32), colour: RGBAColor, width: u32) -> Drawn {
    canvas.draw(&PathElement::new(vec![from, to], colour.stroke_width(width)))?;
    Ok(())
}

pub(super) fn area(canvas: &Canvas<'_>, from: (i32, i32), to: (i32, i32), colour: RGBAColor) -> Drawn {
    canvas.draw(&Rectangle::new([from, to], colour.filled()))?;
    Ok(())
}

pub(super) fn dot(canvas: &Canvas<'_>, at: (i32, i32), radius: i32, style: ShapeStyle) -> Drawn {
    canvas.draw(&Circle::new(at, radius, style))?;
    Ok(())
}
