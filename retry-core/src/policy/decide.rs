use std::time::Duration;

use super::Policy;
use crate::entropy::up_to;
use crate::time::{duration, nanos};
use crate::{Because, Bounds, Class, Decision, Entropy, Failure, Hint, HintRule, Needs, RetryPolicy, StopReason, Wait};

impl Policy {
    /// The delay after `failure` by schedule, cap and jitter; limits, hints and classes aside. `None`: the schedule
    /// has ended.
    ///
    /// ```
    /// # use retry_core::{Failure, Policy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(5)).attempts(1);
    /// let delay = policy.delay(&Failure::first(Verdict::PERMANENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_secs(5)));
    /// ```
    #[inline]
    pub fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        let scheduled = self.schedule.nanos(self.cap, failure, rng)?;
        Some(duration(self.law.nanos(scheduled.min(self.cap), self.cap, rng)))
    }

    #[inline(always)]
    fn decide_here(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        if failure.count() >= self.attempts {
            return Decision::Stop(StopReason::Attempts);
        }
        let Some(scheduled) = self.schedule.nanos(self.cap, failure, rng) else {
            return Decision::Stop(StopReason::Schedule);
        };
        let (v, because) = if scheduled > self.cap { (self.cap, Because::Cap) } else { (scheduled, Because::Schedule) };
        let mut wait = Wait::of(self.law.nanos(v, self.cap, rng), because);
        if let Some(hint) = failure.verdict().hint() {
            match self.hinted(hint, wait, rng) {
                Ok(hinted) => wait = hinted,
                Err(reason) => return Decision::Stop(reason),
            }
        }
        if failure.is_too_late(wait.nanos(), self.within) {
            return Decision::Stop(StopReason::Deadline);
        }
        Decision::Retry(wait)
    }

    /// What the hint rule makes of a scheduled wait. NOTE: `drawn_with_hint` in `drawn` says the ends of it.
    #[cold]
    #[inline(never)]
    fn hinted(&self, hint: Hint, wait: Wait, rng: &mut dyn Entropy) -> Result<Wait, StopReason> {
        let (asked, scheduled) = (nanos(hint.not_before), wait.nanos());
        let delay = match self.hint {
            HintRule::Ignore => return Ok(wait),
            HintRule::AtLeast if asked <= scheduled => return Ok(wait),
            HintRule::AtLeast if asked > self.hint_max => return Err(StopReason::HintTooFar),
            HintRule::AtLeast => self.above(asked, rng),
            HintRule::Exactly => self.above(asked.min(self.hint_max), rng),
            HintRule::Clamp(slack) => {
                let most = scheduled.saturating_add(nanos(slack));
                let clamped = asked.min(self.hint_max).clamp(scheduled, most);
                if clamped == scheduled {
                    return Ok(wait);
                }
                self.above(clamped, rng).min(most)
            }
        };
        Ok(Wait::of(delay, Because::Hint(hint.source)))
    }

    fn above(&self, hint: u64, rng: &mut dyn Entropy) -> u64 {
        match self.law.above(hint) {
            0 => hint,
            spread => hint.saturating_add(up_to(spread, rng)),
        }
    }

    /// Failures that do not simply take the default policy. By value, so that the common path need not put the failure
    /// into memory.
    #[cold]
    #[inline(never)]
    fn decide_special(&self, failure: Failure, rng: &mut dyn Entropy) -> Decision {
        let Some(policy) = self.by_class.get(failure.verdict().class) else {
            return match failure.stops() {
                Some(reason) => Decision::Stop(reason),
                None => self.decide_here(&failure, rng),
            };
        };
        // The total limits hold as well.
        if failure.count() >= self.attempts {
            return Decision::Stop(StopReason::Attempts);
        }
        match policy.decide_here(&failure.in_class(), rng) {
            Decision::Retry(wait) if failure.is_too_late(wait.nanos(), self.within) => {
                Decision::Stop(StopReason::Deadline)
            }
            decision => decision,
        }
    }
}

impl RetryPolicy for Policy {
    #[inline(always)]
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        if self.by_class.is_special(failure.verdict().class) {
            self.decide_special(*failure, rng)
        } else {
            self.decide_here(failure, rng)
        }
    }

    fn bounds(&self) -> Bounds {
        Self::bounds(self)
    }

    #[inline]
    fn needs(&self) -> Needs {
        Needs { time: self.timed, ..Needs::NOTHING }
    }

    fn retry_cost(&self, class: Class) -> u16 {
        self.by_class.get(class).unwrap_or(self).cost
    }
}
