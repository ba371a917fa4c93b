use std::time::{Duration, Instant};

use super::process::since_start;
use super::{BlockingSleeper, Clock};
use crate::Time;

/// `std::thread::sleep`: for the blocking doors.
///
/// ```
/// use retry_core::{Policy, Retry, ThreadSleeper};
/// use std::time::Duration;
///
/// let mut left = 2;
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(5), ThreadSleeper);
/// let done = retry.call_blocking(|| {
///     left -= 1;
///     if left > 0 { Err("not yet") } else { Ok("done") }
/// });
/// assert_eq!(done.unwrap(), "done");
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct ThreadSleeper;

impl Clock for ThreadSleeper {
    fn now(&self) -> Time {
        #[expect(clippy::disallowed_methods, reason = "a clock module")]
        let now = Instant::now();
        since_start(now)
    }
}

impl BlockingSleeper for ThreadSleeper {
    #[expect(clippy::disallowed_methods, reason = "a clock module")]
    fn sleep_blocking(&self, delay: Duration) {
        std::thread::sleep(delay);
    }
}
