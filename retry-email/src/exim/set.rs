//! The sets of a rule: `F,2h,15m; G,16h,1h,1.5`.

use std::time::Duration;

use retry_core::{Constant, Interval, Policy, Ratio, Segment, Segments};

use super::line::is_space;
use super::scanner::Scanner;
use super::{Problem, SyntaxError, by_segments, factor, time};

/// The policy of the sets up to the end of the line.
pub(super) fn policy(scanner: &mut Scanner<'_>) -> Result<Policy, SyntaxError> {
    let mut segments: Vec<Segment> = Vec::new();
    loop {
        scanner.skip_spaces();
        if scanner.rest().is_empty() {
            break;
        }
        segments.push(set(scanner, segments.last())?);
        scanner.skip_spaces();
        if !scanner.eat(';') && !scanner.rest().is_empty() {
            return Err(scanner.expected("; and another set, or the end of the line"));
        }
    }
    let Some(last) = segments.last() else {
        // "* *" alone: Exim gives up at the first failure.
        return Ok(Policy::new(Constant::new(Duration::ZERO).into()).attempts(1));
    };
    let cutoff = last.until;
    match Segments::new(segments) {
        Ok(segments) => Ok(by_segments(segments, cutoff)),
        // Each cutoff was compared with the one before it, so that this is never reached.
        Err(_) => Err(scanner.expected("cutoffs that increase")),
    }
}

fn set(scanner: &mut Scanner<'_>, before: Option<&Segment>) -> Result<Segment, SyntaxError> {
    let letter = scanner.rest().chars().next().map(|c| c.to_ascii_uppercase());
    let Some(letter @ ('F' | 'G' | 'H')) = letter else {
        return Err(scanner.expected("a set: F,CUTOFF,INTERVAL or G,CUTOFF,FIRST,FACTOR or H,CUTOFF,FIRST,FACTOR"));
    };
    let _ = scanner.eat_word(&scanner.rest()[..1]);

    let (at, cutoff) = argument(scanner, ", and the age at which the set ends, such as 2h", time::seconds)?;
    let until = Duration::from_secs(cutoff);
    if let Some(before) = before.filter(|before| before.until >= until) {
        return Err(scanner.error(at, Problem::Order { before: before.until }));
    }
    let (_, first) = argument(scanner, ", and an interval, such as 15m", time::seconds)?;
    let first = Duration::from_secs(first);
    if letter == 'F' {
        return Ok(Segment::new(until, Interval::Fixed(first)));
    }
    let (at, thousandths) = argument(scanner, ", and a factor, such as 1.5", factor::thousandths)?;
    let Ok(factor) = Ratio::new(thousandths, 1000) else {
        return Err(scanner.error(at, Problem::Factor));
    };
    Ok(Segment::new(
        until,
        if letter == 'G' { Interval::Geometric { first, factor } } else { Interval::Random { first, factor } },
    ))
}

/// What follows a comma, and where it stands.
fn argument<T>(
    scanner: &mut Scanner<'_>,
    expected: &'static str,
    read: impl Fn(&str) -> Result<T, (usize, Problem)>,
) -> Result<(usize, T), SyntaxError> {
    if !scanner.eat(',') {
        return Err(scanner.expected(expected));
    }
    scanner.skip_spaces();
    let (at, word) = scanner.word(|c| is_space(c) || c == ',' || c == ';');
    read(word).map(|value| (at, value)).map_err(|(offset, problem)| scanner.error(at + offset, problem))
}
