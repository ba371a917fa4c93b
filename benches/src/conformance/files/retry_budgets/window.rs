//! Deposits of the last while.

use std::time::Duration;

use retry_core::{Ratio, Time};

const SLICES: usize = 10;

/// Grants a retry for each so many requests of a window, which moves by tenths, beside a reserve. The formula is Finagle's
/// `RetryBudget` and tower's `TpsBudget`; a deposit adds the ratio's numerator, a retry takes its denominator.
pub(super) struct WindowBudget {
    deposit: i128,
    withdrawal: i128,
    reserve: i128,
    ttl: Duration,
    slices: [i128; SLICES],
    /// The number of the newest slice.
    newest: u128,
    seen: Time,
}

impl WindowBudget {
    pub(super) fn new(ttl: Duration, ratio: Ratio) -> Self {
        let (deposit, withdrawal) = (ratio.times().into(), ratio.per().into());
        let (ttl, seen) = (ttl.max(Duration::from_nanos(10)), Time::default());
        Self { deposit, withdrawal, reserve: 0, ttl, slices: [0; SLICES], newest: 0, seen }
    }

    /// So many retries a second of the window are there without any deposit.
    pub(super) fn with_reserve(self, per_second: u32) -> Self {
        let nanos = i128::try_from(self.ttl.as_nanos()).unwrap_or(i128::MAX);
        let reserve = i128::from(per_second).saturating_mul(nanos).saturating_mul(self.withdrawal) / 1_000_000_000;
        Self { reserve, ..self }
    }

    /// So many retries are always there.
    pub(super) fn holding(self, retries: u32) -> Self {
        Self { reserve: i128::from(retries) * self.withdrawal, ..self }
    }

    pub(super) fn deposit(&mut self, now: Time) {
        let deposit = self.deposit;
        self.add(deposit, now);
    }

    pub(super) fn withdraw(&mut self, now: Time) -> bool {
        let granted = self.tokens(now) >= self.withdrawal;
        if granted {
            let withdrawal = self.withdrawal;
            self.add(-withdrawal, now);
        }
        granted
    }

    /// Retries that would be granted.
    pub(super) fn balance(&mut self, now: Time) -> u64 {
        u64::try_from(self.tokens(now) / self.withdrawal).unwrap_or(0)
    }

    /// The latest time it was told.
    pub(super) const fn seen(&self) -> Time {
        self.seen
    }

    fn tokens(&mut self, now: Time) -> i128 {
        self.move_to(now);
        self.slices.iter().sum::<i128>() + self.reserve
    }

    fn add(&mut self, tokens: i128, now: Time) {
        self.move_to(now);
        let at = self.place(self.newest);
        self.slices[at] += tokens;
    }

    /// Forgets what is older than the window.
    fn move_to(&mut self, now: Time) {
        self.seen = self.seen.max(now);
        let number = u128::from(self.seen.as_nanos()) * SLICES as u128 / self.ttl.as_nanos();
        for step in 1..=(number - self.newest).min(SLICES as u128) {
            let at = self.place(self.newest + step);
            self.slices[at] = 0;
        }
        self.newest = number;
    }

    const fn place(&self, number: u128) -> usize {
        (number % SLICES as u128) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Time {
        Time::default().after(Duration::from_millis(ms))
    }

    #[test]
    fn every_percentage_is_granted_exactly() {
        for percent in 0..=200 {
            let mut budget = WindowBudget::new(Duration::from_secs(10), Ratio::new(percent, 100).unwrap());
            (0..100).for_each(|_| budget.deposit(at(0)));
            // 100 requests, p % of them
            assert_eq!((0..300).filter(|_| budget.withdraw(at(0))).count(), percent as usize);
        }
    }

    #[test]
    fn deposits_are_lost_after_the_window_and_the_reserve_is_not() {
        let mut budget = WindowBudget::new(Duration::from_secs(1), Ratio::integer(1)).with_reserve(2);
        budget.deposit(at(0));
        assert_eq!((budget.balance(at(999)), budget.balance(at(1000))), (3, 2));
        // backwards counts as the latest
        assert_eq!(budget.balance(at(0)), 2);
        assert!(budget.withdraw(at(1000)) && budget.withdraw(at(1000)) && !budget.withdraw(at(1000)));
        // what was taken comes back with the window
        assert_eq!(budget.balance(at(2000)), 2);
    }
}
