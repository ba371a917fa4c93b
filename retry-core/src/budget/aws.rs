use super::{Amount, Charge, RetryBudget};
use crate::{Class, Time};

/// The retry quota of the AWS SDKs' standard mode: a retry costs tokens by its class, a success refills.
///
/// It starts full. A call that succeeds after retries gives back what its last retry cost; one that succeeds at once
/// adds one token. A quota belongs to one client and knows no time, so it protects a service only from clients that
/// send enough: with many small clients it binds too late (see [`SuccessBudget`](super::SuccessBudget)).
///
/// | | capacity | a retry | after throttling | after a timeout |
/// |---|---|---|---|---|
/// | [`v2_0`](Self::v2_0) | 500 | 5 | 5 | 10: give that class [`budget_cost(200)`](crate::Policy::budget_cost) |
/// | [`v2_1`](Self::v2_1) | 500 | 14 | 5 | 14 |
///
/// Source: smithy-kotlin, botocore and smithy-rs, standard retries of specification 2.0 and of 2.1 (2026).
///
/// ```
/// use retry_core::{AwsQuota, Charge, Class, RetryBudget, Time};
///
/// let quota = AwsQuota::v2_1();
/// assert!(quota.withdraw(Charge::new(Class::Transient), Time::default()));
/// assert_eq!(quota.available(), 486);
/// // The retry succeeded: its cost comes back.
/// quota.succeeded(Some(Charge::new(Class::Transient)), None);
/// assert_eq!(quota.available(), 500);
/// ```
#[derive(Debug)]
pub struct AwsQuota {
    tokens: Amount,
    retry: u32,
    throttled: u32,
}

impl AwsQuota {
    const CAPACITY: u32 = 500;

    /// A full quota of specification 2.0.
    ///
    /// ```
    /// # use retry_core::AwsQuota;
    /// assert_eq!(AwsQuota::v2_0().available(), 500);
    /// ```
    #[must_use]
    pub const fn v2_0() -> Self {
        Self::new(Self::CAPACITY, 5, 5)
    }

    /// A full quota of specification 2.1.
    ///
    /// ```
    /// # use retry_core::{AwsQuota, Charge, Class};
    /// assert_eq!(AwsQuota::v2_1().cost(Charge::new(Class::Throttled)), 5);
    /// ```
    #[must_use]
    pub const fn v2_1() -> Self {
        Self::new(Self::CAPACITY, 14, 5)
    }

    /// A full quota of `capacity` tokens, where a retry costs `retry` and one after throttling `throttled`. Without
    /// capacity it grants nothing that costs anything.
    ///
    /// ```
    /// # use retry_core::{AwsQuota, Charge, Class, RetryBudget, Time};
    /// let none = AwsQuota::new(0, 14, 5);
    /// assert!(!none.withdraw(Charge::new(Class::Transient), Time::default()));
    /// ```
    #[must_use]
    pub const fn new(capacity: u32, retry: u32, throttled: u32) -> Self {
        Self { tokens: Amount::new(capacity, capacity), retry, throttled }
    }

    /// Replaces the tokens that are there at the start, at most the capacity.
    ///
    /// ```
    /// # use retry_core::AwsQuota;
    /// assert_eq!(AwsQuota::v2_0().starting_with(450).available(), 450);
    /// ```
    #[must_use]
    pub fn starting_with(self, tokens: u32) -> Self {
        Self { tokens: Amount::new(tokens, self.tokens.most()), ..self }
    }

    /// The tokens that are there.
    ///
    /// ```
    /// # use retry_core::AwsQuota;
    /// assert_eq!(AwsQuota::new(50, 5, 5).available(), 50);
    /// ```
    #[must_use]
    pub fn available(&self) -> u32 {
        self.tokens.get()
    }

    /// What `charge` comes to in tokens, rounded up.
    ///
    /// ```
    /// # use retry_core::{AwsQuota, Charge, Class};
    /// let timeout = Charge::new(Class::Transient).costing(200);
    /// assert_eq!(AwsQuota::v2_0().cost(timeout), 10);
    /// ```
    #[must_use]
    pub const fn cost(&self, charge: Charge) -> u64 {
        charge.of(if matches!(charge.class(), Class::Throttled) { self.throttled } else { self.retry })
    }

    /// Takes `tokens` or nothing, for those who charge by rules of their own.
    ///
    /// ```
    /// # use retry_core::AwsQuota;
    /// let quota = AwsQuota::new(50, 5, 5);
    /// assert!(quota.acquire(49) && !quota.acquire(10));
    /// assert_eq!(quota.available(), 1);
    /// ```
    #[must_use]
    pub fn acquire(&self, tokens: u32) -> bool {
        self.tokens.take(u64::from(tokens))
    }

    /// Adds `tokens`, up to the capacity.
    ///
    /// ```
    /// # use retry_core::AwsQuota;
    /// let quota = AwsQuota::new(50, 5, 5);
    /// quota.release(10);
    /// assert_eq!(quota.available(), 50);
    /// ```
    pub fn release(&self, tokens: u32) {
        self.tokens.add(u64::from(tokens));
    }
}

impl RetryBudget for AwsQuota {
    fn withdraw(&self, charge: Charge, _: Time) -> bool {
        self.tokens.take(self.cost(charge))
    }

    fn refund(&self, charge: Charge) {
        self.tokens.add(self.cost(charge));
    }

    fn succeeded(&self, last: Option<Charge>, _: Option<Time>) {
        self.tokens.add(last.map_or(1, |charge| self.cost(charge)));
    }

    fn balance(&self, _: Time) -> Option<u64> {
        (u64::from(self.available()) * 100).checked_div(u64::from(self.retry))
    }
}
