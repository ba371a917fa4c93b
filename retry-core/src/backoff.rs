//! Schedules of delays.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crate::{BackoffPolicy, Entropy, Failure, Jitter, Ratio};

mod by_age;
mod capped;
mod constant;
mod decorrelated;
mod decorrelated_v2;
mod exponential;
mod fibonacci;
mod floored;
mod jittered;
mod linear;
mod polynomial;
mod scaled;
mod segments;
mod staggered;
mod take;
mod then;

pub use by_age::ByAge;
pub use capped::Capped;
pub use constant::Constant;
pub use decorrelated::Decorrelated;
pub use decorrelated_v2::DecorrelatedV2;
pub use exponential::Exponential;
pub use fibonacci::Fibonacci;
pub use floored::Floored;
pub use jittered::Jittered;
pub use linear::Linear;
pub use polynomial::Polynomial;
pub use scaled::Scaled;
pub use segments::{Interval, Segment, Segments};
pub use staggered::Staggered;
pub use take::Take;
pub use then::Then;

/// A schedule of delays: a pure function of the facts of a [`Failure`] and of `rng`.
///
/// It keeps no state, so one value serves any number of runs, and a delay can be worked out again after a restart.
/// Implement it for a schedule of your own; all combinators and limits then work on it.
///
/// # Examples
/// ```
/// use retry_core::{Backoff, Entropy, Failure, Seeded, Verdict};
/// use std::time::Duration;
///
/// /// A minute before each retry, but none on the thirteenth.
/// struct Superstitious;
///
/// impl Backoff for Superstitious {
///     fn delay(&self, failure: &Failure, _: &mut dyn Entropy) -> Option<Duration> {
///         (failure.count() != 13).then_some(Duration::from_secs(60))
///     }
/// }
///
/// let schedule = Superstitious.capped(Duration::from_secs(30));
/// let first = Failure::first(Verdict::TRANSIENT);
/// assert_eq!(schedule.delay(&first, &mut Seeded::new(0)), Some(Duration::from_secs(30)));
/// ```
pub trait Backoff {
    /// The delay before the retry that follows `failure`; `None` once the schedule has ended.
    ///
    /// The n-th delay is the one for a [`count`](Failure::count) of n.
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration>;

    /// The delay under a cap. A schedule that draws its delays draws them below `cap`; by default they are cut to it.
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.delay(failure, rng).map(|delay| delay.min(cap))
    }

    /// No delay is longer than this; [`Duration::MAX`] by default. Jitter stays below it.
    fn cap(&self) -> Duration {
        Duration::MAX
    }

    /// Whether [`delay`](Self::delay) looks at the elapsed time, so that a driver must read the clock before the first
    /// attempt. Yes by default; all but the age-based schedules of this crate say no.
    fn needs_time(&self) -> bool {
        true
    }

    /// After how many delays the schedule ends; `None` by default: never, or not after a fixed number.
    fn ends_after(&self) -> Option<u32> {
        None
    }

    /// Randomises each delay by `jitter`, within the cap.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Failure, Full, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let schedule = Constant::new(Duration::from_secs(1)).jittered(Full);
    /// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(1)).unwrap();
    /// assert!(delay < Duration::from_secs(1));
    /// ```
    fn jittered<J: Jitter>(self, jitter: J) -> Jittered<Self, J>
    where
        Self: Sized,
    {
        Jittered::new(self, jitter)
    }

    /// Never waits longer than `max`.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant};
    /// # use std::time::Duration;
    /// assert_eq!(Constant::new(Duration::MAX).capped(Duration::from_secs(1)).cap(), Duration::from_secs(1));
    /// ```
    fn capped(self, max: Duration) -> Capped<Self>
    where
        Self: Sized,
    {
        Capped::new(self, max)
    }

    /// Never waits shorter than `min`. Jitter that is added afterwards may still go below.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Failure, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let schedule = Constant::new(Duration::ZERO).floored(Duration::from_secs(1));
    /// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_secs(1)));
    /// ```
    fn floored(self, min: Duration) -> Floored<Self>
    where
        Self: Sized,
    {
        Floored::new(self, min)
    }

    /// Multiplies each delay by `factor`, rounded down to a nanosecond.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Failure, Ratio, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let schedule = Constant::new(Duration::from_secs(2)).scaled(Ratio::new(3, 2).unwrap());
    /// let delay = schedule.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_secs(3)));
    /// ```
    fn scaled(self, factor: Ratio) -> Scaled<Self>
    where
        Self: Sized,
    {
        Scaled::new(self, factor)
    }

    /// Ends after `delays` delays, if not before.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant};
    /// # use std::time::Duration;
    /// assert_eq!(Constant::new(Duration::ZERO).take(3).ends_after(), Some(3));
    /// ```
    fn take(self, delays: u32) -> Take<Self>
    where
        Self: Sized,
    {
        Take::new(self, delays)
    }

    /// Continues with `next`, from its beginning, once `self` has ended.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Exponential};
    /// # use std::time::Duration;
    /// let schedule = Constant::new(Duration::ZERO).take(2).then(Exponential::new(Duration::from_secs(1)));
    /// assert_eq!(schedule.ends_after(), None);
    /// ```
    fn then<B: Backoff>(self, next: B) -> Then<Self, B>
    where
        Self: Sized,
    {
        Then::new(self, next)
    }

    /// A policy that makes at most `attempts` calls, the first included: 3 attempts are 2 retries. 0 counts as 1.
    ///
    /// ```
    /// # use retry_core::{Backoff, Exponential, Failure, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Exponential::new(Duration::from_secs(1)).up_to(1);
    /// assert_eq!(policy.decide(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0)).delay(), None);
    /// ```
    fn up_to(self, attempts: u32) -> BackoffPolicy<Self>
    where
        Self: Sized,
    {
        BackoffPolicy::new(self).up_to(attempts)
    }

    /// A policy that ends with the schedule.
    ///
    /// ```
    /// # use retry_core::{Backoff, Exponential, Failure, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Exponential::new(Duration::from_secs(1)).into_policy();
    /// let decision = policy.decide(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(decision.delay(), Some(Duration::from_secs(1)));
    /// ```
    fn into_policy(self) -> BackoffPolicy<Self>
    where
        Self: Sized,
    {
        BackoffPolicy::new(self)
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<B: Backoff + ?Sized> Backoff for $pointer {
            fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
                (**self).delay(failure, rng)
            }
            fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
                (**self).delay_below(cap, failure, rng)
            }
            fn cap(&self) -> Duration {
                (**self).cap()
            }
            fn needs_time(&self) -> bool {
                (**self).needs_time()
            }
            fn ends_after(&self) -> Option<u32> {
                (**self).ends_after()
            }
        }
    )*};
}
forward!(&B, Box<B>, Arc<B>, Rc<B>);

/// [`Backoff`] for the engine's own schedules that look at no time, over their `nanos(&Failure, &mut dyn Entropy)`.
macro_rules! timeless {
    ($ty:ty) => {
        impl crate::Backoff for $ty {
            #[inline]
            fn delay(&self, failure: &crate::Failure, rng: &mut dyn crate::Entropy) -> Option<std::time::Duration> {
                self.nanos(failure, rng).map(crate::time::duration)
            }
            #[inline]
            fn needs_time(&self) -> bool {
                false
            }
        }
    };
}
use timeless;
