use super::pacing::Pacing;
use crate::{Aimd, Breaker, BreakerRule, BudgetRule, Cubic, Time};

/// What each [`Destination`](super::Destination) has: plain data.
///
/// # Defaults
/// A budget by [`BudgetRule::DEFAULT`], no pacer, no breaker.
///
/// ```
/// use retry_core::{BreakerRule, BudgetRule, DestinationRule};
///
/// // For SMTP, where too much is punished.
/// let rule = DestinationRule::DEFAULT
///     .budget(BudgetRule::DEFAULT.for_attempts(5))
///     .paced_by_aimd()
///     .breaker(BreakerRule::consecutive(5));
/// assert_ne!(rule, DestinationRule::DEFAULT);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DestinationRule {
    budget: BudgetRule,
    pace: Pace,
    breaker: Option<BreakerRule>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Pace {
    None,
    Aimd,
    Cubic,
}

impl Default for DestinationRule {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl DestinationRule {
    /// A budget, and no more.
    pub const DEFAULT: Self = Self { budget: BudgetRule::DEFAULT, pace: Pace::None, breaker: None };

    /// Replaces the rule of the budget.
    ///
    /// ```
    /// # use retry_core::{BudgetRule, DestinationRule};
    /// assert_eq!(DestinationRule::DEFAULT.budget(BudgetRule::DEFAULT), DestinationRule::DEFAULT);
    /// ```
    #[must_use]
    pub fn budget(self, rule: BudgetRule) -> Self {
        Self { budget: rule, ..self }
    }

    /// Paces by [`Aimd`] once something is throttled: where excess is punished. Replaces the pacer.
    ///
    /// ```
    /// # use retry_core::DestinationRule;
    /// assert_ne!(DestinationRule::DEFAULT.paced_by_aimd(), DestinationRule::DEFAULT);
    /// ```
    #[must_use]
    pub fn paced_by_aimd(self) -> Self {
        Self { pace: Pace::Aimd, ..self }
    }

    /// Paces by [`Cubic`] once something is throttled: where excess is just refused. Replaces the pacer.
    ///
    /// ```
    /// # use retry_core::DestinationRule;
    /// assert_ne!(DestinationRule::DEFAULT.paced_by_cubic(), DestinationRule::DEFAULT.paced_by_aimd());
    /// ```
    #[must_use]
    pub fn paced_by_cubic(self) -> Self {
        Self { pace: Pace::Cubic, ..self }
    }

    /// Adds a circuit breaker, or replaces its rule.
    ///
    /// ```
    /// # use retry_core::{BreakerRule, DestinationRule};
    /// assert_ne!(DestinationRule::DEFAULT.breaker(BreakerRule::consecutive(1)), DestinationRule::DEFAULT);
    /// ```
    #[must_use]
    pub fn breaker(self, rule: BreakerRule) -> Self {
        Self { breaker: Some(rule), ..self }
    }

    pub(super) const fn budget_rule(&self) -> BudgetRule {
        self.budget
    }

    pub(super) fn parts(&self, now: Time) -> (BudgetRule, Pacing, Option<Breaker>) {
        let pacing = match self.pace {
            Pace::None => Pacing::None,
            Pace::Aimd => Pacing::Aimd(Aimd::new(now)),
            Pace::Cubic => Pacing::Cubic(Cubic::new(now)),
        };
        (self.budget, pacing, self.breaker.clone().map(Breaker::new))
    }
}
