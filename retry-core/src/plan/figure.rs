use std::time::Duration;

/// A number of a [`Plan`](crate::Plan), and whether it is exact or an estimate from sampled runs.
///
/// ```
/// use retry_core::{Figure, Policy};
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let plan = Policy::constant(second).attempts(3).plan();
/// let last: Figure = plan.attempts()[2].at().mean();
/// assert_eq!((last.value, last.is_exact), (2 * second, true));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Figure<T = Duration> {
    /// How much.
    pub value: T,
    /// By closed form, to the nanosecond. Else from sampled runs.
    pub is_exact: bool,
}

impl<T> Figure<T> {
    pub(super) const fn new(value: T, is_exact: bool) -> Self {
        Self { value, is_exact }
    }
}
