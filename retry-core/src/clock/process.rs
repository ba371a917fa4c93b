//! Instants of this process as numbers.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::Time;
use crate::time::nanos;

/// Nanoseconds between one fixed instant of this process and `now`.
pub(super) fn since_start(now: Instant) -> Time {
    // A day back, where the system has been up for so long: a paused tokio clock may stand before our first reading.
    static EPOCH: LazyLock<Instant> = LazyLock::new(|| {
        #[expect(clippy::disallowed_methods, reason = "a clock module")]
        let now = Instant::now();
        now.checked_sub(Duration::from_secs(86_400)).unwrap_or(now)
    });
    Time::from_nanos(nanos(now.saturating_duration_since(*EPOCH)))
}
