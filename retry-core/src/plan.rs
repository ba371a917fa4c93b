//! What a policy will do, before it is run.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::{Policy, StopReason};

mod closed;
mod figure;
mod planned;
mod preview;
mod runs;
mod spread;
#[cfg(feature = "serde")]
mod stored;
mod view;

pub use figure::Figure;
pub use planned::Planned;
pub use preview::Preview;
pub use spread::Spread;

/// The attempts of a run in which every attempt fails: when each starts, after what delay, and how likely it is to be made.
///
/// | what | without jitter | with jitter | decorrelated; by age with jitter | segments with jitter, V2 |
/// |---|---|---|---|---|
/// | delay: least, greatest | exact | exact | exact | sampled; of V2 exact |
/// | delay: mean, percentiles | exact | exact | sampled | sampled |
/// | time: least, greatest | exact | exact | exact | sampled; of V2 exact |
/// | time: mean | exact | exact | sampled | sampled |
/// | time: percentiles | exact | sampled, exact for one random delay | sampled | sampled |
///
/// Where a limit by [`within`](Policy::within) or a hint cuts some of the runs, figures are about the runs that make the attempt:
/// means and percentiles are then sampled, and the ends are where the delays depend on each other. [`Figure::is_exact`] says
/// it of every number.
///
/// With feature `serde` it is written (not read) as a map, in seconds: `max_attempts`, `max_total_delay_s` and
/// `mean_total_delay_s`, `ends`, `samples`, `seed`, and `attempts`, each with `number`, `reached`, `at_s` and `delay_s`; these two
/// with `min`, `mean`, `p50`, `p95`, `max` and `is_exact`, which says that all five are.
///
/// ```
/// use retry_core::{Law, Policy, StopReason};
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let plan = Policy::exponential(second, 60 * second).jitter(Law::FULL).attempts(4).plan();
/// assert_eq!(plan.attempts().len(), 4);
/// assert_eq!(plan.ends(), Some(StopReason::Attempts));
/// let last = &plan.attempts()[3];
/// // up to 1 + 2 + 4 s, on the average half of that
/// assert_eq!((last.at().max().value, last.at().mean().value), (7 * second, second * 7 / 2));
/// assert!(last.at().mean().is_exact && !last.at().p95().is_exact);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    attempts: Vec<Planned>,
    max_attempts: Option<NonZeroU32>,
    max_total_delay: Option<Duration>,
    mean_total_delay: Figure,
    ends: Option<StopReason>,
    samples: u32,
    seed: u64,
}

impl Policy {
    /// Previews its default part as [`Preview::new`] does: attempts take no time, no failure carries a hint.
    ///
    /// Takes some milliseconds where something is left to chance; see [`Preview`] for the limits.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::from_secs(1)).plan();
    /// // without an end, the first 20 are listed
    /// assert_eq!((plan.attempts().len(), plan.ends()), (20, None));
    /// ```
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.plan_with(&Preview::new())
    }

    /// Previews it as `preview` says.
    ///
    /// ```
    /// # use retry_core::{Policy, Preview, Retryable};
    /// # use std::time::Duration;
    /// static SLOW: Policy = Policy::constant(Duration::from_secs(60)).attempts(3);
    /// let policy = Policy::constant(Duration::from_secs(1)).on_class(Retryable::Throttled, &SLOW);
    /// let plan = policy.plan_with(&Preview::new().class(Retryable::Throttled));
    /// assert_eq!(plan.attempts()[2].at().mean().value, Duration::from_secs(120));
    /// ```
    #[must_use]
    pub fn plan_with(&self, preview: &Preview) -> Plan {
        preview.plan(self)
    }
}

impl Plan {
    /// The attempts, in order: all of them, or as many as were asked for. One that none of the sampled runs makes is not listed.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::from_secs(2)).within(Duration::from_secs(5)).plan();
    /// // at 0, 2 and 4 s
    /// assert_eq!(plan.attempts().len(), 3);
    /// ```
    #[must_use]
    pub fn attempts(&self) -> &[Planned] {
        &self.attempts
    }

    /// Attempts a run can make at most, by count; `None`: no limit, or of a policy of your own none that is known.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// assert_eq!(Policy::constant(Duration::ZERO).attempts(9).plan().max_attempts().unwrap().get(), 9);
    /// ```
    #[must_use]
    pub const fn max_attempts(&self) -> Option<NonZeroU32> {
        self.max_attempts
    }

    /// The longest a run can wait in all, attempts that are not listed included; `None`: for ever, or of a policy of your own not
    /// known. As exact as [`Policy::max_total_delay`]; with a hint it is a bound.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// assert_eq!(Policy::constant(second).attempts(1000).plan().max_total_delay(), Some(999 * second));
    /// ```
    #[must_use]
    pub const fn max_total_delay(&self) -> Option<Duration> {
        self.max_total_delay
    }

    /// How long a run waits before the attempts listed, on the average over all runs.
    ///
    /// ```
    /// # use retry_core::{Law, Policy};
    /// # use std::time::Duration;
    /// let plan = Policy::constant(Duration::from_secs(4)).jitter(Law::FULL).attempts(3).plan();
    /// assert_eq!(plan.mean_total_delay().value, Duration::from_secs(4));
    /// ```
    #[must_use]
    pub const fn mean_total_delay(&self) -> Figure {
        self.mean_total_delay
    }

    /// Why no attempt follows the last one listed; where runs end differently, of one that came that far. `None`: more would
    /// follow.
    ///
    /// ```
    /// # use retry_core::{Policy, Preview, StopReason};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(2)).attempts(30);
    /// assert_eq!(policy.plan().ends(), Some(StopReason::Attempts));
    /// assert_eq!(policy.plan_with(&Preview::new().attempts(29)).ends(), None);
    /// assert_eq!(policy.within(Duration::from_secs(3)).plan().ends(), Some(StopReason::Deadline));
    /// ```
    #[must_use]
    pub const fn ends(&self) -> Option<StopReason> {
        self.ends
    }

    /// Runs that were sampled; 0 where nothing is left to chance.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// assert_eq!(Policy::constant(Duration::ZERO).plan().samples(), 0);
    /// ```
    #[must_use]
    pub const fn samples(&self) -> u32 {
        self.samples
    }

    /// The seed they were drawn from: the same one gives the same plan.
    ///
    /// ```
    /// # use retry_core::{Policy, Preview};
    /// # use std::time::Duration;
    /// let preview = Preview::new().seed(7);
    /// assert_eq!(Policy::constant(Duration::ZERO).plan_with(&preview).seed(), 7);
    /// ```
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }
}
