//! What a policy was set to.

use std::num::NonZeroU32;
use std::time::Duration;

use super::{Policy, Retryable, UNLIMITED};
use crate::time::{FOREVER, duration};
use crate::{Class, HintRule, Law, Schedule};

impl Policy {
    /// Its schedule, before cap and jitter.
    ///
    /// ```
    /// # use retry_core::{Constant, Policy, Schedule};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(5));
    /// assert_eq!(policy.schedule(), &Schedule::Constant(Constant::new(Duration::from_secs(5))));
    /// ```
    #[must_use]
    pub const fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Its jitter. Set by [`jitter`](Self::jitter).
    ///
    /// ```
    /// # use retry_core::{Law, Policy};
    /// # use std::time::Duration;
    /// assert_eq!(Policy::constant(Duration::ZERO).jitter(Law::EQUAL).law(), Law::EQUAL);
    /// ```
    #[must_use]
    pub const fn law(&self) -> Law {
        self.law
    }

    /// The longest delay, jitter included. `None`: no cap. Set by [`capped`](Self::capped).
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let hour = Duration::from_secs(3600);
    /// assert_eq!(Policy::constant(Duration::ZERO).cap(), None);
    /// assert_eq!(Policy::constant(Duration::ZERO).capped(hour).cap(), Some(hour));
    /// ```
    #[must_use]
    pub const fn cap(&self) -> Option<Duration> {
        limit(self.cap)
    }

    /// The limit on attempts that was set by [`attempts`](Self::attempts); a schedule that ends may allow fewer, see
    /// [`max_attempts`](Self::max_attempts). `None`: no limit.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO).attempts(8);
    /// assert_eq!(policy.attempt_limit().map(u32::from), Some(8));
    /// ```
    #[must_use]
    pub const fn attempt_limit(&self) -> Option<NonZeroU32> {
        if self.attempts == UNLIMITED { None } else { NonZeroU32::new(self.attempts) }
    }

    /// The time limit that was set by [`within`](Self::within). `None`: no limit.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let day = Duration::from_secs(86_400);
    /// assert_eq!(Policy::constant(Duration::ZERO).within(day).time_limit(), Some(day));
    /// ```
    #[must_use]
    pub const fn time_limit(&self) -> Option<Duration> {
        limit(self.within)
    }

    /// What it makes of a hint. Set by [`hints`](Self::hints).
    ///
    /// ```
    /// # use retry_core::{HintRule, Policy};
    /// # use std::time::Duration;
    /// assert_eq!(Policy::constant(Duration::ZERO).hint_rule(), HintRule::AtLeast);
    /// ```
    #[must_use]
    pub const fn hint_rule(&self) -> HintRule {
        self.hint
    }

    /// The longest hint that it follows. Set by [`hints`](Self::hints); 24 h unless set.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// assert_eq!(Policy::constant(Duration::ZERO).hint_max(), Duration::from_secs(86_400));
    /// ```
    #[must_use]
    pub const fn hint_max(&self) -> Duration {
        duration(self.hint_max)
    }

    /// What a retry that it grants costs a budget, in percent of a token. Set by [`budget_cost`](Self::budget_cost).
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// assert_eq!(Policy::constant(Duration::ZERO).cost_percent(), 100);
    /// ```
    #[must_use]
    pub const fn cost_percent(&self) -> u16 {
        self.cost
    }

    /// The policy of a class of its own. `None`: the default policy decides, or the class stops.
    ///
    /// ```
    /// # use retry_core::{Policy, Retryable};
    /// # use std::time::Duration;
    /// static HOURLY: Policy = Policy::constant(Duration::from_secs(3600));
    /// let policy = Policy::constant(Duration::ZERO).on_class(Retryable::Persistent, &HOURLY);
    /// assert_eq!(policy.class_policy(Retryable::Persistent), Some(&HOURLY));
    /// assert_eq!(policy.class_policy(Retryable::Throttled), None);
    /// ```
    #[must_use]
    pub const fn class_policy(&self, class: Retryable) -> Option<&Self> {
        self.by_class.get(match class {
            Retryable::Transient => Class::Transient,
            Retryable::Throttled => Class::Throttled,
            Retryable::Persistent => Class::Persistent,
            Retryable::Misconfigured => Class::Misconfigured,
        })
    }
}

const fn limit(nanos: u64) -> Option<Duration> {
    if nanos == FOREVER { None } else { Some(duration(nanos)) }
}
