//! Between which ends a delay lies, for previews.

use super::Schedule;
use crate::Failure;
use crate::entropy::Still;
use crate::time::nanos;

/// Between which ends the delay after a failure lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Range {
    Between(u64, u64),
    /// The schedule has ended.
    Ended,
    /// It hangs on more than the least and the longest waits before.
    Unknown,
}

impl Schedule {
    /// The ends of the delay after the same number of failures, where all waits before were as short as they can be (`low`) or
    /// as long (`high`). Known of schedules whose delays do not shrink as the waits before grow.
    pub(crate) fn range(&self, cap: u64, low: &Failure, high: &Failure) -> Range {
        match self {
            Self::Segments(_) | Self::DecorrelatedV2(_) => Range::Unknown,
            Self::Decorrelated(schedule) => {
                let base = nanos(schedule.shortest()).min(cap);
                let top = schedule.greatest(high.previous_nanos().unwrap_or(base)).min(cap);
                Range::Between(base, top.max(base))
            }
            Self::Take(take) if low.count() > take.delays() => Range::Ended,
            Self::Take(take) => take.inner().get().range(cap, low, high),
            Self::Then(then) => match then.first().get().range(cap, low, high) {
                Range::Ended => {
                    let over = then.first().get().length().unwrap_or(0);
                    then.next().get().range(cap, &low.after_delays(over), &high.after_delays(over))
                }
                range => range,
            },
            Self::Floored(floored) => {
                floored.inner().get().range(cap, low, high).map(|delay| delay.max(nanos(floored.min())))
            }
            Self::Scaled(scaled) => {
                let factor = scaled.factor();
                scaled.inner().get().range(factor.reaching(cap), low, high).map(|delay| factor.of(delay))
            }
            // They draw nothing.
            steady => match (steady.nanos(cap, low, &mut Still), steady.nanos(cap, high, &mut Still)) {
                (Some(low), Some(high)) => Range::Between(low, high),
                _ => Range::Ended,
            },
        }
    }
}

impl Range {
    fn map(self, f: impl Fn(u64) -> u64) -> Self {
        match self {
            Self::Between(low, high) => Self::Between(f(low), f(high)),
            other => other,
        }
    }
}
