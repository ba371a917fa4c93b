use std::time::Duration;

use crate::time::{FOREVER, nanos};

/// The settings of a [`SuccessBudget`](super::SuccessBudget) as plain data.
///
/// Setters take any value: what is beyond a range counts as its end.
///
/// # Defaults
/// Half a retry for each success of the last 10 s, never fewer than 3 to start with, and one a minute for a destination
/// where nothing succeeds.
///
/// ```
/// use retry_core::BudgetRule;
/// use std::time::Duration;
///
/// const CAREFUL: BudgetRule = BudgetRule::DEFAULT.ratio_percent(20).floor(1);
/// // 100 successes lately, 50 more in the next minute: 20 + 10 + 1 retries at the most
/// assert_eq!(CAREFUL.max_retries(100, 50, Duration::from_secs(60)), 31);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct BudgetRule {
    ratio: u16,
    floor: u16,
    window: u64,
    trickle: u64,
}

impl Default for BudgetRule {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl BudgetRule {
    /// Ratio 50 %, window 10 s, floor 3, trickle one in 60 s.
    pub const DEFAULT: Self = Self { ratio: 50, floor: 3, window: 10_000_000_000, trickle: 60_000_000_000 };

    /// The greatest ratio, in percent.
    const RATIO_MAX: u16 = 1000;
    /// The greatest floor, in retries. NOTE: `state` has room for a few thousand more.
    const FLOOR_MAX: u16 = 10_000;

    /// Sets how many retries a success pays for, in percent: 0 to 1,000.
    ///
    /// With `r` percent, attempts come to at most `100 + r` percent of the calls in the long run.
    ///
    /// ```
    /// # use retry_core::BudgetRule;
    /// assert_eq!(BudgetRule::DEFAULT.ratio_percent(20).max_amplification_percent(), 120);
    /// ```
    #[must_use]
    pub const fn ratio_percent(mut self, percent: u16) -> Self {
        self.ratio = if percent < Self::RATIO_MAX { percent } else { Self::RATIO_MAX };
        self
    }

    /// Sets the time in which a success ceases to count: after it, 37 % of its weight are left. From a second to a day.
    ///
    /// A longer one saves up more for an outage, and sends more into it.
    ///
    /// ```
    /// # use retry_core::BudgetRule;
    /// # use std::time::Duration;
    /// let second = BudgetRule::DEFAULT.window(Duration::from_secs(1));
    /// assert_eq!(BudgetRule::DEFAULT.window(Duration::ZERO), second);
    /// ```
    #[must_use]
    pub const fn window(mut self, window: Duration) -> Self {
        const LEAST: u64 = 1_000_000_000;
        const MOST: u64 = 86_400 * LEAST;
        self.window = match nanos(window) {
            ..LEAST => LEAST,
            window @ ..MOST => window,
            _ => MOST,
        };
        self
    }

    /// Sets how many retries there are to start with, and may be saved up where little succeeds: 0 to 10,000.
    ///
    /// It is what small clients live on: with 1, a client that sends a request every few seconds loses one in twenty
    /// retries that it should have made. With N clients, N times this many retries can hit a service that stops at
    /// once.
    ///
    /// ```
    /// # use retry_core::BudgetRule;
    /// # use std::time::Duration;
    /// assert_eq!(BudgetRule::DEFAULT.floor(8).max_retries(0, 0, Duration::ZERO), 8);
    /// ```
    #[must_use]
    pub const fn floor(mut self, retries: u16) -> Self {
        self.floor = if retries < Self::FLOOR_MAX { retries } else { Self::FLOOR_MAX };
        self
    }

    /// Raises the floor to the attempts that somebody asked for by number, so that a single call may use them.
    ///
    /// ```
    /// # use retry_core::BudgetRule;
    /// assert_eq!(BudgetRule::DEFAULT.for_attempts(8), BudgetRule::DEFAULT.floor(8));
    /// assert_eq!(BudgetRule::DEFAULT.for_attempts(2), BudgetRule::DEFAULT);
    /// ```
    #[must_use]
    pub const fn for_attempts(self, attempts: u32) -> Self {
        if attempts <= self.floor as u32 {
            return self;
        }
        #[expect(clippy::cast_possible_truncation, reason = "checked")]
        self.floor(if attempts < Self::FLOOR_MAX as u32 { attempts as u16 } else { Self::FLOOR_MAX })
    }

    /// Sets after how long a retry is granted where nothing succeeds, so that a destination that was dead or idle is
    /// tried again. Less than a sixteenth of the window is taken as that; more than 4,096 windows (11 hours for one
    /// of 10 s) as never.
    ///
    /// ```
    /// # use retry_core::BudgetRule;
    /// # use std::time::Duration;
    /// let rule = BudgetRule::DEFAULT.floor(0).trickle(Duration::from_secs(10));
    /// assert_eq!(rule.max_retries(0, 0, Duration::from_secs(60)), 6);
    /// ```
    #[must_use]
    pub const fn trickle(mut self, every: Duration) -> Self {
        self.trickle = nanos(every);
        self
    }

    /// The most retries of full cost that a budget of this rule grants within `span`, those given back taken off.
    ///
    /// `recent` are the successes before, each weighted by its age (`e^(-age / window)`; all of them are an upper
    /// bound), `successes` those within. This is the bound `retries <= max(floor, ratio * recent) + ratio * successes
    /// + span / trickle`; it holds for every interval and is reached. Saturates at `u64::MAX`.
    ///
    /// ```
    /// # use retry_core::BudgetRule;
    /// # use std::time::Duration;
    /// let rule = BudgetRule::DEFAULT;
    /// // 1,000 requests a second, all well, and then all failing for 10 s: 5,000 retries, and no more.
    /// assert_eq!(rule.max_retries(10_000, 0, Duration::from_secs(10)), 5_000);
    /// ```
    #[must_use]
    pub const fn max_retries(&self, recent: u64, successes: u64, span: Duration) -> u64 {
        let ratio = self.ratio as u128;
        let (saved, floor) = (ratio * recent as u128, self.floor as u128 * 100);
        let saved = if saved > floor { saved } else { floor };
        let trickle = match self.parts().3 {
            FOREVER => 0,
            every => nanos(span) as u128 * 100 / every as u128,
        };
        let retries = (saved + ratio * successes as u128 + trickle) / 100;
        #[expect(clippy::cast_possible_truncation, reason = "checked")]
        if retries < u64::MAX as u128 { retries as u64 } else { u64::MAX }
    }

    /// Attempts in percent of calls, at the most, in the long run and while calls succeed at all: 100 plus the ratio.
    ///
    /// ```
    /// # use retry_core::BudgetRule;
    /// assert_eq!(BudgetRule::DEFAULT.max_amplification_percent(), 150);
    /// ```
    #[must_use]
    pub const fn max_amplification_percent(&self) -> u32 {
        100 + self.ratio as u32
    }

    /// Ratio, floor, window, trickle. NOTE: the state of a budget can tell times apart within 8,192 windows.
    pub(super) const fn parts(&self) -> (u16, u16, u64, u64) {
        let least = self.window / 16;
        let trickle = match self.trickle {
            every if every / 4096 >= self.window => FOREVER,
            // What trickles in during a tick is a small part of a retry: a budget may lose that much when it is full.
            every if every < least => least,
            every => every,
        };
        (self.ratio, self.floor, self.window, trickle)
    }
}
