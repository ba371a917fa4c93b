//! The engine's schedules as one closed data type.

use std::time::Duration;

use crate::backoff::{
    ByAge, Constant, Decorrelated, DecorrelatedV2, Exponential, Fibonacci, Floored, Linear, Polynomial, Scaled,
    Segments, Staggered, Take, Then,
};
use crate::time::{duration, nanos};
use crate::{Backoff, Entropy, Failure};

mod nested;
mod range;
mod shape;

pub use nested::Nested;
pub(crate) use range::Range;

/// One of the engine's own schedules, which are the very types that implement [`Backoff`]: plain data for a
/// [`Policy`](crate::Policy).
///
/// ```
/// use retry_core::{Backoff, Constant, Exponential, Failure, Schedule, Seeded, Verdict};
/// use std::time::Duration;
///
/// let (soon, later) = (Constant::new(Duration::from_secs(5)), Exponential::new(Duration::from_secs(60)));
/// let schedule = Schedule::from(soon).taken(3).followed_by(later.into());
/// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
/// assert_eq!(delay, Some(Duration::from_secs(5)));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Schedule {
    /// See [`Constant`].
    Constant(Constant),
    /// See [`Linear`].
    Linear(Linear),
    /// See [`Exponential`].
    Exponential(Exponential),
    /// See [`Fibonacci`].
    Fibonacci(Fibonacci),
    /// See [`Polynomial`].
    Polynomial(Polynomial),
    /// See [`Staggered`].
    Staggered(Staggered),
    /// See [`ByAge`].
    ByAge(ByAge),
    /// See [`Segments`].
    Segments(Segments),
    /// See [`Decorrelated`].
    Decorrelated(Decorrelated),
    /// See [`DecorrelatedV2`].
    DecorrelatedV2(DecorrelatedV2),
    /// See [`Take`].
    Take(Take<Nested>),
    /// See [`Then`].
    Then(Then<Nested, Nested>),
    /// See [`Floored`].
    Floored(Floored<Nested>),
    /// See [`Scaled`].
    Scaled(Scaled<Nested>),
}

macro_rules! from {
    ($($schedule:ident),*) => {$(
        impl From<$schedule> for Schedule {
            fn from(schedule: $schedule) -> Self {
                Self::$schedule(schedule)
            }
        }
    )*};
}
from!(Constant, Linear, Exponential, Fibonacci, Polynomial, Staggered, ByAge, Segments, Decorrelated, DecorrelatedV2);

impl Schedule {
    /// Its first `delays` delays. [`Backoff::take`] as data.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Schedule};
    /// # use std::time::Duration;
    /// assert_eq!(Schedule::from(Constant::new(Duration::ZERO)).taken(4).ends_after(), Some(4));
    /// ```
    #[must_use]
    pub fn taken(self, delays: u32) -> Self {
        Self::Take(Take::new(self.into(), delays))
    }

    /// `next` once `self` has ended. [`Backoff::then`] as data.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Schedule};
    /// # use std::time::Duration;
    /// let minute = Schedule::from(Constant::new(Duration::from_secs(60)));
    /// assert_eq!(minute.clone().taken(2).followed_by(minute.taken(3)).ends_after(), Some(5));
    /// ```
    #[must_use]
    pub fn followed_by(self, next: Self) -> Self {
        Self::Then(Then::new(self.into(), next.into()))
    }

    /// No delay below `min`. [`Backoff::floored`] as data.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Failure, Schedule, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let schedule = Schedule::from(Constant::new(Duration::ZERO)).at_least(Duration::from_secs(1));
    /// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_secs(1)));
    /// ```
    #[must_use]
    pub fn at_least(self, min: Duration) -> Self {
        Self::Floored(Floored::new(self.into(), min))
    }

    /// Each delay times `factor`. [`Backoff::scaled`] as data.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Failure, Ratio, Schedule, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let schedule = Schedule::from(Constant::new(Duration::from_secs(1))).times(Ratio::integer(3));
    /// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_secs(3)));
    /// ```
    #[must_use]
    pub fn times(self, factor: crate::Ratio) -> Self {
        Self::Scaled(Scaled::new(self.into(), factor))
    }

    /// The delay in nanoseconds, drawn below `cap` where it is drawn; whoever asks cuts the others.
    #[inline(always)]
    pub(crate) fn nanos(&self, cap: u64, failure: &Failure, rng: &mut dyn Entropy) -> Option<u64> {
        match self {
            Self::Exponential(schedule) => schedule.nanos(failure, rng),
            schedule => schedule.other(cap, *failure, rng),
        }
    }

    /// Takes the failure by value, so that the common path need not put it into memory.
    #[inline(never)]
    fn other(&self, cap: u64, failure: Failure, rng: &mut dyn Entropy) -> Option<u64> {
        let failure = &failure;
        match self {
            Self::Constant(schedule) => schedule.nanos(failure, rng),
            Self::Linear(schedule) => schedule.nanos(failure, rng),
            Self::Exponential(schedule) => schedule.nanos(failure, rng),
            Self::Fibonacci(schedule) => schedule.nanos(failure, rng),
            Self::Polynomial(schedule) => schedule.nanos(failure, rng),
            Self::Staggered(schedule) => schedule.nanos(failure, rng),
            Self::ByAge(schedule) => schedule.nanos(failure, rng),
            Self::Segments(schedule) => schedule.nanos(failure, rng),
            Self::Decorrelated(schedule) => schedule.nanos_below(cap, failure, rng),
            Self::DecorrelatedV2(schedule) => schedule.nanos_below(cap, failure, rng),
            Self::Take(take) if failure.count() > take.delays() => None,
            Self::Take(take) => take.inner().get().nanos(cap, failure, rng),
            Self::Then(then) => match then.first().get().nanos(cap, failure, rng) {
                None => {
                    let over = then.first().get().length().unwrap_or(0);
                    then.next().get().nanos(cap, &failure.after_delays(over), rng)
                }
                delay => delay,
            },
            Self::Floored(floored) => {
                floored.inner().get().nanos(cap, failure, rng).map(|delay| delay.max(nanos(floored.min())))
            }
            Self::Scaled(scaled) => scaled
                .inner()
                .get()
                .nanos(scaled.factor().reaching(cap), failure, rng)
                .map(|delay| scaled.factor().of(delay)),
        }
    }
}

impl Backoff for Schedule {
    #[inline]
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.nanos(u64::MAX, failure, rng).map(duration)
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.nanos(nanos(cap), failure, rng).map(|delay| duration(delay).min(cap))
    }
    #[inline]
    fn needs_time(&self) -> bool {
        self.looks_at_time()
    }
    fn ends_after(&self) -> Option<u32> {
        self.length()
    }
}
