//! Time on a core: what others do on the machine does not count.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The time that this thread spends on a core in `run`.
pub fn of(run: impl FnOnce()) -> Duration {
    let before = used(ClockId::ThreadCPUTime);
    run();
    used(ClockId::ThreadCPUTime).saturating_sub(before)
}

/// The time that this process has spent on all cores so far, in the program and in the system.
#[must_use]
pub fn of_process() -> Duration {
    used(ClockId::ProcessCPUTime)
}

/// By the kernel's own account.
fn used(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}
