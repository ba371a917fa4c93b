use std::fmt::Write;
use std::time::Duration;

use retry_core::{Interval, Policy, Ratio, Schedule, Segment};

use super::{by_segments, factor, time};

/// Why a policy is none of Exim's, and what to do.
///
/// ```
/// use retry_core::Policy;
/// use retry_email::exim::{self, NotExim};
/// use retry_email::preset::EXIM;
/// use std::time::Duration;
///
/// let constant = Policy::constant(Duration::from_secs(60));
/// assert_eq!(exim::write(&constant), Err(NotExim::Schedule));
/// let few = exim::write(&EXIM.clone().attempts(3)).unwrap_err();
/// assert_eq!(few.to_string(), "Exim's rules know no limit on attempts; leave it out");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotExim {
    /// Another schedule than segments by age, or one without any.
    #[error("Exim's rules are intervals by age; make the schedule of segments")]
    Schedule,
    /// Segments that do not end one after the other.
    #[error("each segment must end later than the one before it")]
    Order,
    /// A time that is not a number of whole seconds, or nothing, or too long for Exim.
    #[error("Exim counts whole seconds, from 1 s to 68 years; round {0:?}")]
    Time(Duration),
    /// A factor below 1 or with more than three decimals.
    #[error("Exim's factors are thousandths, from 1 up; round {}/{}", .0.times(), .0.per())]
    Factor(Ratio),
    /// A cap other than Exim's.
    #[error("Exim's intervals are capped at 24 h and cannot be otherwise; cap the policy so")]
    Cap,
    /// A time limit other than the last segment's end.
    #[error("Exim gives up at the last cutoff; limit the policy to the end of its last segment")]
    Within,
    /// A limit on attempts.
    #[error("Exim's rules know no limit on attempts; leave it out")]
    Attempts,
    /// Jitter, hints or a cost of retries other than by default, or policies of classes.
    #[error("Exim's rules know no jitter, hints, costs and classes; leave them as they are by default")]
    Other,
}

/// The sets of a policy, such as [`parse`](super::parse) reads; it reads what this writes as the same policy.
///
/// # Errors
/// [`NotExim`] where Exim's syntax cannot say the same.
///
/// ```
/// use retry_email::{exim, preset};
///
/// assert_eq!(exim::write(&preset::EXIM).unwrap(), "F,2h,15m; G,16h,1h,1.5; F,4d,6h");
/// ```
pub fn write(policy: &Policy) -> Result<String, NotExim> {
    let Schedule::Segments(segments) = policy.schedule() else {
        return Err(NotExim::Schedule);
    };
    let Some(last) = segments.all().last() else {
        return Err(NotExim::Schedule);
    };
    let mut text = String::new();
    let mut ended = Duration::ZERO;
    for segment in segments.all() {
        if segment.until <= ended {
            return Err(NotExim::Order);
        }
        ended = segment.until;
        let separator = if text.is_empty() { "" } else { "; " };
        // Writing to a string does not fail.
        let _ = write!(text, "{separator}{}", set(segment)?);
    }
    let read_back = by_segments(segments.clone(), last.until);
    if *policy == read_back {
        Ok(text)
    } else if policy.cap() != read_back.cap() {
        Err(NotExim::Cap)
    } else if policy.time_limit() != read_back.time_limit() {
        Err(NotExim::Within)
    } else if policy.attempt_limit().is_some() {
        Err(NotExim::Attempts)
    } else {
        Err(NotExim::Other)
    }
}

fn set(segment: &Segment) -> Result<String, NotExim> {
    let until = written(segment.until)?;
    let growing = |letter: char, first: Duration, factor: Ratio| {
        let first = written(first)?;
        let factor = factor::of(factor).map(factor::Written).ok_or(NotExim::Factor(factor))?;
        Ok(format!("{letter},{until},{first},{factor}"))
    };
    match segment.interval {
        Interval::Fixed(interval) => Ok(format!("F,{until},{}", written(interval)?)),
        Interval::Geometric { first, factor } => growing('G', first, factor),
        Interval::Random { first, factor } => growing('H', first, factor),
        _ => Err(NotExim::Schedule),
    }
}

fn written(span: Duration) -> Result<time::Written, NotExim> {
    match span.as_secs() {
        secs @ 1..=time::MOST if span.subsec_nanos() == 0 => Ok(time::Written(secs)),
        _ => Err(NotExim::Time(span)),
    }
}
