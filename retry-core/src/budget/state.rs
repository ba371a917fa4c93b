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
const TOKENS_MAX: u64 = (1 << 21) - 1;

/// Units of `recent` in a success.
const SUCCESS: u64 = 128;
const RECENT_MAX: u64 = (1 << 22) - 1;
/// What a success counts when it comes: as if it were a tick old, for it may come at the end of a tick and decay only
/// counts whole ones. 128 * e^(-1/64) = 126.02.
const FRESH: u64 = 126;

const TICK_BITS: u32 = 20;
const TICK_MASK: u64 = (1 << TICK_BITS) - 1;
/// Half of all ticks that can be told apart: differences of less are forward, others backward.
pub(super) const AMBIGUOUS: u64 = 1 << (TICK_BITS - 1);

/// What a rule comes to in units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// The length of a tick in nanoseconds.
    tick: u64,
    ratio: u64,
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
        let trickle = if every == u64::MAX { 0 } else { ((tick as u128 * TOKEN as u128) << 32) / every as u128 };
        // A trickle is no faster than one in four ticks.
        #[expect(clippy::cast_possible_truncation, reason = "at most 37 bits")]
        let trickle = trickle as u64;
        let near = if trickle == 0 { 0 } else { (trickle >> 32) + 1 };
        Self { tick, ratio: ratio as u64, floor: floor as u64 * TOKEN, trickle, near }
    }

    /// The tick of an instant.
    #[inline]
    pub(super) const fn tick(&self, nanos: u64) -> u64 {
        nanos / self.tick
    }

    /// What trickles in during `ticks`, rounded down: a write loses less than a unit by it, and refusals write nothing.
    #[inline(always)]
    const fn trickle_of(&self, ticks: u64) -> u64 {
        // At most 20 and 37 bits.
        (ticks * self.trickle) >> 32
    }
}

/// Tokens, recent successes, and the tick for which they hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct State {
    tokens: u64,
    recent: u64,
    tick: u64,
    /// Tokens were so near the cap that what trickled in during this tick is lost to it.
    full: bool,
}

impl State {
    pub(super) const fn new(terms: &Terms) -> Self {
        Self { tokens: terms.floor, recent: 0, tick: 0, full: true }
    }

    #[inline(always)]
    pub(super) const fn unpack(bits: u64) -> Self {
        Self { tokens: bits & TOKENS_MAX, recent: bits >> 21 & RECENT_MAX, full: bits >> 43 & 1 == 1, tick: bits >> 44 }
    }

    #[inline(always)]
    pub(super) const fn pack(self) -> u64 {
        self.tokens | self.recent << 21 | (self.full as u64) << 43 | self.tick << 44
    }

    /// As it is at tick `now`, of which only the last 20 bits are known of the state's own.
    #[inline(always)]
    pub(super) fn at(mut self, now: u64, terms: &Terms) -> Self {
        let ticks = now.wrapping_sub(self.tick) & TICK_MASK;
        if ticks == 0 {
            return self;
        }
        if ticks < TICKS {
            self.recent = decay::short(self.recent, ticks);
            self.trickle_in(now, ticks, terms);
            return self;
        }
        self.at_last(now, ticks, terms)
    }

    /// More than a window later, or before.
    #[cold]
    #[inline(never)]
    fn at_last(mut self, now: u64, ticks: u64, terms: &Terms) -> Self {
        if ticks < AMBIGUOUS {
            self.recent = decay::long(self.recent, ticks);
            self.trickle_in(now, ticks, terms);
        }
        self
    }

    #[inline(always)]
    fn trickle_in(&mut self, now: u64, ticks: u64, terms: &Terms) {
        let came = terms.trickle_of(ticks - u64::from(self.full));
        self.tokens = (self.tokens + came).min(TOKENS_MAX);
        (self.tick, self.full) = (now & TICK_MASK, false);
    }

    /// After so long a time that ticks cannot be told apart: nothing of what succeeded counts, and at least what
    /// trickled in since the tick that the bits name.
    pub(super) fn much_later(mut self, now: u64, terms: &Terms) -> Self {
        let ticks = now.wrapping_sub(self.tick) & TICK_MASK;
        self.recent = 0;
        if (1..AMBIGUOUS).contains(&ticks) {
            self.trickle_in(now, ticks, terms);
        } else {
            (self.tick, self.full) = (now & TICK_MASK, true);
        }
        self
    }

    #[inline(always)]
    pub(super) fn deposit(mut self, terms: &Terms) -> Self {
        self.tokens = (self.tokens + terms.ratio).min(TOKENS_MAX);
        self.recent = (self.recent + FRESH).min(RECENT_MAX);
        self
    }

    /// `None`: not enough.
    #[inline(always)]
    pub(super) fn withdraw(mut self, cost: u64, terms: &Terms) -> Option<Self> {
        let cap = self.cap(terms);
        let tokens = self.tokens.min(cap);
        self.full |= tokens + terms.near > cap;
        self.tokens = tokens.checked_sub(cost)?;
        Some(self)
    }

    pub(super) fn refund(mut self, cost: u64) -> Self {
        self.tokens = (self.tokens + cost).min(TOKENS_MAX);
        self
    }

    #[inline(always)]
    fn cap(&self, terms: &Terms) -> u64 {
        (self.recent * terms.ratio / SUCCESS).max(terms.floor)
    }

    /// A new one would grant the same.
    pub(super) fn is_at_rest(&self, terms: &Terms) -> bool {
        self.cap(terms) == terms.floor && self.tokens >= terms.floor
    }

    /// What could be withdrawn, in units.
    pub(super) fn balance(&self, terms: &Terms) -> u64 {
        self.tokens.min(self.cap(terms))
    }
}
