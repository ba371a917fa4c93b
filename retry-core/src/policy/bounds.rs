use std::num::NonZeroU32;
use std::time::Duration;

use super::{Policy, UNLIMITED};
use crate::time::{FOREVER, duration, nanos};
use crate::{Law, Schedule, Segment};

/// How far delays are added up one by one; what lies beyond is taken as long as it can be.
const EXACT: u32 = 4096;
/// The same where a list of delays has its end further on: what a text can list fits in.
const EXACT_LISTED: u32 = 1 << 17;

impl Policy {
    /// Attempts a run can make at most, the first included; `None`: no limit.
    ///
    /// A list of five delays makes six attempts. A limit in time counts with the shortest delays and attempts that take no time: it
    /// is exact up to 4,096 delays and for those that have levelled out, and a bound beyond. `None`: no limit; also where delays may be zero
    /// for ever, go by segments of age, or are random by schedule under a limit in time alone. The classes' policies and hints that shorten
    /// a delay ([`HintRule::Exactly`](crate::HintRule)) are aside; [`bounds`](Self::bounds) counts them.
    ///
    /// ```
    /// # use retry_core::{Policy, Schedule, Staggered};
    /// # use std::time::Duration;
    /// let five = Staggered::new(vec![Duration::from_secs(1); 5]).unwrap();
    /// assert_eq!(Policy::new(five.into()).max_attempts().unwrap().get(), 6);
    /// // at 0, 1, .. 5 h
    /// let hour = Duration::from_secs(3600);
    /// assert_eq!(Policy::constant(hour).within(5 * hour).max_attempts().unwrap().get(), 6);
    /// ```
    #[must_use]
    pub const fn max_attempts(&self) -> Option<NonZeroU32> {
        match (self.attempts_by_number(), self.attempts_in_time()) {
            (Some(a), Some(b)) => Some(if a.get() < b.get() { a } else { b }),
            (None, other) | (other, None) => other,
        }
    }

    /// The longest a run can wait by schedule, cap, jitter and limits; `None`: for ever. 584 years stand for more.
    ///
    /// Hints and the classes' policies aside; [`bounds`](Self::bounds) counts them. It is exact (some run waits so long) up to
    /// 4,096 attempts (131,072 of a list), and beyond where the delays have levelled out or reached the cap. It is a bound that no run exceeds where a
    /// schedule goes by age (attempts may take any time), where a random schedule meets a limit by [`within`](Self::within),
    /// and where a random schedule is nested in another.
    ///
    /// ```
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// let policy = Policy::exponential(second, 4 * second);
    /// assert_eq!(policy.max_total_delay(), None);
    /// assert_eq!(policy.clone().attempts(5).max_total_delay(), Some(11 * second));
    /// // 1 + 2 s, since 4 s more would be too late
    /// assert_eq!(policy.within(5 * second).max_total_delay(), Some(3 * second));
    /// ```
    #[must_use]
    pub const fn max_total_delay(&self) -> Option<Duration> {
        match self.waits(Facing::ALONE).total {
            Some(total) => Some(duration(total)),
            None => None,
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
        let by_schedule = nearer(self.by_count(Facing::ALONE, FOREVER).total, self.total_by_age(Facing::ALONE));
        let by_count = match (self.attempts_by_number(), by_schedule) {
            (Some(attempts), Some(total)) => {
                Some(nanos(timeout).saturating_mul(attempts.get() as u64 - 1).saturating_add(total))
            }
            _ => None,
        };
        let within = if self.within == FOREVER { None } else { Some(self.within) };
        match nearer(within, nearer(by_count, self.total_by_age(Facing::ALONE))) {
            Some(last) => Some(duration(last.saturating_add(nanos(timeout)))),
            None => None,
        }
    }

    /// The longest waits of a run.
    pub(crate) const fn waits(&self, facing: Facing) -> Waits {
        // Delays that depend on nothing but their number are added up until they are too late; of others the limit is the bound.
        let is_steady = facing.is_alone() && !self.schedule.looks_at_time() && !self.schedule.is_random();
        let Waits { total, longest } = self.by_count(facing, if is_steady { self.within } else { FOREVER });
        let within = if self.within == FOREVER { None } else { Some(self.within) };
        let total = nearer(total, nearer(within, self.total_by_age(facing)));
        Waits { total, longest: if longest < self.within { longest } else { self.within } }
    }

    /// Where the schedule ends at an age, which counts the attempts as well.
    const fn total_by_age(&self, facing: Facing) -> Option<u64> {
        match (self.schedule.segments(), self.schedule.age_limit()) {
            (Some(segments), _) => Some(self.total_by_segments(segments, facing)),
            // The last delay begins before the last age.
            (None, Some(until)) => {
                let last = self.schedule.greatest(1, until, self.cap);
                Some(until.saturating_add(self.longest(last, facing)))
            }
            (None, None) => None,
        }
    }

    /// The last delay begins before the end of its segment, and the one before it was no longer than the age.
    const fn total_by_segments(&self, segments: &[Segment], facing: Facing) -> u64 {
        let (mut total, mut at) = (0, 0);
        while at < segments.len() {
            let until = nanos(segments[at].until);
            let end = until.saturating_add(self.longest(Some(segments[at].interval.greatest(until)), facing));
            total = if end > total { end } else { total };
            at += 1;
        }
        total
    }

    /// The longest delay with cap, jitter and hint, if it is at most `delay` by schedule.
    const fn longest(&self, delay: Option<u64>, facing: Facing) -> u64 {
        let Some(delay) = delay else { return 0 };
        let drawn = self.drawn(delay, delay);
        let hinted = match facing.hint {
            Some(asked) => self.drawn_with_hint(drawn, if asked < self.hint_max { asked } else { self.hint_max }),
            None => None,
        };
        match hinted {
            Some(hinted) if hinted.high > drawn.high => hinted.high,
            _ => drawn.high,
        }
    }

    /// The longest waits by count alone, of attempts that begin by `within`.
    const fn by_count(&self, facing: Facing, within: u64) -> Waits {
        let attempts = match self.attempts_by_number() {
            Some(attempts) if attempts.get() < facing.attempts => attempts.get(),
            _ => facing.attempts,
        };
        // Its delays depend on their sum, and so does their bound.
        if let Schedule::DecorrelatedV2(schedule) = &self.schedule
            && attempts != UNLIMITED
            && facing.is_alone()
            && matches!(self.law, Law::None | Law::Full(_) | Law::Equal(_))
        {
            let longest = self.longest(self.schedule.greatest(attempts - 1, 0, self.cap), facing);
            return Waits { total: Some(schedule.greatest_sum_below(self.cap, attempts - 1)), longest };
        }
        let exact = match self.schedule.level_from() {
            Some(level) if level > EXACT && level <= EXACT_LISTED => level,
            _ => EXACT,
        };
        let (mut sum, mut previous, mut n) = (Sum::new(within), if facing.others { FOREVER } else { 0 }, 1);
        while n < attempts {
            let Some(delay) = self.schedule.greatest(n, previous, self.cap) else { break };
            let v = if delay < self.cap { delay } else { self.cap };
            let least = self.law.least(v, self.cap);
            let longest = self.longest(Some(v), facing);
            let level = match self.schedule.level_from() {
                Some(count) => n >= count,
                None => false,
            };
            if level || v == self.cap && self.schedule.never_shrinks() {
                return sum.and_the_rest(least, longest, remaining(attempts, n));
            }
            if n == exact {
                let most = if self.schedule.never_shrinks() {
                    self.longest(self.schedule.greatest(attempts - 1, self.cap, self.cap), facing)
                } else if self.schedule.never_grows() {
                    longest
                } else {
                    self.longest(Some(self.cap), facing)
                };
                return sum.and_the_rest(0, most, remaining(attempts, n));
            }
            if !sum.add(least, longest) {
                break;
            }
            if !facing.others {
                previous = longest;
            }
            n += 1;
        }
        Waits { total: Some(sum.reached()), longest: sum.longest }
    }
}

/// What a bound takes into account beyond schedule, jitter and limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facing {
    /// Failures may carry a hint of so much.
    pub(crate) hint: Option<u64>,
    /// Delays before may be those of other policies.
    pub(crate) others: bool,
    /// Attempts at the most, by another's limit.
    pub(crate) attempts: u32,
}

impl Facing {
    /// Nothing.
    pub(crate) const ALONE: Self = Self { hint: None, others: false, attempts: UNLIMITED };

    const fn is_alone(&self) -> bool {
        self.hint.is_none() && !self.others
    }
}

/// The longest waits of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waits {
    /// All of them; `None`: for ever.
    pub(crate) total: Option<u64>,
    /// A single one.
    pub(crate) longest: u64,
}

/// Delays of a run that are added up one by one.
struct Sum {
    /// All of them at their least.
    low: u64,
    /// All of them at their longest.
    high: u64,
    longest: u64,
    within: u64,
}

impl Sum {
    const fn new(within: u64) -> Self {
        Self { low: 0, high: 0, longest: 0, within }
    }

    /// Adds a delay, unless it would be too late however short the ones before.
    const fn add(&mut self, least: u64, longest: u64) -> bool {
        let low = self.low.saturating_add(least);
        if low > self.within {
            return false;
        }
        (self.low, self.high) = (low, self.high.saturating_add(longest));
        self.longest = if longest > self.longest { longest } else { self.longest };
        true
    }

    /// Every sum between the least and the longest comes about.
    const fn reached(&self) -> u64 {
        if self.high < self.within { self.high } else { self.within }
    }

    /// And from here on `count` delays (`None`: without end) of `least ..= longest`.
    const fn and_the_rest(mut self, least: u64, longest: u64, count: Option<u32>) -> Waits {
        let in_time = match (self.within - self.low).checked_div(least) {
            Some(fitting) if self.within != FOREVER => Some(fitting),
            _ => None,
        };
        let count = match count {
            Some(count) => nearer(Some(count as u64), in_time),
            None => in_time,
        };
        if !matches!(count, Some(0)) && longest > self.longest {
            self.longest = longest;
        }
        let total = match count {
            Some(count) => {
                self.high = self.high.saturating_add(longest.saturating_mul(count));
                Some(self.reached())
            }
            None if longest == 0 => Some(self.reached()),
            None if self.within == FOREVER => None,
            None => Some(self.within),
        };
        Waits { total, longest: self.longest }
    }
}

/// Delays from delay `n` on.
const fn remaining(attempts: u32, n: u32) -> Option<u32> {
    if attempts == UNLIMITED { None } else { Some(attempts - n) }
}

pub(super) const fn nearer(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(x), Some(y)) => Some(if x < y { x } else { y }),
        (None, other) | (other, None) => other,
    }
}
