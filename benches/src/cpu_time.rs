//! Time on a core: what others do on the machine does not count.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The time that this thread spends on a core in `run`.
pub fn of(run: impl FnOnce()) -> Duration {
    let before = on_core();
    run();
    on_core().saturating_sub(before)
}

/// What this thread has used so far, by the kernel's own account.
fn on_core() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}
