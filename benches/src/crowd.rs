//! Many calls at the same time, in real time, and what they need of time and memory.

use std::fs;
use std::hint::black_box;

use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::loops::{runtime, value};
use crate::stopwatch::Stopwatch;
use crate::work::Script;

/// What a crowd of tasks needed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Crowd {
    /// From the first spawn to the last result.
    pub wall_ms: f64,
    /// Resident before the first task, scripts included.
    pub before_kib: u32,
    /// The most that was ever resident. Of the whole process, so each row needs its own.
    pub peak_kib: u32,
}

/// The best of a row's runs; the keys of the JSON form.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The name of the row.
    pub row: &'static str,
    /// Tasks at the same time.
    pub tasks: u32,
    /// From the first spawn to the last result.
    pub wall_ms: f64,
    /// The most that was ever resident.
    pub peak_mib: f64,
    /// What the tasks added, divided by their number.
    pub bytes_a_task: f64,
}

impl Outcome {
    /// The least of each figure.
    #[must_use]
    pub fn best(row: &'static str, tasks: u32, runs: &[Crowd]) -> Self {
        let least = |figure: fn(&Crowd) -> f64| runs.iter().map(figure).fold(f64::INFINITY, f64::min);
        let tenths = |value: f64| (value * 10.0).round() / 10.0;
        let added = least(|run| f64::from(run.peak_kib) - f64::from(run.before_kib)) * 1024.0;
        Self {
            row,
            tasks,
            wall_ms: tenths(least(|run| run.wall_ms)),
            peak_mib: tenths(least(|run| f64::from(run.peak_kib) / 1024.0)),
            bytes_a_task: (added / f64::from(tasks)).round(),
        }
    }
}

/// Spawns `tasks` calls on one thread; each fails twice (2 ms and 4 ms without jitter), then succeeds.
///
/// # Panics
/// If a call gives up.
pub(crate) fn gather<C>(make: impl Fn() -> C, tasks: u32) -> Crowd
where
    C: Caller<Error: 'static, Future: 'static>,
{
    let scripts: &'static [Script] = (0..tasks).map(|_| Script::new(2)).collect::<Vec<_>>().leak();
    let mut caller = make();
    let runtime = runtime(false);
    let before_kib = resident("VmRSS:");
    let watch = Stopwatch::start();
    runtime.block_on(async {
        let spawned: Vec<_> = scripts.iter().map(|script| tokio::spawn(caller.call(script))).collect();
        for task in spawned {
            match task.await {
                Ok(result) => black_box(value(result)),
                Err(error) => panic!("a task did not end: {error}"),
            };
        }
    });
    Crowd { wall_ms: watch.elapsed().as_secs_f64() * 1e3, before_kib, peak_kib: resident("VmHWM:") }
}

/// KiB from a line of `/proc/self/status`; 0 where there is none.
fn resident(key: &str) -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}
