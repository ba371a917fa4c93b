use std::time::Duration;

use super::Schedule;
use crate::node::Node;
use crate::{Backoff, Entropy, Failure};

/// A schedule inside a [`Schedule`]: a constant's reference, or a box of its own.
///
/// ```
/// use retry_core::{Backoff, Constant, Nested, Schedule};
/// use std::time::Duration;
///
/// static MINUTE: Schedule = Schedule::Constant(Constant::new(Duration::from_secs(60)));
/// assert_eq!(Nested::from_static(&MINUTE), Nested::from(MINUTE.clone()));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Nested {
    node: Node<Schedule>,
}

impl Nested {
    /// For constants.
    ///
    /// ```
    /// # use retry_core::{Backoff, Constant, Nested, Schedule};
    /// # use std::time::Duration;
    /// const NESTED: Nested = Nested::from_static(&Schedule::Constant(Constant::new(Duration::ZERO)));
    /// assert_eq!(NESTED.ends_after(), None);
    /// ```
    #[must_use]
    pub const fn from_static(schedule: &'static Schedule) -> Self {
        Self { node: Node::Static(schedule) }
    }

    pub(crate) const fn get(&self) -> &Schedule {
        self.node.get()
    }
}

impl From<Schedule> for Nested {
    fn from(schedule: Schedule) -> Self {
        Self { node: Node::Owned(Box::new(schedule)) }
    }
}

impl Backoff for Nested {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.get().delay(failure, rng)
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.get().delay_below(cap, failure, rng)
    }
    fn needs_time(&self) -> bool {
        self.get().looks_at_time()
    }
    fn ends_after(&self) -> Option<u32> {
        self.get().length()
    }
}
