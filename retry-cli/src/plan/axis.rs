//! The scale of time that all plans share.

use std::time::Duration;

use retry_core::Planned;

use super::axis_ticks::TICKS;
use super::subject::Subject;

/// From zero on: a short straight stretch up to the first retries, then by orders of magnitude.
///
/// A retry after a second and one after a day are both to be seen, and the first attempt starts at zero, which no logarithm has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// Where the straight stretch ends, in seconds.
    low: f64,
    high: f64,
}

/// How much of the scale is straight.
const STRAIGHT: f64 = 0.06;

/// A place with a name, from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) name: &'static str,
}

impl Axis {
    /// The scale on which all these can be seen.
    pub(super) fn over(subjects: &[Subject]) -> Self {
        let parts = || subjects.iter().flat_map(Subject::parts);
        let starts = || parts().flat_map(|part| part.plan.attempts()).map(Planned::at);
        let means = starts().map(|at| at.mean().value.as_secs_f64());
        let low = means.filter(|secs| *secs > 0.0).fold(f64::INFINITY, f64::min);
        let ends = parts().filter_map(|part| part.time_limit).filter(|_| low.is_finite());
        let high = starts().map(|at| at.max().value).chain(ends).max().unwrap_or_default().as_secs_f64();
        let low = if low.is_finite() { low } else { 1.0 };
        Self { low, high: high.max(low * 4.0) }
    }

    /// Where a time is, from 0 to 1.
    pub(super) fn place(&self, time: Duration) -> f64 {
        let secs = time.as_secs_f64();
        if secs <= self.low {
            return STRAIGHT * secs / self.low;
        }
        (STRAIGHT + (1.0 - STRAIGHT) * (secs / self.low).ln() / (self.high / self.low).ln()).min(1.0)
    }

    /// Round times that are at least `gap` apart, the roundest first served.
    pub(super) fn ticks(&self, gap: f64) -> Vec<Tick> {
        let mut ticks = vec![Tick { at: 0.0, name: "0" }];
        for (name, nanos) in TICKS {
            let time = Duration::from_nanos(*nanos);
            let at = self.place(time);
            let inside = time.as_secs_f64() >= self.low * 0.999 && time.as_secs_f64() <= self.high * 1.001;
            if inside && ticks.iter().all(|tick| (tick.at - at).abs() >= gap) {
                ticks.push(Tick { at, name });
            }
        }
        ticks.sort_by(|a, b| a.at.total_cmp(&b.at));
        ticks
    }
}
