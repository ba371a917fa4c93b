//! The one clock of this crate: distance is real time.

use std::time::{Duration, Instant};

/// A moment; `None` is never.
pub(super) type Moment = Option<Instant>;

/// The moment `delay` from now.
#[expect(clippy::disallowed_methods, reason = "bytes are held back for a real client, which no virtual clock moves")]
pub(super) fn after(delay: Duration) -> Moment {
    Instant::now().checked_add(delay)
}

/// How long it is until then; zero when it is past.
#[expect(clippy::disallowed_methods, reason = "as above")]
pub(super) fn until(moment: Moment) -> Duration {
    moment.map_or(Duration::MAX, |moment| moment.saturating_duration_since(Instant::now()))
}
