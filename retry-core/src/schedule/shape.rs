//! What can be said of a schedule without running it: for bounds and checks, in `const`.

use super::Schedule;
use crate::time::nanos;
use crate::{Invalid, Segment};

impl Schedule {
    /// The greatest delay after `count` failures where the one before was at most `previous`; without jitter, and not
    /// yet cut to `cap`.
    pub(crate) const fn greatest(&self, count: u32, previous: u64, cap: u64) -> Option<u64> {
        Some(match self {
            Self::Constant(schedule) => schedule.greatest(count),
            Self::Linear(schedule) => schedule.greatest(count),
            Self::Exponential(schedule) => schedule.greatest(count),
            Self::Fibonacci(schedule) => schedule.greatest(count),
            Self::Polynomial(schedule) => schedule.greatest(count),
            Self::Staggered(schedule) => return schedule.greatest(count),
            Self::ByAge(schedule) => schedule.greatest(count),
            Self::Segments(schedule) => schedule.greatest(previous),
            Self::Decorrelated(schedule) => {
                let top = schedule.greatest(previous);
                if top < cap { top } else { cap }
            }
            Self::DecorrelatedV2(schedule) => schedule.greatest_below(cap, count),
            Self::Take(take) => {
                return if count > take.delays() { None } else { take.inner().get().greatest(count, previous, cap) };
            }
            Self::Then(then) => {
                let first = then.first().get();
                let over = first.length();
                let from = match over {
                    Some(over) => count.saturating_sub(over),
                    None => count,
                };
                let next = then.next().get().greatest(if from == 0 { 1 } else { from }, previous, cap);
                return match over {
                    // It may end sooner, at any age, so that either may come: the greater counts.
                    _ if first.ends_by_age() => greater(first.greatest(count, previous, cap), next),
                    Some(over) if count > over => next,
                    _ => first.greatest(count, previous, cap),
                };
            }
            Self::Floored(floored) => match floored.inner().get().greatest(count, previous, cap) {
                Some(delay) if delay > nanos(floored.min()) => delay,
                Some(_) => nanos(floored.min()),
                None => return None,
            },
            Self::Scaled(scaled) => match scaled.inner().get().greatest(count, previous, scaled.factor().reaching(cap))
            {
                Some(delay) => scaled.factor().of(delay),
                None => return None,
            },
        })
    }

    /// After how many delays it ends, if not sooner by age; `None`: no number.
    pub(crate) const fn length(&self) -> Option<u32> {
        match self {
            Self::Staggered(schedule) => schedule.length(),
            Self::Take(take) => match take.inner().get().length() {
                Some(length) if length < take.delays() => Some(length),
                _ => Some(take.delays()),
            },
            Self::Then(then) => match (then.first().get().length(), then.next().get().length()) {
                (Some(a), Some(b)) => Some(a.saturating_add(b)),
                _ => None,
            },
            Self::Floored(floored) => floored.inner().get().length(),
            Self::Scaled(scaled) => scaled.inner().get().length(),
            _ => None,
        }
    }

    /// At what age it ends; `None`: not by age alone.
    pub(crate) const fn age_limit(&self) -> Option<u64> {
        match self {
            Self::Segments(schedule) => Some(schedule.until()),
            Self::Take(take) => take.inner().get().age_limit(),
            Self::Floored(floored) => floored.inner().get().age_limit(),
            Self::Scaled(scaled) => scaled.inner().get().age_limit(),
            _ => None,
        }
    }

    /// Its segments, if it is made of nothing else.
    pub(crate) const fn segments(&self) -> Option<&[Segment]> {
        match self {
            Self::Segments(schedule) => Some(schedule.all()),
            Self::Take(take) => take.inner().get().segments(),
            _ => None,
        }
    }

    /// Whether no delay's bound is above that of the delay before it.
    pub(crate) const fn never_grows(&self) -> bool {
        match self {
            Self::Exponential(schedule) => schedule.shrinks(),
            Self::Take(take) => take.inner().get().never_grows(),
            Self::Floored(floored) => floored.inner().get().never_grows(),
            Self::Scaled(scaled) => scaled.inner().get().never_grows(),
            _ => false,
        }
    }

    /// What contradicts itself in it.
    pub(crate) const fn invalid(&self) -> Option<Invalid> {
        match self {
            Self::Staggered(schedule) if schedule.levels_at() == 0 => Some(Invalid::Empty),
            Self::Segments(schedule) => schedule.invalid(),
            Self::Exponential(schedule) if schedule.growth().times() == 0 => Some(Invalid::Factor),
            Self::Scaled(scaled) if scaled.factor().times() == 0 => Some(Invalid::Factor),
            Self::Take(take) => take.inner().get().invalid(),
            Self::Then(then) => match then.first().get().invalid() {
                None => then.next().get().invalid(),
                invalid => invalid,
            },
            Self::Floored(floored) => floored.inner().get().invalid(),
            Self::Scaled(scaled) => scaled.inner().get().invalid(),
            _ => None,
        }
    }

    /// Whether it may end at some age.
    const fn ends_by_age(&self) -> bool {
        match self {
            Self::Segments(_) => true,
            Self::Take(take) => take.inner().get().ends_by_age(),
            Self::Then(then) => then.first().get().ends_by_age() || then.next().get().ends_by_age(),
            Self::Floored(floored) => floored.inner().get().ends_by_age(),
            Self::Scaled(scaled) => scaled.inner().get().ends_by_age(),
            _ => false,
        }
    }

    /// From which count on the greatest delay stays the same, if it is known to.
    pub(crate) const fn level_from(&self) -> Option<u32> {
        let level = match self {
            Self::Constant(_) | Self::ByAge(_) => true,
            Self::Linear(schedule) => schedule.is_level(),
            Self::Exponential(schedule) => schedule.is_level(),
            Self::Fibonacci(schedule) => schedule.is_level(),
            Self::Polynomial(schedule) => schedule.is_level(),
            Self::Decorrelated(schedule) => schedule.is_level(),
            Self::DecorrelatedV2(schedule) if schedule.is_level() => true,
            Self::DecorrelatedV2(schedule) => return Some(schedule.levels_at()),
            #[expect(clippy::cast_possible_truncation, reason = "a list of 2^32 delays would take 64 GiB")]
            Self::Staggered(schedule) => return Some(schedule.levels_at() as u32),
            Self::Segments(_) => false,
            Self::Take(take) => return take.inner().get().level_from(),
            Self::Then(then) => {
                return match (then.first().get().length(), then.next().get().level_from()) {
                    (Some(over), Some(level)) => Some(over.saturating_add(level)),
                    _ => None,
                };
            }
            Self::Floored(floored) => return floored.inner().get().level_from(),
            Self::Scaled(scaled) => return scaled.inner().get().level_from(),
        };
        if level { Some(1) } else { None }
    }

    /// Whether no delay's bound is below that of the delay before it.
    pub(crate) const fn never_shrinks(&self) -> bool {
        match self {
            Self::Exponential(schedule) => !schedule.shrinks(),
            Self::Staggered(_) | Self::Then(_) => false,
            Self::Take(take) => take.inner().get().never_shrinks(),
            Self::Floored(floored) => floored.inner().get().never_shrinks(),
            Self::Scaled(scaled) => scaled.inner().get().never_shrinks(),
            _ => true,
        }
    }

    /// Whether a delay depends on the elapsed time.
    pub(crate) const fn looks_at_time(&self) -> bool {
        match self {
            Self::ByAge(_) | Self::Segments(_) => true,
            Self::Take(take) => take.inner().get().looks_at_time(),
            Self::Then(then) => then.first().get().looks_at_time() || then.next().get().looks_at_time(),
            Self::Floored(floored) => floored.inner().get().looks_at_time(),
            Self::Scaled(scaled) => scaled.inner().get().looks_at_time(),
            _ => false,
        }
    }

    /// Whether delays are drawn already, so that jitter would be drawn twice.
    pub(crate) const fn is_random(&self) -> bool {
        match self {
            Self::Decorrelated(_) | Self::DecorrelatedV2(_) => true,
            Self::Take(take) => take.inner().get().is_random(),
            Self::Then(then) => then.first().get().is_random() || then.next().get().is_random(),
            Self::Floored(floored) => floored.inner().get().is_random(),
            Self::Scaled(scaled) => scaled.inner().get().is_random(),
            _ => false,
        }
    }

    /// The greatest of its least delays, which no cap may undercut.
    pub(crate) const fn floor(&self) -> u64 {
        match self {
            Self::Decorrelated(schedule) => nanos(schedule.shortest()),
            Self::ByAge(schedule) => schedule.least(),
            // What grows from above the cap is constant at the cap.
            Self::Exponential(schedule) if !schedule.shrinks() && !schedule.is_level() => schedule.greatest(1),
            Self::Linear(schedule) if !schedule.is_level() => schedule.greatest(1),
            Self::Fibonacci(schedule) => schedule.greatest(1),
            Self::Polynomial(schedule) if !schedule.is_level() => schedule.greatest(1),
            Self::Take(take) => take.inner().get().floor(),
            Self::Then(then) => {
                let (a, b) = (then.first().get().floor(), then.next().get().floor());
                if a > b { a } else { b }
            }
            Self::Floored(floored) => {
                let (own, inner) = (nanos(floored.min()), floored.inner().get().floor());
                if own > inner { own } else { inner }
            }
            Self::Scaled(scaled) => scaled.factor().of(scaled.inner().get().floor()),
            _ => 0,
        }
    }
}

const fn greater(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(x), Some(y)) => Some(if x > y { x } else { y }),
        (None, other) | (other, None) => other,
    }
}
