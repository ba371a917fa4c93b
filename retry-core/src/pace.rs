//! Pacing: as fast as a destination that throttles can take.

use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{Class, Time};

mod aimd;
mod aimd_limit;
mod bucket;
mod cubic;
mod curve;
mod meter;
mod paced;

pub use aimd::Aimd;
pub use aimd_limit::AimdLimit;
pub use bucket::TokenBucket;
pub use cubic::Cubic;
pub use curve::CubicCurve;
pub use meter::RateMeter;
pub use paced::Paced;

/// Hands out places for attempts, so that a destination which throttles is not sent more than it takes. One
/// required method; object safe; shared by `&self`.
///
/// The engine's own pace nobody before the first failure of [`Class::Throttled`], and learn from nothing else: fed by
/// other failures, a pacer turns random errors into waits. [`paced`](crate::RetryPolicy::paced) puts a policy behind
/// one.
///
/// | pacer | after throttling | use it |
/// |---|---|---|
/// | [`Aimd`] | 0.7 of the rate, back in 15 s; below the limit for the longer, the more it cost | first, and where excess is punished: bans, reputation (SMTP) |
/// | [`Cubic`] | 0.7 of the rate, soon back near it, then up ever faster | to behave as the SDKs of AWS do, where excess is just refused (429) |
///
/// 20 workers that drain 20,000 messages at a provider of 100/s, with exponential backoff after a refusal (the scenario
/// `rate-limit` of `retry simulate`, 20 seeds), need less than 1 % more than the least time by AIMD and have 0.3 % of
/// their attempts refused, 3 % and 0.3 % by CUBIC, 24 % and 1.2 % with backoff alone. Where the limit falls to a fifth
/// (`rate-cut`) they need no more than the least time by AIMD and 10 % more by CUBIC. Where excess brings a ban of 10 s
/// (`rate-ban`) they need 1.5 times the least time by AIMD, 4 times with backoff alone, and 5 times by CUBIC. Pace each
/// destination apart: one pacer for many hides which of them throttles. Give [`Paced::max_wait`] a value, or callers
/// queue for seconds.
///
/// A limit with a burst of a tenth of a second or less costs AIMD an eighth to a quarter more time, for what a cut rate
/// loses is not made up for; and with one a second, one attempt in eight is refused, for each cycle of 15 s has a
/// refusal or two.
///
/// ```
/// use retry_core::{Pacer, Time};
/// use std::time::Duration;
///
/// /// Nobody before noon.
/// struct Late;
///
/// impl Pacer for Late {
///     fn acquire(&self, now: Time) -> Result<(), Duration> {
///         let noon = Time::default().after(Duration::from_secs(12 * 3600));
///         if now < noon { Err(noon.since(now)) } else { Ok(()) }
///     }
/// }
///
/// assert!(Late.acquire(Time::default()).is_err());
/// ```
pub trait Pacer {
    /// Takes a place for an attempt that begins at `now`.
    ///
    /// # Errors
    /// How long to wait before asking again, where there is none; never zero.
    fn acquire(&self, now: Time) -> Result<(), Duration>;

    /// A place that was taken will not be used.
    #[inline]
    fn release(&self) {}

    /// An attempt succeeded at `now`.
    #[inline]
    fn succeeded(&self, now: Time) {
        let _ = now;
    }

    /// An attempt failed at `now`.
    #[inline]
    fn failed(&self, class: Class, now: Time) {
        let _ = (class, now);
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<P: Pacer + ?Sized> Pacer for $pointer {
            #[inline]
            fn acquire(&self, now: Time) -> Result<(), Duration> {
                (**self).acquire(now)
            }
            #[inline]
            fn release(&self) {
                (**self).release();
            }
            #[inline]
            fn succeeded(&self, now: Time) {
                (**self).succeeded(now);
            }
            #[inline]
            fn failed(&self, class: Class, now: Time) {
                (**self).failed(class, now);
            }
        }
    )*};
}
forward!(&P, Box<P>, Arc<P>, Rc<P>);

/// The lock of a pacer. Nothing panics while it is held; if something did, rates are still rates.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A span in seconds.
fn seconds(nanos: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "to within a part in 2^53")]
    let nanos = nanos as f64;
    nanos / 1e9
}

/// A wait of `seconds`, rounded up to the nanosecond and never zero.
fn wait(seconds: f64) -> Duration {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and NaN is 0")]
    let nanos = (seconds * 1e9).ceil() as u64;
    Duration::from_nanos(nanos.max(1))
}
