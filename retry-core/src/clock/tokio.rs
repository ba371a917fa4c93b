use std::time::Duration;

use super::process::since_start;
use super::{Clock, Sleeper};
use crate::Time;

/// Tokio's timer; the default. It sees `tokio::time::pause`, because both halves come from tokio.
///
/// Granularity is a millisecond. To sleep, it must be polled on a tokio runtime with time enabled: tokio panics
/// otherwise. Delays beyond about 30 years last that long.
///
/// ```
/// use retry_core::{Policy, Retry, TokioSleeper};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let retry = Retry::with_sleeper(Policy::constant(Duration::from_secs(60)).attempts(3), TokioSleeper);
/// let end = retry.call(async || Err::<(), _>("no")).await.unwrap_err();
/// assert_eq!(end.slept(), Duration::from_secs(120));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct TokioSleeper;

impl Clock for TokioSleeper {
    fn now(&self) -> Time {
        #[expect(clippy::disallowed_methods, reason = "a clock module")]
        let now = tokio::time::Instant::now();
        since_start(now.into_std())
    }
}

impl Sleeper for TokioSleeper {
    type Sleep = tokio::time::Sleep;

    #[inline]
    #[expect(clippy::disallowed_methods, reason = "a clock module")]
    fn sleep(&self, delay: Duration) -> Self::Sleep {
        tokio::time::sleep(delay)
    }
}
