//! Time and waiting, pluggable: clock and sleeper are one object, so that they cannot disagree.

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crate::{Entropy, ThreadEntropy, Time};

mod boxed;
#[cfg(feature = "futures-timer")]
mod futures_timer;
#[cfg(any(feature = "tokio", feature = "futures-timer", feature = "thread"))]
mod process;
mod seeded;
#[cfg(feature = "thread")]
mod thread;
#[cfg(feature = "tokio")]
mod tokio;

pub use boxed::{BoxSleep, BoxSleeper};
#[cfg(feature = "futures-timer")]
pub use futures_timer::{FuturesTimerSleep, FuturesTimerSleeper};
pub use seeded::SeededSleeper;
#[cfg(feature = "thread")]
pub use thread::ThreadSleeper;
#[cfg(feature = "tokio")]
pub use tokio::{TokioSleep, TokioSleeper};

/// A monotonic clock, and the randomness of whatever runs by it. Object safe.
///
/// Together with [`Sleeper`] it is all that a runtime must provide.
///
/// ```
/// use retry_core::{Clock, Policy, Retry, Sleeper, Time};
/// use std::future::{Ready, ready};
/// use std::time::Duration;
///
/// /// Waits for nothing: for operations that are slow enough themselves.
/// struct Impatient;
///
/// impl Clock for Impatient {
///     fn now(&self) -> Time {
///         Time::default()
///     }
/// }
///
/// impl Sleeper for Impatient {
///     type Sleep = Ready<()>;
///     fn sleep(&self, _: Duration) -> Ready<()> {
///         ready(())
///     }
/// }
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::from_secs(60)).attempts(3), Impatient);
/// let end = futures::executor::block_on(retry.call(async || Err::<(), _>("no")));
/// assert_eq!(end.unwrap_err().attempts, 3);
/// ```
pub trait Clock {
    /// The current instant, counted from an epoch of the clock's own.
    fn now(&self) -> Time;

    /// 64 random bits, from [`ThreadEntropy`] by default. A clock that answers from a seed replays a whole run.
    #[inline]
    fn random(&self) -> u64 {
        ThreadEntropy.next_u64()
    }
}

/// A clock that can also wait, asynchronously.
///
/// ```
/// use retry_core::{Clock, Sleeper, TokioSleeper};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let before = TokioSleeper.now();
/// TokioSleeper.sleep(Duration::from_secs(3600)).await;
/// assert!(TokioSleeper.now().since(before) >= Duration::from_secs(3600));
/// # }
/// ```
pub trait Sleeper: Clock {
    /// The future returned by [`sleep`](Sleeper::sleep).
    type Sleep: Future<Output = ()>;

    /// Completes once `delay` has passed on this clock. Must not panic for any delay.
    fn sleep(&self, delay: Duration) -> Self::Sleep;
}

/// A clock that can also wait by blocking the calling thread.
///
/// ```
/// use retry_core::{BlockingSleeper, ThreadSleeper};
/// use std::time::Duration;
///
/// ThreadSleeper.sleep_blocking(Duration::ZERO);
/// ```
pub trait BlockingSleeper: Clock {
    /// Blocks for `delay`. Must not panic for any delay.
    fn sleep_blocking(&self, delay: Duration);
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<T: Clock + ?Sized> Clock for $pointer {
            #[inline]
            fn now(&self) -> Time {
                (**self).now()
            }
            #[inline]
            fn random(&self) -> u64 {
                (**self).random()
            }
        }

        impl<T: Sleeper + ?Sized> Sleeper for $pointer {
            type Sleep = T::Sleep;
            #[inline]
            fn sleep(&self, delay: Duration) -> T::Sleep {
                (**self).sleep(delay)
            }
        }

        impl<T: BlockingSleeper + ?Sized> BlockingSleeper for $pointer {
            fn sleep_blocking(&self, delay: Duration) {
                (**self).sleep_blocking(delay);
            }
        }
    )*};
}
forward!(&T, Box<T>, Rc<T>, Arc<T>);

/// The clock's random bits as an [`Entropy`]: the source is not touched before the first draw.
pub(crate) struct Draw<'a, S>(pub(crate) &'a S);

impl<S: Clock> Entropy for Draw<'_, S> {
    #[inline]
    fn next_u64(&mut self) -> u64 {
        self.0.random()
    }
}
