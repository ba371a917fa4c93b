//! Retry budgets: how many retries a destination can bear.

use std::rc::Rc;
use std::sync::Arc;

use crate::{Class, Time};

mod amount;
mod aws;
mod budgeted;
mod decay;
mod draw_only;
mod grpc;
mod rule;
mod state;
mod success;
mod under;

pub(crate) use amount::Amount;
pub use aws::AwsQuota;
pub use budgeted::Budgeted;
pub use draw_only::DrawOnly;
pub use grpc::GrpcThrottle;
pub use rule::BudgetRule;
pub use success::SuccessBudget;
pub use under::Under;

/// Says whether a destination can bear another retry. One required method; object safe; shared by `&self`.
///
/// Delays do not protect a server that is overloaded: they move retries to a later time, and as many new requests come
/// then. A budget does, for it pays retries out of what succeeded. Whoever retries, fails over or hedges towards one
/// destination shares one budget; [`budgeted`](crate::RetryPolicy::budgeted) puts a policy behind it.
///
/// | budget | grants | use it |
/// |---|---|---|
/// | [`SuccessBudget`] | half a retry a recent success, at least one now and then | first: bounded, also for small clients |
/// | [`AwsQuota`] | from 500 tokens a client, refilled by success | to behave as the SDKs of AWS do |
/// | [`GrpcThrottle`] | while more than half of the tokens are left | to behave as gRPC does (A6) |
///
/// Times are handed in by whoever has the clock; where they run backwards, a budget goes by the latest it has seen,
/// and so it does for a success that nobody has dated.
///
/// ```
/// use retry_core::{Charge, Class, RetryBudget, Time};
/// use std::cell::Cell;
///
/// /// So many retries, and no more.
/// struct Purse(Cell<u32>);
///
/// impl RetryBudget for Purse {
///     fn withdraw(&self, _: Charge, _: Time) -> bool {
///         let left = self.0.get().checked_sub(1);
///         left.inspect(|left| self.0.set(*left)).is_some()
///     }
/// }
///
/// let purse = Purse(Cell::new(1));
/// assert!(purse.withdraw(Charge::new(Class::Transient), Time::default()));
/// assert!(!purse.withdraw(Charge::new(Class::Transient), Time::default()));
/// ```
pub trait RetryBudget {
    /// Takes what a retry costs, after a failure at `now`; `false` refuses it. What was taken comes back by
    /// [`refund`](Self::refund) if the retry is not made.
    fn withdraw(&self, charge: Charge, now: Time) -> bool;

    /// Takes a charge back whose retry was not made. By default it is lost.
    #[inline]
    fn refund(&self, charge: Charge) {
        let _ = charge;
    }

    /// A call succeeded, at `now` if somebody has looked. `last` is what its last retry was charged, `None` where the
    /// first attempt succeeded.
    #[inline]
    fn succeeded(&self, last: Option<Charge>, now: Option<Time>) {
        let _ = (last, now);
    }

    /// A call failed at `now` by a failure of `class`, and nobody wants a retry for it.
    #[inline]
    fn failed(&self, class: Class, now: Time) {
        let _ = (class, now);
    }

    /// Whether it is one at all: `false` for what grants everything and learns nothing, as `None` does. Whoever asks is
    /// then spared the clock and the outcomes.
    ///
    /// ```
    /// # use retry_core::{Needs, Policy, RetryBudget, RetryPolicy, SuccessBudget};
    /// # use std::time::Duration;
    /// let none: Option<SuccessBudget> = None;
    /// assert!(!none.limits() && Some(SuccessBudget::default()).limits());
    /// assert_eq!(Policy::constant(Duration::ZERO).budgeted(none).needs(), Needs::NOTHING);
    /// ```
    #[inline]
    fn limits(&self) -> bool {
        true
    }

    /// What could be withdrawn at `now`, in percent of an ordinary retry; `None` where the budget cannot say.
    #[inline]
    fn balance(&self, now: Time) -> Option<u64> {
        let _ = now;
        None
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<B: RetryBudget + ?Sized> RetryBudget for $pointer {
            #[inline]
            fn withdraw(&self, charge: Charge, now: Time) -> bool {
                (**self).withdraw(charge, now)
            }
            #[inline]
            fn refund(&self, charge: Charge) {
                (**self).refund(charge);
            }
            #[inline]
            fn succeeded(&self, last: Option<Charge>, now: Option<Time>) {
                (**self).succeeded(last, now);
            }
            #[inline]
            fn failed(&self, class: Class, now: Time) {
                (**self).failed(class, now);
            }
            #[inline]
            fn limits(&self) -> bool {
                (**self).limits()
            }
            #[inline]
            fn balance(&self, now: Time) -> Option<u64> {
                (**self).balance(now)
            }
        }
    )*};
}
forward!(&B, Box<B>, Arc<B>, Rc<B>);

/// `None` is no budget: every retry is granted.
impl<B: RetryBudget> RetryBudget for Option<B> {
    #[inline]
    fn withdraw(&self, charge: Charge, now: Time) -> bool {
        self.as_ref().is_none_or(|budget| budget.withdraw(charge, now))
    }
    #[inline]
    fn refund(&self, charge: Charge) {
        if let Some(budget) = self {
            budget.refund(charge);
        }
    }
    #[inline]
    fn succeeded(&self, last: Option<Charge>, now: Option<Time>) {
        if let Some(budget) = self {
            budget.succeeded(last, now);
        }
    }
    #[inline]
    fn failed(&self, class: Class, now: Time) {
        if let Some(budget) = self {
            budget.failed(class, now);
        }
    }
    #[inline]
    fn limits(&self) -> bool {
        self.as_ref().is_some_and(RetryBudget::limits)
    }
    #[inline]
    fn balance(&self, now: Time) -> Option<u64> {
        self.as_ref()?.balance(now)
    }
}

/// What a retry is charged: the class of the failure before it, and its cost in percent of an ordinary retry.
///
/// ```
/// use retry_core::{Charge, Class};
///
/// let charge = Charge::new(Class::Throttled);
/// assert_eq!((charge.class(), charge.percent()), (Class::Throttled, 100));
/// assert_eq!(charge.costing(50).percent(), 50);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Charge {
    class: Class,
    percent: u16,
}

impl Charge {
    /// An ordinary retry after a failure of `class`: 100 %.
    ///
    /// ```
    /// # use retry_core::{Charge, Class};
    /// assert_eq!(Charge::new(Class::Transient).percent(), 100);
    /// ```
    #[must_use]
    pub const fn new(class: Class) -> Self {
        Self { class, percent: 100 }
    }

    /// Replaces the cost; 0 is free.
    ///
    /// ```
    /// # use retry_core::{Charge, Class};
    /// assert_eq!(Charge::new(Class::Transient).costing(0).percent(), 0);
    /// ```
    #[must_use]
    pub const fn costing(mut self, percent: u16) -> Self {
        self.percent = percent;
        self
    }

    /// The class of the failure before the retry.
    ///
    /// ```
    /// # use retry_core::{Charge, Class};
    /// assert_eq!(Charge::new(Class::Unknown).class(), Class::Unknown);
    /// ```
    #[must_use]
    pub const fn class(self) -> Class {
        self.class
    }

    /// The cost in percent of an ordinary retry: 0 to 65,535.
    ///
    /// ```
    /// # use retry_core::{Charge, Class};
    /// assert_eq!(Charge::new(Class::Transient).costing(200).percent(), 200);
    /// ```
    #[must_use]
    pub const fn percent(self) -> u16 {
        self.percent
    }

    /// `whole` tokens for 100 %, rounded up.
    pub(crate) const fn of(self, whole: u32) -> u64 {
        (whole as u64 * self.percent as u64).div_ceil(100)
    }
}
