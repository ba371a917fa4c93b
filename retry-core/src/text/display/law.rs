use std::fmt;

use crate::text::duration::Span;
use crate::time::nanos;
use crate::{Law, Proportional};

/// The words of the text form: `none`, `full`, `equal`, `+-15%`, `+20%`, `-20%`, `-10%+20%`, `+30s`, `+-30s`.
impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Full(_) => f.write_str("full"),
            Self::Equal(_) => f.write_str("equal"),
            Self::Proportional(law) => proportional(f, *law),
            Self::Additive(law) => {
                let sign = if law.below().is_zero() { "+" } else { "+-" };
                write!(f, "{sign}{}", Span(nanos(law.above())))
            }
        }
    }
}

fn proportional(f: &mut fmt::Formatter<'_>, law: Proportional) -> fmt::Result {
    match (law.below(), law.above()) {
        (below, above) if below == above => write!(f, "+-{}", Percentage(above)),
        (0, above) => write!(f, "+{}", Percentage(above)),
        (below, 0) => write!(f, "-{}", Percentage(below)),
        (below, above) => write!(f, "-{}+{}", Percentage(below), Percentage(above)),
    }
}

/// Millionths as a percentage, with as many places as it takes.
struct Percentage(u32);

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 10_000, self.0 % 10_000);
        if part == 0 {
            return write!(f, "{whole}%");
        }
        let digits = format!("{part:04}");
        write!(f, "{whole}.{}%", digits.trim_end_matches('0'))
    }
}
