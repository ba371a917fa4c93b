//! The closed policy: plain data.

use std::time::Duration;

use crate::backoff::{Constant, Exponential};
use crate::time::{FOREVER, duration, nanos};
use crate::{HintRule, Law, Schedule};

mod attempts;
mod bounds;
mod by_class;
mod check;
mod decide;
mod drawn;
mod overall;
mod read;

pub(crate) use bounds::Facing;
use by_class::ByClass;
pub use by_class::Retryable;
pub(crate) use drawn::Drawn;

/// Schedule, jitter, limits, hint rule, and policies by class: a retry policy as plain data.
///
/// It can be a `const`, compared, cloned and stored; it answers how many attempts and how much delay it allows at most
/// ([`max_attempts`](Self::max_attempts), [`max_total_delay`](Self::max_total_delay)) without being run, and what a run looks like
/// ([`plan`](Self::plan)). It composes with policies of your own by [`and`](crate::RetryPolicy::and) and [`or_else`](crate::RetryPolicy::or_else).
///
/// It is also one line of text, in both directions ([`grammar`](crate::grammar)): `"exp 100ms..20s full, 5 attempts".parse()`.
///
/// Setters take any value; the cap always wins. What contradicts itself (a floor above the cap, jitter wider than
/// the cap) is found by [`check`](Self::check): call it on settings that come from outside.
///
/// # Defaults
/// No jitter, no cap, no limit; hints count as [`HintRule::AtLeast`] up to 24 h; Persistent and Misconfigured stop.
///
/// # Examples
/// ```
/// use retry_core::{Law, Policy, Retryable};
/// use std::time::Duration;
///
/// static THROTTLED: Policy = Policy::constant(Duration::from_secs(30)).attempts(10);
/// static POLICY: Policy = Policy::exponential(Duration::from_millis(100), Duration::from_secs(20))
///     .jitter(Law::FULL)
///     .attempts(5)
///     .on_class(Retryable::Throttled, &THROTTLED);
/// // Checked and bounded by the compiler.
/// const _: () = assert!(POLICY.check().is_ok());
/// const ATTEMPTS: u32 = POLICY.max_attempts().unwrap().get();
///
/// assert_eq!(ATTEMPTS, 5);
/// // 100 + 200 + 400 + 800 ms
/// assert_eq!(POLICY.max_total_delay(), Some(Duration::from_millis(1500)));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policy {
    attempts: u32,
    /// Whether it, or a class's policy, looks at the elapsed time.
    timed: bool,
    law: Law,
    schedule: Schedule,
    cap: u64,
    within: u64,
    hint_max: u64,
    hint: HintRule,
    cost: u16,
    by_class: ByClass,
}

const DAY: u64 = 86_400_000_000_000;
const UNLIMITED: u32 = u32::MAX;
const FULL_COST: u16 = 100;

impl From<Schedule> for Policy {
    fn from(schedule: Schedule) -> Self {
        Self::new(schedule)
    }
}

impl Policy {
    /// `schedule` as it is, until it ends.
    ///
    /// ```
    /// # use retry_core::{Fibonacci, Policy, Schedule};
    /// # use std::time::Duration;
    /// const POLICY: Policy = Policy::new(Schedule::Fibonacci(Fibonacci::new(Duration::from_secs(1))));
    /// assert_eq!(POLICY.max_attempts(), None);
    /// ```
    #[must_use]
    pub const fn new(schedule: Schedule) -> Self {
        Self {
            attempts: UNLIMITED,
            timed: schedule.looks_at_time(),
            law: Law::None,
            schedule,
            cap: FOREVER,
            within: FOREVER,
            hint_max: DAY,
            hint: HintRule::AtLeast,
            cost: FULL_COST,
            by_class: ByClass::NONE,
        }
    }

    /// Doubles from `base` up to `cap`.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// assert_eq!(Policy::exponential(second, 3 * second).attempts(4).max_total_delay(), Some(6 * second));
    /// ```
    #[must_use]
    pub const fn exponential(base: Duration, cap: Duration) -> Self {
        Self::new(Schedule::Exponential(Exponential::new(base))).capped(cap)
    }

    /// Always `delay`.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// assert_eq!(Policy::constant(second).attempts(4).max_total_delay(), Some(3 * second));
    /// ```
    #[must_use]
    pub const fn constant(delay: Duration) -> Self {
        Self::new(Schedule::Constant(Constant::new(delay)))
    }

    /// No delay by schedule is longer, jitter included. Replaces the cap. Hints have a limit of their own.
    ///
    /// ```
    /// # use retry_core::{Failure, Policy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::MAX).capped(Duration::from_secs(9));
    /// let delay = policy.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_secs(9)));
    /// ```
    #[must_use]
    pub const fn capped(mut self, cap: Duration) -> Self {
        self.cap = nanos(cap);
        self
    }

    /// Replaces the jitter.
    ///
    /// ```
    /// # use retry_core::{Failure, Law, Policy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(9)).jitter(Law::EQUAL);
    /// let delay = policy.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0)).unwrap();
    /// assert!(Duration::from_millis(4500) <= delay && delay <= Duration::from_secs(9));
    /// ```
    #[must_use]
    pub const fn jitter(mut self, law: Law) -> Self {
        self.law = law;
        self
    }

    /// At most this many attempts, the first included: 3 attempts are 2 retries. 0 counts as 1. Replaces the limit.
    ///
    /// The limit of a policy with classes holds in total, whatever the class; that of a class's policy counts the
    /// failures of its class.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// assert_eq!(Policy::constant(Duration::ZERO).attempts(0).max_attempts().unwrap().get(), 1);
    /// ```
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Starts no attempt later than `limit` after the first began. Replaces the limit.
    ///
    /// It cuts nothing; see [`Retry::deadline`](crate::Retry::deadline) for that.
    ///
    /// ```
    /// # use retry_core::{Decision, Failure, Policy, RetryPolicy, Seeded, StopReason, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(2)).within(Duration::from_secs(1));
    /// let decision = policy.decide(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(decision, Decision::Stop(StopReason::Deadline));
    /// ```
    #[must_use]
    pub const fn within(mut self, limit: Duration) -> Self {
        self.within = nanos(limit);
        self.timed = self.looks_at_time();
        self
    }

    /// Replaces the hint rule, and the greatest hint that it honours (24 h unless replaced).
    ///
    /// Law: no delay is longer than the greater of the cap and `max` plus the jitter above it.
    ///
    /// ```
    /// # use retry_core::{Failure, HintRule, Policy, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(1)).hints(HintRule::Ignore, Duration::ZERO);
    /// let throttled = Failure::first(Verdict::THROTTLED.after(Duration::from_secs(9)));
    /// assert_eq!(policy.decide(&throttled, &mut Seeded::new(0)).delay(), Some(Duration::from_secs(1)));
    /// ```
    #[must_use]
    pub const fn hints(mut self, rule: HintRule, max: Duration) -> Self {
        self.hint = match rule {
            // 584 years stand for more, so that two policies which behave the same are equal.
            HintRule::Clamp(slack) => HintRule::Clamp(duration(nanos(slack))),
            rule => rule,
        };
        self.hint_max = nanos(max);
        self
    }

    /// What a retry that this policy grants costs a retry budget, in percent of a token: 0 to 65,535, 100 unless set.
    ///
    /// A class's policy has its own cost. Without a budget around the policy it plays no part.
    ///
    /// ```
    /// # use retry_core::{Class, Policy, RetryPolicy, Retryable};
    /// # use std::time::Duration;
    /// static CHEAP: Policy = Policy::constant(Duration::from_secs(30)).budget_cost(50);
    /// let policy = Policy::constant(Duration::ZERO).on_class(Retryable::Throttled, &CHEAP);
    /// assert_eq!(policy.retry_cost(Class::Throttled), 50);
    /// assert_eq!(policy.retry_cost(Class::Transient), 100);
    /// ```
    #[must_use]
    pub const fn budget_cost(mut self, percent: u16) -> Self {
        self.cost = percent;
        self
    }

    /// Decides about failures of `class` by `policy`, which counts only those. Replaces the class's policy; for constants.
    ///
    /// The classes of `policy` itself would play no part, and [`check`](Self::check) refuses them. A policy that was set by
    /// [`on_class_owned`](Self::on_class_owned) and is replaced by this one is not freed, since a `const fn` cannot drop.
    ///
    /// ```
    /// # use retry_core::{Failure, Policy, RetryPolicy, Retryable, Seeded, Verdict};
    /// # use std::time::Duration;
    /// static HOURLY: Policy = Policy::constant(Duration::from_secs(3600));
    /// const POLICY: Policy = Policy::constant(Duration::ZERO).on_class(Retryable::Persistent, &HOURLY);
    /// let decision = POLICY.decide(&Failure::first(Verdict::PERSISTENT), &mut Seeded::new(0));
    /// assert_eq!(decision.delay(), Some(Duration::from_secs(3600)));
    /// ```
    #[must_use]
    pub const fn on_class(mut self, class: Retryable, policy: &'static Self) -> Self {
        self.by_class.set_static(class, policy);
        self.timed = self.looks_at_time();
        self
    }

    /// [`on_class`](Self::on_class) for a policy made at run time.
    ///
    /// ```
    /// # use retry_core::{Failure, Policy, RetryPolicy, Retryable, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO)
    ///     .on_class_owned(Retryable::Misconfigured, Policy::constant(Duration::from_secs(60)));
    /// let decision = policy.decide(&Failure::first(Verdict::MISCONFIGURED), &mut Seeded::new(0));
    /// assert_eq!(decision.delay(), Some(Duration::from_secs(60)));
    /// ```
    #[must_use]
    pub fn on_class_owned(mut self, class: Retryable, policy: Self) -> Self {
        self.by_class.set(class, policy);
        self.timed = self.looks_at_time();
        self
    }

    /// Its default part.
    pub(crate) fn without_classes(&self) -> Self {
        Self { by_class: ByClass::NONE, ..self.clone() }
    }

    /// A class's policy under the limits in total.
    pub(crate) fn limiting(&self, own: &Self) -> Self {
        let (attempts, within) = (own.attempts.min(self.attempts), own.within.min(self.within));
        Self { attempts, within, ..own.without_classes() }
    }

    pub(crate) const fn cap_nanos(&self) -> u64 {
        self.cap
    }

    pub(crate) const fn within_nanos(&self) -> u64 {
        self.within
    }

    const fn looks_at_time(&self) -> bool {
        self.within != FOREVER || self.schedule.looks_at_time() || self.by_class.looks_at_time()
    }
}
