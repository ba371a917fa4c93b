//! What a request has spent.

use crate::{CategoryLimits, Exhausted, SpentOn};

/// What one logical request has spent of its [`CategoryLimits`]: plain data.
///
/// ```
/// use retry_http::{CategoryLimits, SpentOn, Fault, Tally};
///
/// let mut tally = Tally::new(CategoryLimits::NONE.total(10).connect(1));
/// assert!(tally.spend(SpentOn::Fault(Fault::ConnectTimeout)).is_ok());
/// let exhausted = tally.spend(SpentOn::Fault(Fault::ConnectTimeout)).unwrap_err();
/// assert_eq!(exhausted.to_string(), "connect timed out, and no connect retry is left");
/// assert_eq!(tally.consecutive_failures(), 2);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tally {
    limits: CategoryLimits,
    spent: [u32; 5],
    total: u32,
    consecutive: u32,
}

impl Tally {
    /// Nothing spent.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, Tally};
    /// assert_eq!(Tally::new(CategoryLimits::NONE.total(10)).left(), Some(10));
    /// ```
    #[must_use]
    pub const fn new(limits: CategoryLimits) -> Self {
        Self { limits, spent: [0; 5], total: 0, consecutive: 0 }
    }

    /// Spends a retry on a failure, in total and in its category.
    ///
    /// # Errors
    /// [`Exhausted`] where a limit allows no such retry. It is counted all the same.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, SpentOn, Fault, Tally};
    /// let mut tally = Tally::new(CategoryLimits::NONE.read(0));
    /// assert!(tally.spend(SpentOn::Fault(Fault::Timeout)).is_err());
    /// ```
    pub fn spend(&mut self, failed: SpentOn) -> Result<(), Exhausted> {
        self.consecutive = if failed == SpentOn::Redirect { 0 } else { self.consecutive.saturating_add(1) };
        self.total = self.total.saturating_add(1);
        let category = failed.category();
        if let Some(category) = category {
            let spent = &mut self.spent[category as usize];
            *spent = spent.saturating_add(1);
            if self.limits.of(category).is_some_and(|limit| *spent > limit) {
                return Err(Exhausted { last: failed, category: Some(category) });
            }
        }
        match self.limits.total {
            Some(limit) if self.total > limit => Err(Exhausted { last: failed, category: None }),
            _ => Ok(()),
        }
    }

    /// What is left in total; `None` without a limit.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, SpentOn, Tally};
    /// let mut tally = Tally::new(CategoryLimits::NONE.total(10));
    /// let _ = tally.spend(SpentOn::Unknown);
    /// assert_eq!(tally.left(), Some(9));
    /// ```
    #[must_use]
    pub const fn left(&self) -> Option<u32> {
        match self.limits.total {
            Some(limit) => Some(limit.saturating_sub(self.total)),
            None => None,
        }
    }

    /// Failures since the beginning or the last redirect: what urllib3's backoff counts.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, SpentOn, Tally};
    /// let mut tally = Tally::new(CategoryLimits::NONE);
    /// for failed in [SpentOn::Status(503), SpentOn::Redirect, SpentOn::Status(503)] {
    ///     assert!(tally.spend(failed).is_ok());
    /// }
    /// assert_eq!(tally.consecutive_failures(), 1);
    /// ```
    #[must_use]
    pub const fn consecutive_failures(&self) -> u32 {
        self.consecutive
    }
}
