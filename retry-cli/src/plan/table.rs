//! The attempts of a plan, row by row, with bars on the scale of time.

use std::fmt::Write;

use console::{Term, style};
use retry_core::Planned;

use super::axis::Axis;
use super::span::Span;
use super::subject::{Part, Subject};

/// The narrowest bars that show anything, and the widest that help.
const NARROW: usize = 16;
const WIDE: usize = 72;

/// How all tables of an output look, so that their bars stand below each other.
pub(super) struct Layout<'a> {
    /// A delay has a least, a mean and a greatest.
    varies: bool,
    /// Not every run makes every attempt.
    chance: bool,
    bars: Bars<'a>,
}

impl<'a> Layout<'a> {
    pub(super) fn over(subjects: &[Subject], axis: &'a Axis, width: usize) -> Self {
        let parts = || subjects.iter().flat_map(Subject::parts);
        let chance = parts().flat_map(|part| part.plan.attempts()).any(|attempt| attempt.reached().value < 1.0);
        let mut layout = Self { varies: parts().any(Part::varies), chance, bars: Bars::of(0, axis) };
        layout.bars = Bars::of(width.saturating_sub(layout.head().chars().count() + 3), axis);
        layout
    }

    /// Writes the table of a plan.
    pub(super) fn write(&self, text: &mut String, part: &Part) {
        let attempts = part.plan.attempts();
        let head = format!("{}   {}", self.head(), self.bars.scale());
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n{}", style(head.trim_end()).dim());
        let shown = attempts.len().min(part.rows);
        for attempt in &attempts[..shown] {
            let row = format!("{}   {}", self.row(attempt), self.bars.bar(attempt));
            let _ = writeln!(text, "{}", row.trim_end());
        }
        let dots = "...";
        if let Some(last) = attempts.last().filter(|_| shown < attempts.len()) {
            let (more, all, at) = (attempts.len() - shown, attempts.len(), Span(last.at().mean().value));
            let _ = writeln!(text, "{dots:>8}   {more} more, the last after {at}; --attempts {all} lists all");
        }
        if part.plan.ends().is_none() {
            let _ = writeln!(text, "{dots:>8}   and so on");
        }
    }

    fn head(&self) -> String {
        let delay = if self.varies { "    least      mean      most" } else { "    delay" };
        let chance = if self.chance { " made by" } else { "" };
        format!(" attempt {delay}{:>11}{chance}", "starts")
    }

    fn row(&self, attempt: &Planned) -> String {
        let delay = attempt.delay();
        let [least, mean, most] = [delay.min(), delay.mean(), delay.max()].map(|figure| Span(figure.value).to_string());
        let is_one = least == most;
        let blank = |text: String, is_blank| if is_blank { String::new() } else { text };
        let mean = blank(mean, attempt.number() == 1);
        let delay = if self.varies {
            format!("{:>9} {mean:>9} {:>9}", blank(least, is_one), blank(most, is_one))
        } else {
            format!("{mean:>9}")
        };
        let (number, at) = (attempt.number(), Span(attempt.at().mean().value));
        let chance = if self.chance { format!("{:>8}", share(attempt.reached().value)) } else { String::new() };
        format!("{number:>8} {delay}{at:>11}{chance}")
    }
}

/// In per cent; what is not all is never called so.
fn share(part: f64) -> String {
    let percent = (part * 100.0).round();
    match part {
        _ if part >= 1.0 => String::from("all"),
        _ if percent >= 100.0 => String::from(">99 %"),
        _ if percent < 1.0 => String::from("<1 %"),
        _ => format!("{percent} %"),
    }
}

/// The bars: from the earliest start to the latest, and a mark on the mean.
struct Bars<'a> {
    width: usize,
    axis: &'a Axis,
    line: char,
    mark: char,
}

impl<'a> Bars<'a> {
    fn of(width: usize, axis: &'a Axis) -> Self {
        let width = if width < NARROW { 0 } else { width.min(WIDE) };
        // Known to be shown as they are meant on a terminal of UTF-8 only.
        let (line, mark) = if Term::stdout().features().wants_emoji() { ('─', '●') } else { ('-', 'o') };
        Self { width, axis, line, mark }
    }

    /// The names of round times above their places.
    fn scale(&self) -> String {
        let mut scale = String::new();
        // Seven columns: the longest names are five.
        for tick in self.axis.ticks(7.0 / columns(self.width)) {
            let at = self.column(tick.at);
            if self.width > 0 && at + tick.name.len() <= self.width + 2 {
                let _ = write!(scale, "{:indent$}{}", "", tick.name, indent = at.saturating_sub(scale.len()));
            }
        }
        scale
    }

    fn bar(&self, attempt: &Planned) -> String {
        let place = |figure: retry_core::Figure| self.column(self.axis.place(figure.value));
        let (from, mean, to) = (place(attempt.at().min()), place(attempt.at().mean()), place(attempt.at().max()));
        if self.width == 0 {
            return String::new();
        }
        let drawn = |column| match column {
            _ if column == mean => self.mark,
            _ if (from..=to).contains(&column) => self.line,
            _ => ' ',
        };
        (0..=mean.max(to)).map(drawn).collect()
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place is from 0 to 1")]
    fn column(&self, place: f64) -> usize {
        (place * columns(self.width.saturating_sub(1))).round() as usize
    }
}

fn columns(width: usize) -> f64 {
    // Widths are at most `WIDE`.
    u32::try_from(width).map_or(0.0, f64::from)
}
