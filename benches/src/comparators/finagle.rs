use std::collections::VecDeque;
use std::time::Duration;

use super::Allowance;

/// Finagle's `RetryBudget`, whose numbers tower's `TpsBudget` has, too: each request deposits a part of a retry that
/// expires after a time to live, and so many retries a second are free. By windows of deposits, without tower's rounding.
#[derive(Clone, Debug)]
pub struct Finagle {
    part: f64,
    live: Duration,
    reserve: f64,
    balance: f64,
    /// What was deposited or withdrawn, by time.
    entries: VecDeque<(Duration, f64)>,
}

impl Default for Finagle {
    /// 20 % of the requests and 10 retries a second, over ten seconds.
    fn default() -> Self {
        Self::new(0.2, 10.0, Duration::from_secs(10))
    }
}

impl Finagle {
    /// `part` of a retry for each request that began within the last `live`, and `free` retries a second.
    #[must_use]
    pub const fn new(part: f64, free: f64, live: Duration) -> Self {
        Self { part, live, reserve: free * live.as_secs_f64(), balance: 0.0, entries: VecDeque::new() }
    }

    fn enter(&mut self, now: Duration, amount: f64) {
        self.entries.push_back((now, amount));
        self.balance += amount;
    }

    fn expire(&mut self, now: Duration) {
        while let Some((at, amount)) = self.entries.front()
            && at.saturating_add(self.live) < now
        {
            self.balance -= amount;
            self.entries.pop_front();
        }
        if self.entries.is_empty() {
            // Sums of fractions leave crumbs.
            self.balance = 0.0;
        }
    }
}

impl Allowance for Finagle {
    fn began(&mut self, now: Duration) {
        self.expire(now);
        self.enter(now, self.part);
    }

    fn grants(&mut self, now: Duration) -> bool {
        self.expire(now);
        // A billionth for the crumbs: five fifths are one.
        let granted = self.balance + self.reserve >= 1.0 - 1e-9;
        if granted {
            self.enter(now, -1.0);
        }
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Retries granted for each 1,000 requests that fail, without free ones.
    fn granted(part: f64) -> u32 {
        let mut budget = Finagle::new(part, 0.0, Duration::from_secs(10));
        let asked = (0..1000).map(|_| {
            budget.began(Duration::ZERO);
            u32::from(budget.grants(Duration::ZERO))
        });
        asked.sum()
    }

    #[test]
    fn every_percentage_grants_just_that() {
        for (part, retries) in [(0.01, 10), (0.2, 200), (0.3, 300), (0.51, 510), (0.75, 750), (0.99, 990), (1.0, 1000)]
        {
            let granted = granted(part);
            assert!(granted.abs_diff(retries) <= 1, "{part}: {granted}");
        }
    }

    #[test]
    fn deposits_and_withdrawals_expire() {
        let mut budget = Finagle::new(1.0, 0.0, Duration::from_secs(10));
        budget.began(Duration::ZERO);
        assert!(!budget.grants(Duration::from_millis(10_001)));
        budget.began(Duration::from_secs(20));
        assert!(budget.grants(Duration::from_secs(29)));
        assert!(!budget.grants(Duration::from_secs(29)));
    }
}
