//! Time that ends.

use std::time::Duration;

use retry_core::{Clock, Sleeper, Time, TokioSleeper};

/// Tokio's time up to an instant. Whatever waits for longer is woken then: the waits between attempts, and the limits of each
/// command, so that a server that hangs does not outlast the time that the whole is given. What was under way at the end is told by
/// its stage: before the final dot it was not sent, after it it may have been.
#[derive(Clone, Copy, Debug)]
pub(super) struct Until {
    end: Time,
}

impl Until {
    /// From now on for `limit`.
    pub(super) fn after(limit: Duration) -> Self {
        Self { end: TokioSleeper.now().after(limit) }
    }
}

impl Clock for Until {
    fn now(&self) -> Time {
        TokioSleeper.now()
    }

    fn random(&self) -> u64 {
        TokioSleeper.random()
    }
}

impl Sleeper for Until {
    type Sleep = <TokioSleeper as Sleeper>::Sleep;

    fn sleep(&self, delay: Duration) -> Self::Sleep {
        TokioSleeper.sleep(delay.min(self.end.since(self.now())))
    }
}
