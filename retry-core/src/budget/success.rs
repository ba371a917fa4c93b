#[cfg(not(loom))]
use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(loom)]
use loom::sync::atomic::{AtomicU64, Ordering};

use super::state::{AMBIGUOUS, State, Terms};
use super::{BudgetRule, Charge, RetryBudget};
use crate::Time;

/// A retry budget that is earned by success: each pays for a part of a retry, those of the last seconds set how much
/// can be saved up.
///
/// With ratio r, window T, floor m and trickle p ([`BudgetRule`]), and s the successes weighted by `e^(-age / T)`:
///
/// ```text
/// cap        max(m, r s)
/// a success  tokens += r, at most cap
/// time       tokens += p each second, at most cap
/// a retry    tokens -= 1, or refused
/// ```
///
/// So within any interval there are at most `max(m, r s) + r * successes + p * seconds` retries, s at its beginning:
/// [`BudgetRule::max_retries`]. A destination where nothing succeeds any more gets what was saved up, which is no
/// more than `r T` seconds' worth of its traffic, and then one a minute; and since nothing but success fills the
/// budget again, the sum over any number of small clients is small too. That is where full buckets (AWS), deposits
/// for every request (Finagle, tower) and a reserve by the second fail.
///
/// # Successes without a date
/// A success need not be dated: then it counts as old as the last withdrawal, which is never too much, and the path of
/// success reads no clock. Where calls fail now and then that costs next to nothing, for each withdrawal tells the
/// time. What it costs elsewhere: a burst of failures after a long time without any finds the floor, and what is left
/// of the successes before it by that age. [`Budgeted::dated`](super::Budgeted::dated) has the clock read.
///
/// # How small a client may be
/// A client hears of an overload by its own calls alone. The floor and the trickle are what it may spend on trust, so
/// that a fleet of N separate budgets may send `floor * N` retries at once and `N / 60` a second for good. At a service
/// of 1,000/s that is asked 800/s and falls to a tenth for 10 s, it takes 6 s to recover with 2,000 clients or fewer,
/// 11 s with 3,000, 21 s with 5,000, 43 s with 10,000, and never with 20,000, whose trickle alone is 333/s (the
/// scenario `small-clients` with other numbers of clients). No other rule would be much better without failing
/// the calls that random errors cost: until its first call fails, a client knows nothing.
///
/// So let each budget see a request every few seconds: those who send less share one. Tens of clients behind one budget
/// recover nearly as if there were no retries (5 to 7 s in all of these cases), and mend as many random errors. One
/// [`Destinations`](crate::Destinations) for all of a process does that; processes that send once a minute should
/// send through another one. Fewer attempts are no help: with 2 instead of 3 the floor lasts for more calls, and
/// recovery takes longer. A [`floor`](BudgetRule::floor) of 1 halves the time, at 6 % less success where a fifth fails
/// at random.
///
/// # Precision
/// Successes count in 1/128, tokens in 1/100, up to 32,767 successes and 20,971 tokens; time in 1/64 of the window.
/// All of it is rounded so that less is granted: a success counts up to 3 % less than it should. Nothing locks,
/// allocates or computes with floats; a deposit and a withdrawal are one atomic read-modify-write each.
///
/// Source: own, after the token bucket that Marc Brooker fills from successes; the cap that follows the traffic is
/// ours.
///
/// # Examples
/// ```
/// use retry_core::{Charge, Class, RetryBudget, SuccessBudget, Time};
///
/// let (budget, retry) = (SuccessBudget::default(), Charge::new(Class::Transient));
/// let at = |seconds: u64| Time::from_nanos(seconds * 1_000_000_000);
/// // Three to start with.
/// assert!((0..3).all(|_| budget.withdraw(retry, at(0))));
/// assert!(!budget.withdraw(retry, at(0)));
/// // Two successes pay for one.
/// budget.succeeded(None, Some(at(1)));
/// budget.succeeded(None, Some(at(1)));
/// assert!(budget.withdraw(retry, at(1)) && !budget.withdraw(retry, at(1)));
/// // And after a minute there is one at any rate.
/// assert!(budget.withdraw(retry, at(62)));
/// ```
#[derive(Debug)]
pub struct SuccessBudget {
    state: AtomicU64,
    /// A tick that the state has surely reached, and mostly the very one it is in: who comes in that tick has nothing
    /// to work out, and who comes later knows whether ticks of 20 bits can be told apart. NOTE: written after the
    /// state it speaks of, read before it.
    seen: AtomicU64,
    terms: Terms,
    rule: BudgetRule,
}

impl Default for SuccessBudget {
    fn default() -> Self {
        Self::new(BudgetRule::DEFAULT)
    }
}

impl SuccessBudget {
    /// A budget by `rule`, with the floor to start with.
    ///
    /// ```
    /// # use retry_core::{BudgetRule, RetryBudget, SuccessBudget, Time};
    /// static SHARED: SuccessBudget = SuccessBudget::new(BudgetRule::DEFAULT.floor(5));
    /// assert_eq!(SHARED.balance(Time::default()), Some(500));
    /// ```
    #[must_use]
    #[cfg(not(loom))]
    pub const fn new(rule: BudgetRule) -> Self {
        let terms = Terms::new(&rule);
        Self { state: AtomicU64::new(State::new(&terms).0), seen: AtomicU64::new(0), terms, rule }
    }

    // The same, where atomics are models and no constants.
    #[must_use]
    #[cfg(loom)]
    #[expect(missing_docs, reason = "documented above")]
    pub fn new(rule: BudgetRule) -> Self {
        let terms = Terms::new(&rule);
        Self { state: AtomicU64::new(State::new(&terms).0), seen: AtomicU64::new(0), terms, rule }
    }

    /// The rule it was made by.
    ///
    /// ```
    /// # use retry_core::{BudgetRule, SuccessBudget};
    /// assert_eq!(SuccessBudget::default().rule(), &BudgetRule::DEFAULT);
    /// ```
    pub const fn rule(&self) -> &BudgetRule {
        &self.rule
    }

    /// Whether the next success should be [dated](Self#successes-without-a-date), for drivers that read the clock for nothing
    /// else.
    ///
    /// Where 256 successes count already, one in 16 is enough: the others count as old as it, and where they come much later
    /// about 16 successes are lost. Who succeeds less often is asked for every date.
    ///
    /// ```
    /// # use retry_core::{RetryBudget, SuccessBudget, Time};
    /// let (budget, now) = (SuccessBudget::default(), Time::default());
    /// assert!(budget.wants_date());
    /// (0..300).for_each(|_| budget.succeeded(None, Some(now)));
    /// let dated = (0..160).filter(|_| {
    ///     let wanted = budget.wants_date();
    ///     budget.succeeded(None, wanted.then_some(now));
    ///     wanted
    /// });
    /// assert!((10..=12).contains(&dated.count()));
    /// ```
    #[must_use]
    #[inline]
    pub fn wants_date(&self) -> bool {
        State(self.state.load(Ordering::Relaxed)).wants_date()
    }

    /// Whether it is as if it had just been made: nothing succeeded lately, and the floor is there.
    pub(crate) fn is_at_rest(&self, now: Time) -> bool {
        self.state_at(now).is_at_rest(&self.terms)
    }

    /// The state at `now`.
    fn state_at(&self, now: Time) -> State {
        let seen = self.seen.load(Ordering::Acquire);
        self.moved(State(self.state.load(Ordering::Relaxed)), self.terms.tick(now.as_nanos()), seen)
    }

    /// `state` at tick `now`, where it is known to have reached `seen`.
    fn moved(&self, state: State, now: u64, seen: u64) -> State {
        match now.saturating_sub(seen) {
            0 => state,
            1..AMBIGUOUS => state.at(now, &self.terms),
            _ => state.much_later(now, &self.terms),
        }
    }

    /// Replaces the state by what `f` makes of the one at `now`, unless it makes nothing of it.
    #[inline(always)]
    fn update(&self, now: Time, f: impl Fn(State) -> Option<State>) -> bool {
        let now = self.terms.tick(now.as_nanos());
        if now == self.seen.load(Ordering::Acquire) { self.swap(f) } else { self.update_later(now, f) }
    }

    /// The same in a new tick, which is rare where calls are not.
    #[cold]
    #[inline(never)]
    fn update_later(&self, now: u64, f: impl Fn(State) -> Option<State>) -> bool {
        let seen = self.seen.load(Ordering::Acquire);
        let done = self.swap(|state| f(self.moved(state, now, seen)));
        if done && now > seen {
            self.seen.store(now, Ordering::Release);
        }
        done
    }

    #[inline(always)]
    fn swap(&self, f: impl Fn(State) -> Option<State>) -> bool {
        let mut bits = self.state.load(Ordering::Relaxed);
        loop {
            let Some(next) = f(State(bits)) else { return false };
            match self.state.compare_exchange_weak(bits, next.0, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(now) => bits = now,
            }
        }
    }
}

impl RetryBudget for SuccessBudget {
    #[inline]
    fn withdraw(&self, charge: Charge, now: Time) -> bool {
        self.update(now, |state| state.withdraw(u64::from(charge.percent()), &self.terms))
    }

    fn refund(&self, charge: Charge) {
        self.swap(|state| Some(state.refund(u64::from(charge.percent()))));
    }

    #[inline]
    fn succeeded(&self, _: Option<Charge>, now: Option<Time>) {
        let deposit = |state: State| Some(state.deposit(&self.terms));
        match now {
            Some(now) => self.update(now, deposit),
            None => self.swap(deposit),
        };
    }

    fn balance(&self, now: Time) -> Option<u64> {
        Some(self.state_at(now).balance(&self.terms))
    }
}
