//! A policy with what else a whole retrier is configured by.

use std::time::Duration;

use crate::time::{FOREVER, duration, nanos};
use crate::{BudgetRule, Invalid, Policy, Ratio};

/// A [`Policy`] with the timeout of an attempt and the share of a retry budget: what a whole retrier is configured by.
///
/// A policy decides about retries and cuts nothing, so a timeout and a budget are not its own; a text that names
/// them is one of these. [`Retry::limited`](crate::Retry::limited) makes a retrier of it, which keeps a budget of its own.
/// For [`Destinations`](crate::Destinations), take its [`budget_rule`](Self::budget_rule).
///
/// # Defaults
/// No timeout. No word on budgets: whoever has one by default keeps it.
///
/// ```
/// use retry_core::{BudgetShare, LimitedPolicy, Ratio};
/// use std::time::Duration;
///
/// let limited: LimitedPolicy = "exp 100ms..20s full, 5 attempts, timeout 3s, budget 50%".parse()?;
/// assert_eq!(limited.policy().max_attempts().unwrap().get(), 5);
/// assert_eq!(limited.timeout_limit(), Some(Duration::from_secs(3)));
/// assert_eq!(limited.budget_share().and_then(BudgetShare::ratio), Ratio::new(1, 2).ok());
/// # Ok::<(), retry_core::ParseError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LimitedPolicy {
    policy: Policy,
    timeout: u64,
    budget: Option<BudgetShare>,
}

impl From<Policy> for LimitedPolicy {
    fn from(policy: Policy) -> Self {
        Self::new(policy)
    }
}

impl LimitedPolicy {
    /// `policy` without timeout, and without a word on budgets.
    ///
    /// ```
    /// # use retry_core::{LimitedPolicy, Policy};
    /// # use std::time::Duration;
    /// const LIMITED: LimitedPolicy = LimitedPolicy::new(Policy::constant(Duration::from_secs(5)));
    /// assert_eq!(LIMITED.timeout_limit(), None);
    /// ```
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, timeout: FOREVER, budget: None }
    }

    /// Cuts each attempt after `limit`; 584 years and more are no limit. Replaces the timeout.
    ///
    /// ```
    /// # use retry_core::{LimitedPolicy, Policy};
    /// # use std::time::Duration;
    /// let limited = LimitedPolicy::new(Policy::constant(Duration::ZERO)).timeout(Duration::from_secs(3));
    /// assert_eq!(limited.to_string(), "const 0s, timeout 3s");
    /// ```
    #[must_use]
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = nanos(limit);
        self
    }

    /// The share of a retry budget. Replaces it.
    ///
    /// ```
    /// # use retry_core::{BudgetShare, LimitedPolicy, Policy};
    /// # use std::time::Duration;
    /// let limited = LimitedPolicy::new(Policy::constant(Duration::ZERO)).budget(BudgetShare::NONE);
    /// assert_eq!(limited.to_string(), "const 0s, budget none");
    /// ```
    #[must_use]
    pub const fn budget(mut self, share: BudgetShare) -> Self {
        self.budget = Some(share);
        self
    }

    /// The policy.
    ///
    /// ```
    /// # use retry_core::{LimitedPolicy, Policy};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO);
    /// assert_eq!(LimitedPolicy::new(policy.clone()).policy(), &policy);
    /// ```
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The policy alone.
    ///
    /// ```
    /// # use retry_core::{LimitedPolicy, Policy};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO);
    /// assert_eq!(LimitedPolicy::new(policy.clone()).into_policy(), policy);
    /// ```
    #[must_use]
    pub fn into_policy(self) -> Policy {
        self.policy
    }

    /// After what an attempt is cut; `None`: never.
    ///
    /// ```
    /// # use retry_core::{LimitedPolicy, Policy};
    /// # use std::time::Duration;
    /// let limited = LimitedPolicy::new(Policy::constant(Duration::ZERO)).timeout(Duration::MAX);
    /// assert_eq!(limited.timeout_limit(), None);
    /// ```
    #[must_use]
    pub const fn timeout_limit(&self) -> Option<Duration> {
        if self.timeout == FOREVER { None } else { Some(duration(self.timeout)) }
    }

    /// The share of a retry budget; `None`: not a word on it.
    ///
    /// ```
    /// # use retry_core::{BudgetShare, LimitedPolicy};
    /// let limited: LimitedPolicy = "const 5s, budget none".parse()?;
    /// assert_eq!(limited.budget_share(), Some(BudgetShare::NONE));
    /// # Ok::<(), retry_core::ParseError>(())
    /// ```
    #[must_use]
    pub const fn budget_share(&self) -> Option<BudgetShare> {
        self.budget
    }

    /// The rule of the retry budget that the share asks for; `None`: no share, or [`BudgetShare::NONE`].
    ///
    /// The share is the ratio, to the nearest percent, and 1 % at the least. The floor is
    /// [raised](BudgetRule::for_attempts) to the attempts that the policy asks for by number, so that a single call may
    /// make them. All else is as in [`BudgetRule::DEFAULT`].
    ///
    /// ```
    /// # use retry_core::{BudgetRule, Destinations, DestinationRule, LimitedPolicy};
    /// let limited: LimitedPolicy = "exp 50ms..20s x2 full, 8 attempts, budget 20%".parse()?;
    /// let rule = limited.budget_rule().unwrap();
    /// assert_eq!(rule, BudgetRule::DEFAULT.ratio_percent(20).floor(8));
    /// // One for each host.
    /// let hosts: Destinations<String> = Destinations::new(DestinationRule::DEFAULT.budget(rule));
    /// # assert!(hosts.is_empty());
    /// # Ok::<(), retry_core::ParseError>(())
    /// ```
    #[must_use]
    pub fn budget_rule(&self) -> Option<BudgetRule> {
        let rule = BudgetRule::DEFAULT.ratio_percent(self.budget?.percent()?);
        Some(self.policy.attempt_limit().map_or(rule, |attempts| rule.for_attempts(attempts.get())))
    }

    /// Whether the settings agree with each other.
    ///
    /// # Errors
    /// Those of [`Policy::check`]; [`Invalid::Timeout`]: a timeout of zero.
    ///
    /// ```
    /// # use retry_core::{Invalid, LimitedPolicy, Policy};
    /// # use std::time::Duration;
    /// let limited = LimitedPolicy::new(Policy::constant(Duration::ZERO)).timeout(Duration::ZERO);
    /// assert_eq!(limited.check(), Err(Invalid::Timeout));
    /// ```
    pub const fn check(&self) -> Result<(), Invalid> {
        if self.timeout == 0 {
            return Err(Invalid::Timeout);
        }
        self.policy.check()
    }
}

/// How many retries a budget grants for each call in the long run: above 0 and at most 1, or no budget.
///
/// ```
/// use retry_core::{BudgetShare, Invalid, Ratio};
///
/// let half = BudgetShare::new(Ratio::new(1, 2)?)?;
/// assert_eq!(half.ratio().map(|ratio| ratio.to_string()).as_deref(), Some("0.5"));
/// assert_eq!(BudgetShare::new(Ratio::TWO), Err(Invalid::Budget));
/// # Ok::<(), Invalid>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct BudgetShare {
    ratio: Ratio,
}

impl BudgetShare {
    /// No budget, even where there is one by default.
    ///
    /// ```
    /// assert_eq!(retry_core::BudgetShare::NONE.ratio(), None);
    /// ```
    pub const NONE: Self = Self { ratio: Ratio::integer(0) };

    /// `ratio` retries for each call.
    ///
    /// # Errors
    /// [`Invalid::Budget`] for 0 and above 1.
    ///
    /// ```
    /// # use retry_core::{BudgetShare, Invalid, Ratio};
    /// assert!(BudgetShare::new(Ratio::integer(1)).is_ok());
    /// assert_eq!(BudgetShare::new(Ratio::integer(0)), Err(Invalid::Budget));
    /// ```
    pub const fn new(ratio: Ratio) -> Result<Self, Invalid> {
        if ratio.times() == 0 || ratio.times() > ratio.per() { Err(Invalid::Budget) } else { Ok(Self { ratio }) }
    }

    /// Retries for each call; `None`: no budget.
    ///
    /// ```
    /// # use retry_core::{BudgetShare, Ratio};
    /// let tenth = BudgetShare::new(Ratio::new(1, 10)?)?;
    /// assert_eq!(tenth.ratio(), Ratio::new(1, 10).ok());
    /// # Ok::<(), retry_core::Invalid>(())
    /// ```
    #[must_use]
    pub const fn ratio(self) -> Option<Ratio> {
        if self.ratio.times() == 0 { None } else { Some(self.ratio) }
    }

    /// The nearest whole number of percent, 1 at the least.
    fn percent(self) -> Option<u16> {
        let ratio = self.ratio()?;
        let (times, per) = (u64::from(ratio.times()), u64::from(ratio.per()));
        // At most 100: a share is at most 1.
        u16::try_from((times * 100 + per / 2) / per).ok().map(|percent| percent.max(1))
    }
}
