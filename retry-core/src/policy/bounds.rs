use std::num::NonZeroU32;
use std::time::Duration;

use super::{Policy, UNLIMITED};
use crate::time::{FOREVER, duration, nanos};
use crate::{Law, Schedule, Segment};

/// How far delays are added up one by one; what lies beyond is taken as long as it can be.
const EXACT: u32 = 4096;

impl Policy {
    /// Attempts a run can make at most, the first included; `None`: no limit.
    ///
    /// A list of five delays makes six attempts. Limits in time are not counted: they say nothing of how often. The classes'
    /// policies aside: the limit by [`attempts`](Self::attempts) holds for them as well, the end of the schedule does not.
    ///
    /// ```
    /// # use retry_core::{Policy, Schedule, Staggered};
    /// # use std::time::Duration;
    /// let five = Staggered::new(vec![Duration::from_secs(1); 5]).unwrap();
    /// assert_eq!(Policy::new(five.into()).max_attempts().unwrap().get(), 6);
    /// ```
    #[must_use]
    pub const fn max_attempts(&self) -> Option<NonZeroU32> {
        let by_schedule = match self.schedule.length() {
            Some(delays) => delays.saturating_add(1),
            None => UNLIMITED,
        };
        match if by_schedule < self.attempts { by_schedule } else { self.attempts } {
            UNLIMITED => None,
            attempts => NonZeroU32::new(attempts),
        }
    }

    /// The longest a run can wait by schedule, cap, jitter and limits; `None`: for ever. 584 years stand for more.
    ///
    /// Hints and the classes' policies aside. Without a limit in time it is exact up to 4,096 attempts, and beyond where
    /// the delays have levelled out or reached the cap. Else it is a bound that no run exceeds: a limit by
    /// [`within`](Self::within) is taken as it stands, schedules by age as if attempts took any time, and schedules nested in
    /// others as if their delays did not depend on each other.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// let policy = Policy::exponential(second, 4 * second);
    /// assert_eq!(policy.max_total_delay(), None);
    /// assert_eq!(policy.clone().attempts(5).max_total_delay(), Some(11 * second));
    /// assert_eq!(policy.within(5 * second).max_total_delay(), Some(5 * second));
    /// ```
    #[must_use]
    pub const fn max_total_delay(&self) -> Option<Duration> {
        match (self.total_by_schedule(), self.within) {
            (None, FOREVER) => None,
            (None, within) => Some(duration(within)),
            (Some(total), within) => Some(duration(if total < within { total } else { within })),
        }
    }

    /// The longest a run can take if no attempt takes longer than `timeout`; `None`: for ever.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// assert_eq!(Policy::constant(second).attempts(3).max_elapsed(10 * second), Some(32 * second));
    /// ```
    #[must_use]
    pub const fn max_elapsed(&self, timeout: Duration) -> Option<Duration> {
        // The last attempt starts in time by whichever limit comes first, and then it may run.
        let by_count = match (self.max_attempts(), self.total_by_schedule()) {
            (Some(attempts), Some(total)) => {
                Some(nanos(timeout).saturating_mul(attempts.get() as u64 - 1).saturating_add(total))
            }
            _ => None,
        };
        let within = if self.within == FOREVER { None } else { Some(self.within) };
        match nearer(within, nearer(by_count, self.total_by_age())) {
            Some(last) => Some(duration(last.saturating_add(nanos(timeout)))),
            None => None,
        }
    }

    const fn total_by_schedule(&self) -> Option<u64> {
        nearer(self.total_by_count(), self.total_by_age())
    }

    /// Where the schedule ends at an age, which counts the attempts as well.
    const fn total_by_age(&self) -> Option<u64> {
        match (self.schedule.segments(), self.schedule.age_limit()) {
            (Some(segments), _) => Some(self.total_by_segments(segments)),
            // The last delay begins before the last age.
            (None, Some(until)) => Some(until.saturating_add(self.longest(self.schedule.greatest(1, until, self.cap)))),
            (None, None) => None,
        }
    }

    /// The last delay begins before the end of its segment, and the one before it was no longer than the age.
    const fn total_by_segments(&self, segments: &[Segment]) -> u64 {
        let (mut total, mut at) = (0, 0);
        while at < segments.len() {
            let until = nanos(segments[at].until);
            let end = until.saturating_add(self.longest(Some(segments[at].interval.greatest(until))));
            total = if end > total { end } else { total };
            at += 1;
        }
        total
    }

    /// The longest delay with cap and jitter, if it is at most `delay` by schedule.
    const fn longest(&self, delay: Option<u64>) -> u64 {
        match delay {
            Some(delay) => self.law.greatest(if delay < self.cap { delay } else { self.cap }, self.cap),
            None => 0,
        }
    }

    const fn total_by_count(&self) -> Option<u64> {
        let attempts = match self.max_attempts() {
            Some(attempts) => attempts.get(),
            None => UNLIMITED,
        };
        // Its delays depend on their sum, and so does their bound.
        if let Schedule::DecorrelatedV2(schedule) = &self.schedule
            && attempts != UNLIMITED
            && matches!(self.law, Law::None | Law::Full(_) | Law::Equal(_))
        {
            return Some(schedule.greatest_sum_below(self.cap, attempts - 1));
        }
        let (mut total, mut previous, mut n) = (0_u64, 0_u64, 1);
        while n < attempts {
            let Some(delay) = self.schedule.greatest(n, previous, self.cap) else {
                return Some(total);
            };
            let v = if delay < self.cap { delay } else { self.cap };
            let longest = self.law.greatest(v, self.cap);
            let level = match self.schedule.level_from() {
                Some(count) => n >= count,
                None => false,
            };
            if level || v == self.cap && self.schedule.never_shrinks() {
                return self.and_the_rest(total, longest, attempts, n);
            }
            if n == EXACT {
                let most = if self.schedule.never_shrinks() {
                    let last = match self.schedule.greatest(attempts - 1, self.cap, self.cap) {
                        Some(last) if last < self.cap => last,
                        _ => self.cap,
                    };
                    self.law.greatest(last, self.cap)
                } else if self.schedule.never_grows() {
                    longest
                } else {
                    self.cap
                };
                return self.and_the_rest(total, most, attempts, n);
            }
            total = total.saturating_add(longest);
            previous = longest;
            n += 1;
        }
        Some(total)
    }

    /// `total`, and from delay `n` on always `longest`.
    const fn and_the_rest(&self, total: u64, longest: u64, attempts: u32, n: u32) -> Option<u64> {
        if attempts == UNLIMITED {
            return if longest == 0 { Some(total) } else { None };
        }
        Some(total.saturating_add(longest.saturating_mul((attempts - n) as u64)))
    }
}

const fn nearer(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(x), Some(y)) => Some(if x < y { x } else { y }),
        (None, other) | (other, None) => other,
    }
}
