//! Where a run took place: the line above every table.

use std::fs;
use std::thread;

use crate::SLEEP_BYTES;

/// Processor, cores and the size of tokio's `Sleep`.
#[must_use]
pub fn described() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| Some(line.strip_prefix("model name")?.split_once(':')?.1.trim()));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores; tokio's Sleep is {SLEEP_BYTES} bytes", model.unwrap_or("unknown processor"))
}
