use crate::{Bounds, Decision, Entropy, Failure, Needs, RetryPolicy, StopReason};

/// Never retries: switches retries off without another type of call.
///
/// ```
/// use retry_core::{Never, Retry, ThreadSleeper};
///
/// let error = Retry::with_sleeper(Never, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).unwrap_err();
/// assert_eq!(error.attempts, 1);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct Never;

impl RetryPolicy for Never {
    fn decide(&self, failure: &Failure, _: &mut dyn Entropy) -> Decision {
        Decision::Stop(failure.stops().unwrap_or(StopReason::Attempts))
    }

    fn bounds(&self) -> Bounds {
        Bounds::NO_RETRY
    }

    #[inline]
    fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}
