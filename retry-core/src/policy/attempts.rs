//! How many attempts a policy allows: by number, and by what fits into its time.

use std::num::NonZeroU32;

use super::{Policy, UNLIMITED};
use crate::Schedule;
use crate::time::FOREVER;

/// So many delays are added up one by one.
const EXACT: u32 = 4096;

impl Policy {
    /// By the limit on attempts and the schedule's end. Hints cannot make it more.
    pub(crate) const fn attempts_by_number(&self) -> Option<NonZeroU32> {
        let by_schedule = match self.schedule().length() {
            Some(delays) => delays.saturating_add(1),
            None => UNLIMITED,
        };
        match if by_schedule < self.attempts { by_schedule } else { self.attempts } {
            UNLIMITED => None,
            attempts => NonZeroU32::new(attempts),
        }
    }

    /// By the limit in time: as many as there are if no attempt takes any time and every delay is the shortest there is. `None`: no limit,
    /// or a shortest delay of zero that comes for ever, or a schedule whose shortest delays depend on chance or on segments of age.
    pub(super) const fn attempts_in_time(&self) -> Option<NonZeroU32> {
        let by_age = matches!(self.schedule, Schedule::ByAge(_));
        let steady = !self.schedule.looks_at_time() && !self.schedule.is_random();
        if self.within == FOREVER || !(by_age || steady) {
            return None;
        }
        let (mut waited, mut n) = (0_u64, 1_u32);
        loop {
            let (delay, level) = match &self.schedule {
                Schedule::ByAge(schedule) => (Some(schedule.at_age(waited)), waited >= schedule.greatest(n)),
                schedule => (schedule.greatest(n, 0, self.cap), is_level(schedule, n)),
            };
            let Some(delay) = delay else { return None };
            let v = if delay < self.cap { delay } else { self.cap };
            let least = self.law.least(v, self.cap);
            if level || n == EXACT || v == self.cap && self.schedule.never_shrinks() {
                if !level && n == EXACT && !self.schedule.never_shrinks() {
                    return None;
                }
                return match (self.within - waited).checked_div(least) {
                    Some(more) => attempts(more.saturating_add(n as u64)),
                    None => None,
                };
            }
            match waited.saturating_add(least) {
                sum if sum > self.within => return NonZeroU32::new(n),
                sum => waited = sum,
            }
            n += 1;
        }
    }
}

const fn is_level(schedule: &Schedule, n: u32) -> bool {
    match schedule.level_from() {
        Some(from) => n >= from,
        None => false,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "checked")]
const fn attempts(n: u64) -> Option<NonZeroU32> {
    if n >= UNLIMITED as u64 { None } else { NonZeroU32::new(n as u32) }
}
