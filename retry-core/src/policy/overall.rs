use std::num::NonZeroU32;

use super::bounds::{Facing, Waits, nearer};
use super::{Policy, Retryable, UNLIMITED};
use crate::Bounds;
use crate::time::FOREVER;

const CLASSES: [Retryable; 4] =
    [Retryable::Transient, Retryable::Throttled, Retryable::Persistent, Retryable::Misconfigured];

impl Policy {
    /// What no run exceeds, whatever fails and whatever hints come: [`max_attempts`](Self::max_attempts) and
    /// [`max_total_delay`](Self::max_total_delay) with hints and the classes' policies counted in.
    ///
    /// | what | with hints | with classes |
    /// |---|---|---|
    /// | attempts | the same | the default policy's, and as many more as each class's policy retries, up to the limit in total; exact |
    /// | one delay | at most the greater of schedule with jitter and greatest hint with the jitter above it | the longest of any; exact |
    /// | all delays | each as long as that; exact for schedules that depend on the count alone, without limit by time | the sum over default policy and classes, up to the limit by time; a bound |
    ///
    /// Under [`HintRule::AtLeast`](crate::HintRule) each delay may be as long as the greatest hint, which is 24 h unless
    /// [`hints`](Self::hints) says otherwise: with 5 attempts that is 4 days, and jitter. Waits for admission
    /// ([`RetryPolicy::admit`](crate::RetryPolicy::admit)) are not counted. Delays that depend on the one before are taken as
    /// if that were of any length, so that the bounds also hold within a combination of policies.
    ///
    /// ```
    /// use retry_core::{HintRule, Policy, Retryable};
    /// use std::time::Duration;
    ///
    /// const SECOND: Duration = Duration::from_secs(1);
    /// static THROTTLED: Policy = Policy::constant(Duration::from_secs(30)).attempts(4);
    /// static POLICY: Policy = Policy::constant(SECOND)
    ///     .attempts(9)
    ///     .hints(HintRule::Clamp(Duration::from_secs(5)), Duration::from_secs(3600))
    ///     .on_class(Retryable::Throttled, &THROTTLED);
    /// const ATTEMPTS: u32 = POLICY.bounds().max_attempts().unwrap().get();
    ///
    /// // 8 retries by the default policy; the 3 that the throttled class has for itself are more, but 9 is the limit in total
    /// assert_eq!(ATTEMPTS, 9);
    /// // the throttled class honours hints up to 24 h
    /// assert_eq!(POLICY.bounds().max_delay(), Some(Duration::from_secs(86_400)));
    /// // the default policy alone: 8 delays of 1 s, each up to 5 s longer by a hint
    /// let plain = Policy::constant(SECOND).attempts(9).hints(HintRule::Clamp(5 * SECOND), 3600 * SECOND);
    /// assert_eq!(plain.bounds().max_total_delay(), Some(8 * 6 * SECOND));
    /// ```
    #[must_use]
    pub const fn bounds(&self) -> Bounds {
        let mut sum = Part::NONE;
        // Where both have a policy of their own, the default one decides nothing.
        if self.class_policy(Retryable::Transient).is_none() || self.class_policy(Retryable::Throttled).is_none() {
            sum = sum.and(self.part(self.attempts));
        }
        let (mut at, mut has_classes) = (0, false);
        while at < CLASSES.len() {
            if let Some(policy) = self.class_policy(CLASSES[at]) {
                sum = sum.and(policy.part(self.attempts));
                has_classes = true;
            }
            at += 1;
        }
        let limit = if self.attempts == UNLIMITED { None } else { NonZeroU32::new(self.attempts) };
        let by_parts = match sum.retries {
            Some(retries) => NonZeroU32::new(retries.saturating_add(1)),
            None => None,
        };
        let attempts = match (by_parts, limit) {
            (Some(a), Some(b)) => Some(if a.get() < b.get() { a } else { b }),
            (a, None) => a,
            (None, b) => b,
        };
        let last = if has_classes { limit } else { attempts };
        let within = if self.within == FOREVER { None } else { Some(self.within) };
        let longest = if sum.longest < self.within { sum.longest } else { self.within };
        let delay = if longest == FOREVER { None } else { Some(longest) };
        Bounds::of(attempts, last, delay, nearer(sum.total, within))
    }

    /// As one of several that decide in a run of at most `attempts`.
    const fn part(&self, attempts: u32) -> Part {
        let Waits { total, longest } = self.waits(Facing { hint: Some(FOREVER), others: true, attempts });
        let retries = match self.attempts_by_number() {
            Some(attempts) => Some(attempts.get() - 1),
            None => None,
        };
        Part { retries, total, longest }
    }
}

/// The failures of a run that one policy decides about.
struct Part {
    /// `None`: any number.
    retries: Option<u32>,
    total: Option<u64>,
    longest: u64,
}

impl Part {
    const NONE: Self = Self { retries: Some(0), total: Some(0), longest: 0 };

    const fn and(self, other: Self) -> Self {
        Self {
            retries: match (self.retries, other.retries) {
                (Some(a), Some(b)) => Some(a.saturating_add(b)),
                _ => None,
            },
            total: match (self.total, other.total) {
                (Some(a), Some(b)) => Some(a.saturating_add(b)),
                _ => None,
            },
            longest: if self.longest > other.longest { self.longest } else { other.longest },
        }
    }
}
