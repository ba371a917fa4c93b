use std::fmt;
use std::time::Duration;

use crate::text::duration::Span;
use crate::time::nanos;
use crate::{Interval, Polynomial, Ratio, Schedule, Segment, Staggered};

/// The canonical text: see the [grammar](crate::grammar).
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_schedule(f, self, "")
    }
}

/// A schedule that can have a range, with the cap as its end.
pub(super) struct Ranged<'a>(pub(super) &'a Schedule, pub(super) u64);

impl fmt::Display for Ranged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_schedule(f, self.0, &format!("..{}", Span(self.1)))
    }
}

impl Schedule {
    /// Whether its canonical text takes the policy's cap as the end of a range.
    pub(super) const fn has_range(&self) -> bool {
        matches!(self, Self::Exponential(_) | Self::Linear(_) | Self::Fibonacci(_) | Self::Polynomial(_))
    }
}

/// `end` stands behind the first delay of a schedule that can have a range.
fn write_schedule(f: &mut fmt::Formatter<'_>, schedule: &Schedule, end: &str) -> fmt::Result {
    match schedule {
        Schedule::Constant(schedule) => write!(f, "const {}", span(schedule.interval())),
        Schedule::Linear(schedule) => {
            write!(f, "linear {}{end}", span(schedule.first()))?;
            if schedule.step() == schedule.first() { Ok(()) } else { write!(f, " step {}", span(schedule.step())) }
        }
        Schedule::Exponential(schedule) => {
            write!(f, "exp {}{end}", span(schedule.base()))?;
            if schedule.growth() == Ratio::TWO { Ok(()) } else { write!(f, " x{}", schedule.growth()) }
        }
        Schedule::Fibonacci(schedule) => write!(f, "fib {}{end}", span(schedule.base())),
        Schedule::Polynomial(schedule) => polynomial(f, schedule, end),
        Schedule::Staggered(schedule) => list(f, schedule),
        Schedule::ByAge(schedule) => write!(f, "age {}..{}", span(schedule.shortest()), span(schedule.longest())),
        Schedule::Segments(schedule) => ages(f, schedule.all()),
        Schedule::Decorrelated(schedule) => {
            write!(f, "decorrelated {}..{}", span(schedule.shortest()), span(schedule.longest()))
        }
        Schedule::DecorrelatedV2(schedule) => {
            write!(f, "decorrelated-v2 {}..{}", span(schedule.base()), span(schedule.top()))
        }
        Schedule::Take(take) => {
            operand(f, take.inner().get())?;
            write!(f, " take {}", take.delays())
        }
        Schedule::Floored(floored) => {
            operand(f, floored.inner().get())?;
            write!(f, " floor {}", span(floored.min()))
        }
        Schedule::Scaled(scaled) => {
            operand(f, scaled.inner().get())?;
            write!(f, " times {}", scaled.factor())
        }
        Schedule::Then(then) => {
            write!(f, "{} then ", then.first().get())?;
            operand(f, then.next().get())
        }
    }
}

/// `then` binds loosest and goes from left to right, so only it needs parentheses.
fn operand(f: &mut fmt::Formatter<'_>, schedule: &Schedule) -> fmt::Result {
    if matches!(schedule, Schedule::Then(_)) { write!(f, "({schedule})") } else { write!(f, "{schedule}") }
}

fn polynomial(f: &mut fmt::Formatter<'_>, schedule: &Polynomial, end: &str) -> fmt::Result {
    write!(f, "poly {}{end}", span(schedule.base()))?;
    if schedule.unit() != Duration::from_secs(1) {
        write!(f, " + {}", span(schedule.unit()))?;
    }
    write!(f, " n^{}", schedule.exponent())
}

fn list(f: &mut fmt::Formatter<'_>, schedule: &Staggered) -> fmt::Result {
    f.write_str("[")?;
    let runs = schedule.delays().chunk_by(|a, b| nanos(*a) == nanos(*b));
    let mut lead = "";
    for run in runs {
        if let Some(delay) = run.first() {
            write!(f, "{lead}{}", span(*delay))?;
        }
        if run.len() > 1 {
            write!(f, "*{}", run.len())?;
        }
        lead = " ";
    }
    f.write_str(if schedule.repeats_last() { "+]" } else { "]" })
}

fn ages(f: &mut fmt::Formatter<'_>, segments: &[Segment]) -> fmt::Result {
    f.write_str("ages [")?;
    for (n, segment) in segments.iter().enumerate() {
        write!(f, "{}{}: ", if n == 0 { "" } else { ", " }, span(segment.until))?;
        match segment.interval {
            Interval::Fixed(delay) => write!(f, "{}", span(delay))?,
            Interval::Geometric { first, factor } => write!(f, "{} x{factor}", span(first))?,
            Interval::Random { first, factor } => write!(f, "random {} x{factor}", span(first))?,
        }
    }
    f.write_str("]")
}

fn span(duration: Duration) -> Span {
    Span(nanos(duration))
}
