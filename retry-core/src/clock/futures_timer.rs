use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_timer::Delay;
use pin_project::pin_project;

use super::process::since_start;
use super::{Clock, Sleeper};
use crate::Time;

/// The timer of `futures-timer`, which runs in a thread of its own and serves any executor.
///
/// Delays beyond a century last a century.
///
/// ```
/// use retry_core::{FuturesTimerSleeper, Policy, Retry};
/// use std::time::Duration;
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::from_millis(1)).attempts(2), FuturesTimerSleeper);
/// let end = futures::executor::block_on(retry.call(async || Err::<(), _>("no")));
/// assert_eq!(end.unwrap_err().attempts, 2);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct FuturesTimerSleeper;

/// `Delay` adds the delay to an `Instant`, which panics on overflow.
const CENTURY: Duration = Duration::from_secs(100 * 365 * 86_400);

impl Clock for FuturesTimerSleeper {
    fn now(&self) -> Time {
        #[expect(clippy::disallowed_methods, reason = "a clock module")]
        let now = Instant::now();
        since_start(now)
    }
}

impl Sleeper for FuturesTimerSleeper {
    type Sleep = FuturesTimerSleep;

    #[expect(clippy::disallowed_methods, reason = "a clock module")]
    fn sleep(&self, delay: Duration) -> FuturesTimerSleep {
        FuturesTimerSleep(Delay::new(delay.min(CENTURY)))
    }
}

/// A wait of [`FuturesTimerSleeper`].
///
/// # Cancel safety
/// Dropping it ends the wait.
///
/// ```
/// # use retry_core::{FuturesTimerSleep, FuturesTimerSleeper, Sleeper};
/// let sleep: FuturesTimerSleep = FuturesTimerSleeper.sleep(std::time::Duration::ZERO);
/// assert_eq!(futures::executor::block_on(sleep), ());
/// ```
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct FuturesTimerSleep(#[pin] Delay);

impl Future for FuturesTimerSleep {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().0.poll(cx)
    }
}
