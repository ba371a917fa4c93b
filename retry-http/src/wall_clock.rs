//! The time of day.

use std::time::SystemTime;

/// The system's time of day: the `now` of an [`Exchange`](crate::Exchange) outside of tests.
///
/// Only dates and Unix times in headers need it, and those only where the answer has no `Date` of its own.
///
/// ```
/// assert!(retry_http::time_of_day() > std::time::SystemTime::UNIX_EPOCH);
/// ```
#[must_use]
pub fn time_of_day() -> SystemTime {
    #[expect(clippy::disallowed_methods, reason = "a clock module")]
    SystemTime::now()
}
