//! Which of several policies granted a retry.

use crate::{Class, Wait};

/// A retry that was granted, on its way back to whichever policy granted it. See
/// [`RetryPolicy::withdrawn`](crate::RetryPolicy::withdrawn).
///
/// It remembers which side of each [`or_else`](crate::RetryPolicy::or_else) it came from, down to sixteen of them one in the other, and
/// the class of the failure.
///
/// ```
/// use retry_core::{Decision, Entropy, Failure, Grant, Policy, RetryPolicy, Seeded, Verdict};
/// use std::time::Duration;
///
/// let policy = Policy::constant(Duration::ZERO).attempts(1).or_else(Policy::constant(Duration::from_secs(1)));
/// let failure = Failure::first(Verdict::THROTTLED);
/// let Decision::Retry(wait) = policy.decide(&failure, &mut Seeded::new(0)) else { unreachable!() };
/// // Another policy refused it: it goes back to the second.
/// policy.withdrawn(&mut Grant::new(wait, failure.verdict().class));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Grant {
    class: Class,
    trail: Trail,
}

impl Grant {
    /// The grant of a decision about a failure of `class`.
    ///
    /// ```
    /// # use retry_core::{Because, Class, Grant, Wait};
    /// # use std::time::Duration;
    /// let wait = Wait::new(Duration::ZERO, Because::Schedule);
    /// assert_eq!(Grant::new(wait, Class::Throttled).class(), Class::Throttled);
    /// ```
    #[must_use]
    pub const fn new(wait: Wait, class: Class) -> Self {
        Self { class, trail: wait.trail() }
    }

    /// The class of the failure after which the retry was granted.
    ///
    /// ```
    /// # use retry_core::{Because, Class, Grant, Wait};
    /// # use std::time::Duration;
    /// let wait = Wait::new(Duration::ZERO, Because::Schedule);
    /// assert_eq!(Grant::new(wait, Class::Unknown).class(), Class::Unknown);
    /// ```
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// Whether budgets took nothing for it.
    pub(crate) const fn is_free(&self) -> bool {
        self.trail.free
    }

    /// Whether the next `or_else` on the way was decided by its second policy.
    pub(crate) const fn pop(&mut self) -> bool {
        self.trail.pop()
    }
}

/// A bit for each `or_else` on the way, the outermost first, and of two sides of an `and` the left first.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Trail {
    bits: u16,
    length: u8,
    /// Budgets took nothing for the retry.
    #[cfg_attr(feature = "serde", serde(default))]
    free: bool,
}

impl Trail {
    pub(crate) const EMPTY: Self = Self { bits: 0, length: 0, free: false };

    /// Comes to an `or_else` from its first or second policy.
    pub(crate) const fn push(self, second: bool) -> Self {
        Self { bits: self.bits << 1 | second as u16, length: self.length.saturating_add(1), ..self }
    }

    /// The trails of both sides of an `and`.
    pub(crate) const fn join(self, right: Self) -> Self {
        let shifted = if self.length < 16 { right.bits << self.length } else { 0 };
        let length = self.length.saturating_add(right.length);
        Self { bits: self.bits | shifted, length, free: self.free | right.free }
    }

    pub(crate) const fn free(self) -> Self {
        Self { free: true, ..self }
    }

    const fn pop(&mut self) -> bool {
        let second = self.bits & 1 == 1;
        self.bits >>= 1;
        self.length = self.length.saturating_sub(1);
        second
    }
}
