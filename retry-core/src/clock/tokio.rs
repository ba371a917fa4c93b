use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project::pin_project;

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
    type Sleep = TokioSleep;

    #[inline]
    #[expect(clippy::disallowed_methods, reason = "a clock module")]
    fn sleep(&self, delay: Duration) -> TokioSleep {
        TokioSleep(tokio::time::sleep(delay))
    }
}

/// A wait of [`TokioSleeper`].
///
/// # Cancel safety
/// Dropping it ends the wait.
///
/// ```
/// # use retry_core::{Sleeper, TokioSleep, TokioSleeper};
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let sleep: TokioSleep = TokioSleeper.sleep(std::time::Duration::from_secs(3600));
/// assert_eq!(sleep.await, ());
/// # }
/// ```
#[pin_project]
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct TokioSleep(#[pin] tokio::time::Sleep);

impl Future for TokioSleep {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().0.poll(cx)
    }
}
