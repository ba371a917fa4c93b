//! The lane of a policy, or of one of its classes.

use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBColor, colors::BLACK, colors::WHITE};
use retry_core::{Figure, Planned};

use super::paint::{Words, dot, line, words};
use super::spans;
use super::{COLOURS, Canvas, Drawn, LANE, LEFT, RIGHT, TOP, x};
use crate::plan::axis::Axis;
use crate::plan::span::Span;
use crate::plan::subject::{Part, Subject};
use crate::plan::summary;

/// Where it is and what it shows.
pub(super) struct Lane<'a> {
    subject: &'a Subject,
    part: &'a Part,
    /// Of the policy among all.
    number: usize,
    top: i32,
    height: i32,
    marks: Vec<Mark>,
}

/// Of a mark.
const RADIUS: i32 = 5;
/// From a lane's top to its line, and to the bars.
const LINE: i32 = 29;
const SPANS: i32 = LINE + RADIUS + 4;
/// What a name may be long, in characters.
const NAME: usize = 30;

impl<'a> Lane<'a> {
    /// One below the other.
    pub(super) fn all(subjects: &'a [Subject], axis: &Axis) -> Vec<Self> {
        let mut lanes: Vec<Self> = Vec::new();
        for (number, subject) in subjects.iter().enumerate() {
            for part in subject.parts() {
                let top = lanes.last().map_or(TOP, Self::bottom);
                let marks: Vec<_> = part.plan.attempts().iter().map(|attempt| Mark::new(attempt, axis)).collect();
                let rows = spans::rows(&marks).into_iter().flatten().max().map_or(0, |row| row + 1);
                // As many rows as a plan can have fit any number.
                let height = LANE.max(SPANS + spans::STEP * i32::try_from(rows).unwrap_or(0) + 6);
                lanes.push(Self { subject, part, number, top, height, marks });
            }
        }
        lanes
    }

    pub(super) const fn top(&self) -> i32 {
        self.top
    }

    pub(super) const fn bottom(&self) -> i32 {
        self.top + self.height
    }

    /// Every other policy stands on grey.
    pub(super) const fn is_shaded(&self) -> bool {
        self.number.is_multiple_of(2)
    }

    fn colour(&self) -> RGBColor {
        COLOURS[self.number % COLOURS.len()]
    }

    pub(super) fn paint(&self, canvas: &Canvas<'_>, axis: &Axis) -> Drawn {
        self.paint_name(canvas)?;
        let (y, colour) = (self.top + LINE, self.colour());
        line(canvas, (LEFT, y), (RIGHT, y), colour.mix(0.25), 1)?;
        if let Some(limit) = self.part.time_limit {
            let at = x(axis.place(limit));
            line(canvas, (at, y - 13), (at, y + 13), colour.to_rgba(), 3)?;
        }
        spans::paint(canvas, &self.marks, self.top + SPANS, colour)?;
        self.paint_marks(canvas, y)?;
        self.paint_numbers(canvas, y)?;
        if self.part.plan.ends().is_none() {
            let more = Words { size: 18, bold: true, colour: colour.to_rgba(), from: HPos::Left };
            words(canvas, "→", (RIGHT + 6, y), &more)?;
        }
        Ok(())
    }

    /// A dot each, smaller where they crowd.
    fn paint_marks(&self, canvas: &Canvas<'_>, y: i32) -> Drawn {
        // Of several in one place, one is seen.
        let mut marks: Vec<_> = self.marks.iter().collect();
        marks.dedup_by_key(|mark| mark.mean);
        for (n, mark) in marks.iter().enumerate() {
            let gap = |other: Option<&&Mark>| other.map_or(i32::MAX, |other| (other.mean - mark.mean).abs());
            let before = n.checked_sub(1).and_then(|before| marks.get(before));
            let radius = (gap(before).min(gap(marks.get(n + 1))) / 2).clamp(2, RADIUS);
            if radius == RADIUS {
                dot(canvas, (mark.mean, y), RADIUS + 1, WHITE.filled())?;
            }
            dot(canvas, (mark.mean, y), radius, self.colour().mix(mark.shade).filled())?;
        }
        Ok(())
    }

    fn paint_name(&self, canvas: &Canvas<'_>) -> Drawn {
        let middle = self.top + LINE;
        let bold = self.part.class.is_none();
        let name = if bold { self.subject.label.as_str() } else { self.part.name() };
        let (left, size) = if bold { (24, 17) } else { (44, 15) };
        let how = Words { size, bold, colour: self.colour().to_rgba(), from: HPos::Left };
        words(canvas, &summary::shortened(name, NAME), (left, middle - 9), &how)?;
        let how = Words { size: 13, bold: false, colour: BLACK.mix(0.6), from: HPos::Left };
        words(canvas, &self.said(), (left, middle + 11), &how)
    }

    /// How many attempts, and when the last starts.
    fn said(&self) -> String {
        let count = summary::count(self.part);
        match summary::last(self.part) {
            Some(last) if last.number() > 1 => format!("{count}, the last after {}", Span(last.at().mean().value)),
            _ => count,
        }
    }

    /// The numbers of attempts above their marks as far as all have room, and then that of the last.
    fn paint_numbers(&self, canvas: &Canvas<'_>, y: i32) -> Drawn {
        let how = Words { size: 12, bold: false, colour: self.colour().to_rgba(), from: HPos::Center };
        let mut free = i32::MIN;
        let mut crowded = false;
        for (n, mark) in self.marks.iter().enumerate() {
            let number = (n + 1).to_string();
            // 4 pixels on either side of each digit.
            let half = 4 * i32::try_from(number.len())?;
            crowded |= mark.mean - half <= free;
            let is_last = n + 1 == self.marks.len() && mark.mean - half > free;
            if !crowded || is_last {
                words(canvas, &number, (mark.mean, y - 18), &how)?;
                free = mark.mean + half + 2;
            }
        }
        Ok(())
    }
}

/// An attempt, in pixels.
pub(super) struct Mark {
    pub(super) from: i32,
    pub(super) mean: i32,
    pub(super) to: i32,
    /// What few runs come to is pale.
    pub(super) shade: f64,
}

impl Mark {
    fn new(attempt: &Planned, axis: &Axis) -> Self {
        let place = |figure: Figure| x(axis.place(figure.value));
        let at = attempt.at();
        let shade = attempt.reached().value.max(0.35);
        Self { from: place(at.min()), mean: place(at.mean()), to: place(at.max()), shade }
    }
}
