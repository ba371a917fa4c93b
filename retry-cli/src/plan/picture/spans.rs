//! From the earliest to the latest start of each attempt: bars below the line.

use plotters::style::{Color, RGBColor};

use super::lane::Mark;
use super::paint::area;
use super::{Canvas, Drawn};

/// The height of a bar, and from one to the next.
const BAR: i32 = 3;
pub(super) const STEP: i32 = 4;
/// More rows than these are no longer told apart.
const ROWS: usize = 12;
/// What is narrower is hidden by its mark.
const NARROW: i32 = 4;

/// For each mark the row of its bar: the uppermost that is free there, so that bars that overlap can be told apart.
pub(super) fn rows(marks: &[Mark]) -> Vec<Option<usize>> {
    // Where each row is free from.
    let mut rows: Vec<i32> = Vec::new();
    let row_of = |mark: &Mark| {
        if mark.to - mark.from < NARROW {
            return None;
        }
        let free = rows.iter().position(|free| *free < mark.from);
        let row = free.or_else(|| {
            // A new one; where there are enough, the one that is free soonest.
            if rows.len() < ROWS {
                rows.push(i32::MIN);
                return Some(rows.len() - 1);
            }
            rows.iter().enumerate().min_by_key(|(_, free)| **free).map(|(row, _)| row)
        })?;
        rows[row] = mark.to + 1;
        Some(row)
    };
    marks.iter().map(row_of).collect()
}

/// Paints the bars from `top` down.
pub(super) fn paint(canvas: &Canvas<'_>, marks: &[Mark], top: i32, colour: RGBColor) -> Drawn {
    for (mark, row) in marks.iter().zip(rows(marks)) {
        let Some(row) = row else { continue };
        let y = top + STEP * i32::try_from(row)?;
        area(canvas, (mark.from, y), (mark.to, y + BAR), colour.mix(0.4 * mark.shade))?;
        area(canvas, (mark.mean - 1, y), (mark.mean + 1, y + BAR), colour.mix(mark.shade))?;
    }
    Ok(())
}
