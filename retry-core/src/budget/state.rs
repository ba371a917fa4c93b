//! The whole state of a [`SuccessBudget`](super::SuccessBudget) in 64 bits, and its arithmetic.
//!
//! The cap is `max(floor, ratio * recent)`. Tokens beyond it are cut when somebody wants one, not when they come in: a
//! success raises the cap by no more than it raises the tokens, and time alone never raises the cap, so the result is
//! the same.
//!
//! Why the bound holds (`BudgetRule::max_retries`). Every rounding is down, so that tokens and cap are never above
//! those of the exact formula, but for one thing: what trickles in is counted by whole ticks, and a tick may have begun
//! before the interval. Let w be the first withdrawal of the interval that is granted. Before it there are at most
//! `cap(w)` tokens, and `cap(w) <= cap(a) + ratio * successes(a, w)`. Either they were so near the cap that the tick's
//! trickle could pass it: then `full` is set, and the trickle up to the end of that tick is lost; or they were
//! further below the cap than a tick brings. Either way no more comes out after w than went in.

use super::BudgetRule;
use super::decay::{self, TICKS};

/// Units of `tokens` in a token, so that costs and ratios in percent are exact.
pub(super) const TOKEN: u64 = 100;
const TOKENS_MAX: u64 = (1 << TOKEN_BITS) - 1;

/// Units of `recent` in a success.
const SUCCESS: u64 = 128;
const RECENT_MAX: u64 = (1 << 22) - 1;
/// What a success counts when it comes: as if it were a tick old, for it may come at the end of a tick and decay only
/// counts whole ones. 128 * e^(-1/64) = 126.02.
const FRESH: u64 = 126;

/// With so many recent successes only one of [`DATED`] must be dated.
const BUSY: u64 = 256;
const DATED: u64 = 16;

const TOKEN_BITS: u32 = 21;
const TICK_BITS: u32 = 20;
const TICK_MASK: u64 = (1 << TICK_BITS) - 1;
/// Half of all ticks that can be told apart: differences of less are forward, others backward.
pub(super) const AMBIGUOUS: u64 = 1 << (TICK_BITS - 1);

/// What a rule comes to in units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// Ticks in a nanosecond, in 2^-64: rounded down, so that a tick is longer by less than a part in 2^23. That is less
    /// than what [`FRESH`] is rounded down by, also over all ticks in which a success counts.
    pace: u64,
    ratio: u64,
    /// What a success adds to a state, tokens and recent successes at once.
    deposit: u64,
    floor: u64,
    /// What trickles in during a tick, in 2^-32 units.
    trickle: u64,
    /// More than what trickles in during a part of a tick.
    near: u64,
}

impl Terms {
    pub(super) const fn new(rule: &BudgetRule) -> Self {
        let (ratio, floor, window, every) = rule.parts();
        let tick = window / TICKS;
        let pace = u64::MAX / tick;
        let trickle = if every == u64::MAX { 0 } else { ((tick as u128 * TOKEN as u128) << 32) / every as u128 };
        // A trickle is no faster than one in four ticks.
        #[expect(clippy::cast_possible_truncation, reason = "at most 37 bits")]
        let trickle = trickle as u64;
        let near = if trickle == 0 { 0 } else { (trickle >> 32) + 1 };
        let ratio = ratio as u64;
        Self { pace, ratio, deposit: ratio | FRESH << RECENT, floor: floor as u64 * TOKEN, trickle, near }
    }

    /// The tick of an instant.
    #[inline(always)]
    pub(super) const fn tick(&self, nanos: u64) -> u64 {
        ((nanos as u128 * self.pace as u128) >> 64) as u64
    }

    /// What trickles in during `ticks`, rounded down: a write loses less than a unit by it, and refusals write nothing.
    #[inline(always)]
    const fn trickle_of(&self, ticks: u64) -> u64 {
        // At most 20 and 37 bits.
        (ticks * self.trickle) >> 32
    }
}

/// Where the parts begin, the tokens at 0: tokens, whether they were full, the tick for which all holds, recent successes.
const FULL: u32 = TOKEN_BITS;
const TICK: u32 = FULL + 1;
const RECENT: u32 = TICK + TICK_BITS;
/// The highest bits of tokens and recent successes: where neither is set, a deposit overflows nothing.
const HIGH: u64 = 1 << (TOKEN_BITS - 1) | 1 << 63;

/// Tokens, recent successes, and the tick for which they hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct State(pub(super) u64);

impl State {
    pub(super) const fn new(terms: &Terms) -> Self {
        Self(terms.floor | 1 << FULL)
    }

    #[inline(always)]
    const fn tokens(self) -> u64 {
        self.0 & TOKENS_MAX
    }

    #[inline(always)]
    const fn recent(self) -> u64 {
        self.0 >> RECENT
    }

    /// The last bits of the tick.
    const fn tick(self) -> u64 {
        self.0 >> TICK & TICK_MASK
    }

    /// Tokens were so near the cap that what trickles in during the rest of the tick is lost to it.
    const fn is_full(self) -> bool {
        self.0 >> FULL & 1 == 1
    }

    /// The same with so many tokens, or as many as fit.
    #[inline(always)]
    const fn with_tokens(self, tokens: u64) -> Self {
        let tokens = if tokens < TOKENS_MAX { tokens } else { TOKENS_MAX };
        Self(self.0 & !TOKENS_MAX | tokens)
    }

    const fn with_recent(self, recent: u64) -> Self {
        let recent = if recent < RECENT_MAX { recent } else { RECENT_MAX };
        Self(self.0 & ((1 << RECENT) - 1) | recent << RECENT)
    }

    const fn with_tick(self, tick: u64, full: bool) -> Self {
        const PARTS: u64 = (1 << FULL) | (TICK_MASK << TICK);
        Self(self.0 & !PARTS | (full as u64) << FULL | (tick & TICK_MASK) << TICK)
    }

    /// As it is at tick `now`, of which it knows the last 20 bits of its own. A tick before its own counts as that.
    pub(super) fn at(self, now: u64, terms: &Terms) -> Self {
        match now.wrapping_sub(self.tick()) & TICK_MASK {
            0 | AMBIGUOUS.. => self,
            ticks => self.with_recent(decay::left(self.recent(), ticks)).trickled(now, ticks, terms),
        }
    }

    /// After so long a time that ticks cannot be told apart: nothing of what succeeded counts, and at least what
    /// trickled in since the tick that the bits name.
    pub(super) fn much_later(self, now: u64, terms: &Terms) -> Self {
        match now.wrapping_sub(self.tick()) & TICK_MASK {
            0 | AMBIGUOUS.. => self.with_recent(0).with_tick(now, true),
            ticks => self.with_recent(0).trickled(now, ticks, terms),
        }
    }

    fn trickled(self, now: u64, ticks: u64, terms: &Terms) -> Self {
        let came = terms.trickle_of(ticks - u64::from(self.is_full()));
        self.with_tokens(self.tokens() + came).with_tick(now, false)
    }

    #[inline(always)]
    pub(super) fn deposit(self, terms: &Terms) -> Self {
        if self.0 & HIGH == 0 { Self(self.0 + terms.deposit) } else { self.deposit_much(terms) }
    }

    /// Few successes count, or as many as can be counted, or it is the turn of a dated one: the sum tells, which grows by
    /// nearly a success each time.
    #[inline(always)]
    pub(super) const fn wants_date(self) -> bool {
        let successes = self.recent() / SUCCESS;
        successes < BUSY || successes.is_multiple_of(DATED) || self.recent() == RECENT_MAX
    }

    #[cold]
    #[inline(never)]
    const fn deposit_much(self, terms: &Terms) -> Self {
        self.with_tokens(self.tokens() + terms.ratio).with_recent(self.recent() + FRESH)
    }

    /// `None`: not enough.
    #[inline(always)]
    pub(super) fn withdraw(self, cost: u64, terms: &Terms) -> Option<Self> {
        let cap = self.cap(terms);
        let tokens = self.tokens().min(cap);
        let full = u64::from(tokens + terms.near > cap) << FULL;
        let left = tokens.checked_sub(cost)?;
        Some(Self(self.0 & !TOKENS_MAX | full | left))
    }

    pub(super) const fn refund(self, cost: u64) -> Self {
        self.with_tokens(self.tokens() + cost)
    }

    #[inline(always)]
    fn cap(self, terms: &Terms) -> u64 {
        (self.recent() * terms.ratio / SUCCESS).max(terms.floor)
    }

    /// A new one would grant the same.
    pub(super) fn is_at_rest(self, terms: &Terms) -> bool {
        self.cap(terms) == terms.floor && self.tokens() >= terms.floor
    }

    /// What could be withdrawn, in units.
    pub(super) fn balance(self, terms: &Terms) -> u64 {
        self.tokens().min(self.cap(terms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_state_do_not_touch_each_other() {
        let full = State(u64::MAX);
        assert_eq!(
            (full.tokens(), full.recent(), full.tick(), full.is_full()),
            (TOKENS_MAX, RECENT_MAX, TICK_MASK, true)
        );
        assert_eq!(full.with_tokens(0).0.count_zeros(), TOKEN_BITS);
        assert_eq!(full.with_recent(0).0.count_zeros(), 22);
        assert_eq!(full.with_tick(0, true).0.count_zeros(), TICK_BITS);
        assert_eq!(full.with_tick(TICK_MASK, false).0.count_zeros(), 1);
        assert_eq!(State(0).with_tokens(u64::MAX).with_recent(u64::MAX).with_tick(u64::MAX, true), full);
    }

    /// The addition of both parts at once is that of each, up to their ends.
    #[test]
    fn a_deposit_saturates_each_part_by_itself() {
        let terms = Terms::new(&BudgetRule::DEFAULT.ratio_percent(1000));
        for tokens in [0, 1, (1 << 20) - 1, 1 << 20, TOKENS_MAX - 1, TOKENS_MAX] {
            for recent in [0, 1, (1 << 21) - 1, 1 << 21, RECENT_MAX - 1, RECENT_MAX] {
                let state = State(0).with_tokens(tokens).with_recent(recent).with_tick(77, true);
                let after = state.deposit(&terms);
                assert_eq!(after.tokens(), (tokens + 1000).min(TOKENS_MAX));
                assert_eq!(after.recent(), (recent + FRESH).min(RECENT_MAX));
                assert_eq!((after.tick(), after.is_full()), (77, true));
            }
        }
    }

    /// One in sixteen, and all of them again where the sum can grow no more.
    #[test]
    fn a_busy_budget_wants_a_date_now_and_then() {
        let terms = Terms::new(&BudgetRule::DEFAULT);
        let mut state = State::new(&terms);
        let mut dated = 0;
        // 256 successes of 126/128 each are reached after 261.
        for n in 0..261 {
            assert!(state.wants_date(), "after {n}");
            state = state.deposit(&terms);
        }
        for _ in 0..16_000 {
            dated += u32::from(state.wants_date());
            state = state.deposit(&terms);
        }
        // 16,000 * 126/128 / 16 = 984 turns, of which one in 64 is as long as two successes.
        assert!((984..=1001).contains(&dated), "{dated}");
        assert!(state.with_recent(RECENT_MAX).wants_date());
    }
}
