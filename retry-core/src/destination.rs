//! What is remembered of each destination.

use std::time::Duration;

use crate::{Breaker, Charge, Pacer, RetryBudget, SuccessBudget, Time};

mod average;
mod pacing;
mod registry;
mod rule;
mod shard;
mod toward;

pub use average::SuccessAverage;
use pacing::Pacing;
pub use registry::Destinations;
pub use rule::DestinationRule;
pub use toward::Toward;

/// One host, provider or account that is called: its retry budget, its success average and, where the rule says so,
/// its pacer and its circuit breaker.
///
/// Share one among all that call it, whatever the policy ([`toward`](crate::RetryPolicy::toward)): what was learnt
/// stays when the policy is replaced. [`Destinations`] keeps one for each key.
///
/// It is a budget itself, for those who draw from it by hand, as a failover draws from the host it goes to.
///
/// ```
/// use retry_core::{Charge, Class, Destination, DestinationRule, RetryBudget, Time};
///
/// let hosts = [Destination::default(), Destination::default()];
/// let now = Time::default();
/// // The second host pays for the failover to it.
/// assert!(hosts[1].withdraw(Charge::new(Class::Transient), now));
/// assert_eq!(hosts.map(|host| host.balance(now)), [Some(300), Some(200)]);
/// ```
#[derive(Debug)]
pub struct Destination {
    budget: SuccessBudget,
    average: SuccessAverage,
    pacing: Pacing,
    breaker: Option<Breaker>,
}

impl Default for Destination {
    fn default() -> Self {
        Self::new(&DestinationRule::DEFAULT, Time::default())
    }
}

impl Destination {
    /// A destination of which nothing is known at `now`.
    ///
    /// ```
    /// # use retry_core::{BreakerRule, Destination, DestinationRule, Time};
    /// let rule = DestinationRule::DEFAULT.breaker(BreakerRule::consecutive(5));
    /// assert!(Destination::new(&rule, Time::default()).breaker().is_some());
    /// ```
    #[must_use]
    pub fn new(rule: &DestinationRule, now: Time) -> Self {
        let (budget, pacing, breaker) = rule.parts(now);
        Self { budget: SuccessBudget::new(budget), average: SuccessAverage::new(), pacing, breaker }
    }

    /// Its budget.
    ///
    /// ```
    /// # use retry_core::{BudgetRule, Destination};
    /// assert_eq!(Destination::default().budget().rule(), &BudgetRule::DEFAULT);
    /// ```
    pub const fn budget(&self) -> &SuccessBudget {
        &self.budget
    }

    /// How much of it succeeds.
    ///
    /// ```
    /// # use retry_core::Destination;
    /// assert_eq!(Destination::default().average().percent(), 100);
    /// ```
    pub const fn average(&self) -> &SuccessAverage {
        &self.average
    }

    /// Its breaker, if it has one.
    ///
    /// ```
    /// # use retry_core::Destination;
    /// assert!(Destination::default().breaker().is_none());
    /// ```
    pub const fn breaker(&self) -> Option<&Breaker> {
        self.breaker.as_ref()
    }

    /// Its pacer, if it has one.
    ///
    /// ```
    /// # use retry_core::{Destination, DestinationRule, Time};
    /// assert!(Destination::default().pacer().is_none());
    /// assert!(Destination::new(&DestinationRule::DEFAULT.paced_by_aimd(), Time::default()).pacer().is_some());
    /// ```
    pub const fn pacer(&self) -> Option<&(dyn Pacer + Send + Sync)> {
        match &self.pacing {
            Pacing::None => None,
            Pacing::Aimd(pacer) => Some(pacer),
            Pacing::Cubic(pacer) => Some(pacer),
        }
    }

    /// The rate a second to which its pacer holds it; `None` without one, and before anything was throttled.
    ///
    /// ```
    /// # use retry_core::{Class, Destination, DestinationRule, Time};
    /// let host = Destination::new(&DestinationRule::DEFAULT.paced_by_aimd(), Time::default());
    /// assert_eq!(host.rate(), None);
    /// host.pacer().unwrap().failed(Class::Throttled, Time::default());
    /// assert_eq!(host.rate(), Some(0.5));
    /// ```
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        self.pacing.rate()
    }

    /// Whether nothing would be lost by making it anew: the budget is back at its floor, no cool-down runs, and
    /// nothing was throttled for `quiet`. Failures that have not opened the breaker are forgotten with it.
    ///
    /// ```
    /// # use retry_core::{Charge, Class, Destination, RetryBudget, Time};
    /// # use std::time::Duration;
    /// let (host, now) = (Destination::default(), Time::default());
    /// assert!(host.is_at_rest(Duration::ZERO, now));
    /// host.withdraw(Charge::new(Class::Transient), now);
    /// assert!(!host.is_at_rest(Duration::ZERO, now));
    /// // A minute later it has trickled back.
    /// assert!(host.is_at_rest(Duration::ZERO, now.after(Duration::from_secs(61))));
    /// ```
    #[must_use]
    pub fn is_at_rest(&self, quiet: Duration, now: Time) -> bool {
        self.pacing.is_at_rest(quiet, now)
            && self.budget.is_at_rest(now)
            && self.breaker.as_ref().is_none_or(|breaker| breaker.is_at_rest(now))
    }
}

impl RetryBudget for Destination {
    fn withdraw(&self, charge: Charge, now: Time) -> bool {
        self.budget.withdraw(charge, now)
    }

    fn refund(&self, charge: Charge) {
        self.budget.refund(charge);
    }

    fn succeeded(&self, last: Option<Charge>, now: Option<Time>) {
        self.budget.succeeded(last, now);
    }

    fn balance(&self, now: Time) -> Option<u64> {
        self.budget.balance(now)
    }
}
