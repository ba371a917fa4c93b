use super::runs::Column;
use super::spread::saturated;
use super::view::View;
use super::{Figure, Planned, Spread};
use crate::policy::Drawn;
use crate::schedule::Range;
use crate::time::FOREVER;
use crate::{Law, Policy, Schedule, Session, Time};

/// What is known of an attempt without a sample.
#[derive(Clone, Copy)]
pub(super) struct Known {
    delay: Drawn,
    /// When it starts.
    low: u64,
    high: u64,
    /// Every run makes it.
    sure: bool,
    /// It and those before it come after delays that do not depend on each other, each uniform.
    independent: bool,
    /// Delays so far that are left to chance.
    random: u32,
    /// Twice the mean of all delays so far.
    twice_waited: u128,
    /// Attempts before it, each of so long.
    taken: u64,
}

impl View<'_> {
    /// Of the first `listed` attempts as many as are known.
    pub(super) fn closed_forms(&self, listed: usize) -> Vec<Known> {
        let mut known = vec![Known::FIRST];
        let Some(policy) = self.deciding() else { return known };
        if let Schedule::DecorrelatedV2(_) = policy.schedule() {
            known.extend((1..listed).map_while(|delays| self.of_curve(policy, delays)));
            return known;
        }
        let (mut low, mut high) = (Session::begin(Time::default()), Session::begin(Time::default()));
        let mut last = Known::FIRST;
        while known.len() < listed {
            let (lows, highs) = (self.failure(low, last.low), self.failure(high, last.high));
            let Range::Between(shortest, longest) = policy.schedule().range(policy.cap_nanos(), &lows, &highs) else {
                break;
            };
            let mut delay = policy.drawn(shortest, longest);
            if let Some(asked) = self.hint() {
                match policy.drawn_with_hint(delay, asked) {
                    Some(hinted) => delay = hinted,
                    None => break,
                }
            }
            match last.followed_by(delay, self.takes, policy.within_nanos()) {
                Some(next) => last = next,
                None => break,
            }
            known.push(last);
            low.retry(self.class(), last.delay.low);
            high.retry(self.class(), last.delay.high);
        }
        known
    }

    /// Of the curve, whose delays do not vary for themselves; of what happens to it by jitter, hints and limits in time nothing.
    fn of_curve(&self, policy: &Policy, delays: usize) -> Option<Known> {
        let (Schedule::DecorrelatedV2(schedule), Ok(count)) = (policy.schedule(), u32::try_from(delays)) else {
            return None;
        };
        if policy.law() != Law::None || self.hint().is_some() || policy.within_nanos() != FOREVER {
            return None;
        }
        let (cap, taken) = (policy.cap_nanos(), self.takes.saturating_mul(u64::from(count)));
        Some(Known {
            delay: Drawn { low: 0, high: schedule.greatest_below(cap, count), uniform: false, sure: true },
            low: schedule.least_sum_below(cap, count).saturating_add(taken),
            high: schedule.greatest_sum_below(cap, count).saturating_add(taken),
            independent: false,
            taken,
            ..Known::FIRST
        })
    }
}

impl Known {
    const FIRST: Self = Self {
        delay: Drawn { low: 0, high: 0, uniform: true, sure: true },
        low: 0,
        high: 0,
        sure: true,
        independent: true,
        random: 0,
        twice_waited: 0,
        taken: 0,
    };

    /// The attempt after a delay, if any run makes it and its ends are known.
    fn followed_by(self, mut delay: Drawn, takes: u64, within: u64) -> Option<Self> {
        let (failed_low, failed_high) = (self.low.saturating_add(takes), self.high.saturating_add(takes));
        let (low, mut high) = (failed_low.saturating_add(delay.low), failed_high.saturating_add(delay.high));
        let independent = self.independent && delay.uniform;
        let mut sure = self.sure && delay.sure;
        if low > within {
            return None;
        }
        if high > within {
            // Where a delay hangs on the others, the longest that is in time is anybody's guess.
            if !independent {
                return None;
            }
            delay.high = delay.high.min(within - failed_low);
            (high, sure) = (within, false);
        }
        let twice_waited = self.twice_waited + u128::from(delay.low) + u128::from(delay.high);
        let (random, taken) = (self.random + u32::from(!delay.is_point()), self.taken.saturating_add(takes));
        Some(Self { delay, low, high, sure, independent, random, twice_waited, taken })
    }

    /// The mean of all delays so far.
    pub(super) fn mean_total_delay(&self) -> Option<u64> {
        (self.sure && self.independent && self.high < FOREVER).then(|| saturated(self.twice_waited / 2))
    }

    /// With a sample for what is not known.
    pub(super) fn attempt(self, number: u32, column: Column, runs: u32) -> Planned {
        let Self { delay, low, high, .. } = self;
        if !self.sure {
            let Planned { reached, delay: delays, at, .. } = column.sampled(number, runs);
            return Planned { number, reached, delay: delays.ends(delay.low, delay.high), at: at.ends(low, high) };
        }
        let delays = if delay.uniform {
            Spread::uniform(delay.low, delay.high)
        } else {
            Spread::sampled(column.delays).ends(delay.low, delay.high)
        };
        // One random delay, and all others fixed: the time is spread as that is.
        let is_one = self.independent && self.random == 1 && high < FOREVER;
        let at = match self.mean_total_delay() {
            _ if low == high || is_one => Spread::uniform(low, high),
            Some(mean) => Spread::sampled(column.starts).ends(low, high).centred(mean.saturating_add(self.taken)),
            None => Spread::sampled(column.starts).ends(low, high),
        };
        Planned { number, reached: Figure::new(1.0, true), delay: delays, at }
    }
}
