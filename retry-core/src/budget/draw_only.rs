use super::{Charge, RetryBudget};
use crate::{Class, Time};

/// A budget that is drawn from but not filled: for all but one of several layers over the same budget, so that one
/// success counts once.
///
/// Where a retrier runs within the attempt of another and both are behind one budget, each extra call is paid by the
/// layer that makes it, once. But both see the call succeed. Let the inner one fill the budget, for it sees each
/// call, and give the outer one this.
///
/// ```
/// use retry_core::{Charge, Class, DrawOnly, RetryBudget, SuccessBudget, Time};
///
/// let budget = SuccessBudget::default();
/// let (outer, now) = (DrawOnly::new(&budget), Time::default());
/// assert!(outer.withdraw(Charge::new(Class::Transient), now));
/// outer.succeeded(None, Some(now));
/// // 3 at the start, one taken
/// assert_eq!(budget.balance(now), Some(200));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DrawOnly<B> {
    budget: B,
}

impl<B> DrawOnly<B> {
    /// Draws from `budget`.
    ///
    /// ```
    /// # use retry_core::{AwsQuota, DrawOnly, RetryBudget, Time};
    /// assert_eq!(DrawOnly::new(AwsQuota::v2_0()).balance(Time::default()), Some(10_000));
    /// ```
    #[must_use]
    pub const fn new(budget: B) -> Self {
        Self { budget }
    }
}

impl<B: RetryBudget> RetryBudget for DrawOnly<B> {
    fn withdraw(&self, charge: Charge, now: Time) -> bool {
        self.budget.withdraw(charge, now)
    }

    fn refund(&self, charge: Charge) {
        self.budget.refund(charge);
    }

    fn failed(&self, class: Class, now: Time) {
        self.budget.failed(class, now);
    }

    fn limits(&self) -> bool {
        self.budget.limits()
    }

    fn balance(&self, now: Time) -> Option<u64> {
        self.budget.balance(now)
    }
}
