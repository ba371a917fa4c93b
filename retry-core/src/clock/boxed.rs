use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::{Clock, Sleeper};
use crate::Time;

/// A sleeper with its type erased, for runtimes chosen at run time. Each sleep is an allocation.
///
/// ```
/// use retry_core::{BoxSleeper, Policy, Retry, TokioSleeper};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let retry = Retry::with_sleeper(Policy::constant(Duration::from_secs(1)).attempts(2), BoxSleeper::new(TokioSleeper));
/// assert!(retry.call(async || Err::<(), _>("no")).await.is_err());
/// # }
/// ```
pub struct BoxSleeper {
    inner: Box<dyn Erased>,
}

/// What [`BoxSleeper`] sleeps by.
///
/// ```
/// use retry_core::{BoxSleep, BoxSleeper, Sleeper, TokioSleeper};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let sleep: BoxSleep = BoxSleeper::new(TokioSleeper).sleep(std::time::Duration::from_secs(3600));
/// assert_eq!(sleep.await, ());
/// # }
/// ```
pub type BoxSleep = Pin<Box<dyn Future<Output = ()> + Send>>;

impl BoxSleeper {
    /// Erases `sleeper`.
    ///
    /// ```
    /// # use retry_core::{BoxSleeper, Clock, TokioSleeper};
    /// assert!(BoxSleeper::new(TokioSleeper).now() > retry_core::Time::default());
    /// ```
    pub fn new<S>(sleeper: S) -> Self
    where
        S: Sleeper<Sleep: Send + 'static> + Send + Sync + 'static,
    {
        Self { inner: Box::new(sleeper) }
    }
}

impl fmt::Debug for BoxSleeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoxSleeper").finish_non_exhaustive()
    }
}

impl Clock for BoxSleeper {
    fn now(&self) -> Time {
        self.inner.now()
    }
    fn random(&self) -> u64 {
        self.inner.random()
    }
}

impl Sleeper for BoxSleeper {
    type Sleep = BoxSleep;
    fn sleep(&self, delay: Duration) -> BoxSleep {
        self.inner.sleep(delay)
    }
}

/// [`Sleeper`] without its associated type.
trait Erased: Send + Sync {
    fn now(&self) -> Time;
    fn random(&self) -> u64;
    fn sleep(&self, delay: Duration) -> BoxSleep;
}

impl<S> Erased for S
where
    S: Sleeper<Sleep: Send + 'static> + Send + Sync,
{
    fn now(&self) -> Time {
        Clock::now(self)
    }
    fn random(&self) -> u64 {
        Clock::random(self)
    }
    fn sleep(&self, delay: Duration) -> BoxSleep {
        Box::pin(Sleeper::sleep(self, delay))
    }
}
