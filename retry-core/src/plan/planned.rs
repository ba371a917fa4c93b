use super::{Figure, Spread};

/// One attempt of a [`Plan`](crate::Plan).
///
/// ```
/// use retry_core::Policy;
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let plan = Policy::exponential(second, 60 * second).attempts(4).plan();
/// let starts: Vec<_> = plan.attempts().iter().map(|attempt| attempt.at().max().value.as_secs()).collect();
/// // 1, 2 and 4 s apart
/// assert_eq!(starts, [0, 1, 3, 7]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    pub(super) number: u32,
    pub(super) reached: Figure<f64>,
    pub(super) delay: Spread,
    pub(super) at: Spread,
}

impl Planned {
    /// Its number, from 1.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// assert_eq!(Policy::constant(Duration::ZERO).plan().attempts()[0].number(), 1);
    /// ```
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The part of the runs that make it, from 0 to 1, of runs of which no attempt succeeds. Exactly 1 where every run does;
    /// where jitter decides whether it comes too late, the part of the sampled runs.
    ///
    /// ```
    /// # use retry_core::{Law, Policy};
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// let plan = Policy::constant(10 * second).jitter(Law::FULL).attempts(2).within(8 * second).plan();
    /// assert!(plan.attempts()[0].reached().is_exact);
    /// // four delays of five are in time
    /// let second = plan.attempts()[1].reached();
    /// assert!((second.value - 0.8).abs() < 0.05 && !second.is_exact);
    /// ```
    #[must_use]
    pub const fn reached(&self) -> Figure<f64> {
        self.reached
    }

    /// The delay before it, over the runs that make it: from the failure before to its start. Zero for the first.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::from_secs(5)).attempts(2).plan();
    /// assert_eq!(plan.attempts()[0].delay().max().value, Duration::ZERO);
    /// assert_eq!(plan.attempts()[1].delay().min().value, Duration::from_secs(5));
    /// ```
    #[must_use]
    pub const fn delay(&self) -> &Spread {
        &self.delay
    }

    /// When it starts, over the runs that make it, counted from the start of the first.
    ///
    /// ```
    /// # use retry_core::{Policy, Preview};
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// let slow = Preview::new().attempts_take(3 * second);
    /// let plan = Policy::constant(5 * second).attempts(2).plan_with(&slow);
    /// // 3 s until the first has failed, and 5 s of delay
    /// assert_eq!(plan.attempts()[1].at().mean().value, 8 * second);
    /// ```
    #[must_use]
    pub const fn at(&self) -> &Spread {
        &self.at
    }
}
