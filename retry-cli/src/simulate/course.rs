use std::time::Duration;

use retry_core::simulate::{Bin, Report};

use super::spec::Gauge;

/// The mean course of several runs, a bin after the other.
#[derive(Clone, Debug)]
pub(super) struct Course {
    gauge: Option<Gauge>,
    runs: u32,
    bins: Vec<Sums>,
    /// When the last of the runs had drained its backlog.
    drained: Option<Duration>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    succeeded: f64,
    attempts: f64,
    throttled: f64,
    queue: f64,
    gauge: Option<f64>,
}

/// What is drawn of a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// Seconds from the beginning to its middle.
    pub(super) at: f64,
    /// And to its end.
    pub(super) end: f64,
    /// Successes a second.
    pub(super) goodput: f64,
    /// Attempts a second.
    pub(super) attempts: f64,
    /// Successes until the end of it.
    pub(super) delivered: f64,
    /// Refused attempts until the end of it.
    pub(super) refused: f64,
    /// The longest queue, in requests.
    pub(super) queue: f64,
    /// The mean balance of the budgets, in retries.
    pub(super) budget: Option<f64>,
    /// The mean rate of the pacers, once they pace.
    pub(super) pace: Option<f64>,
}

impl Course {
    /// Of runs in which `gauge` is read.
    pub(super) const fn new(gauge: Option<Gauge>) -> Self {
        Self { gauge, runs: 0, bins: Vec::new(), drained: None }
    }

    pub(super) fn add(&mut self, report: &Report) {
        self.runs += 1;
        self.drained = self.drained.max(report.drained());
        self.bins.resize(self.bins.len().max(report.bins().len()), Sums::default());
        for (sums, bin) in self.bins.iter_mut().zip(report.bins()) {
            sums.succeeded += f64::from(bin.succeeded);
            sums.attempts += f64::from(bin.attempts);
            sums.throttled += f64::from(bin.throttled);
            sums.queue += f64::from(bin.queue);
            sums.gauge = bin.gauge.map(|gauge| sums.gauge.unwrap_or(0.0) + gauge).or(sums.gauge);
        }
    }

    /// At most about `most` points: the means of as many bins each, a second at least.
    pub(super) fn points(&self, most: usize) -> Vec<Point> {
        let end = self.drained.map_or(self.bins.len(), |end| {
            let bins = end.as_nanos() / Bin::WIDTH.as_nanos() + 1;
            usize::try_from(bins).unwrap_or(usize::MAX).min(self.bins.len())
        });
        let width = end.div_ceil(most.max(1)).max(5);
        let mut points: Vec<Point> = Vec::new();
        for (number, bins) in self.bins[..end].chunks(width).enumerate() {
            // What is too short for a mean has sums all the same.
            let point = self.point(number * width, bins, points.last());
            match points.last_mut() {
                Some(last) if bins.len() < width => {
                    (last.end, last.delivered, last.refused) = (point.end, point.delivered, point.refused);
                }
                _ => points.push(point),
            }
        }
        points
    }

    fn point(&self, first: usize, bins: &[Sums], before: Option<&Point>) -> Point {
        let (length, bin) = (real(bins.len()), Bin::WIDTH.as_secs_f64());
        let runs = f64::from(self.runs.max(1));
        let sum = |of: fn(&Sums) -> f64| bins.iter().map(of).sum::<f64>() / runs;
        let gauge = bins.iter().map(|bin| bin.gauge).sum::<Option<f64>>().map(|sum| sum / runs / length);
        let read = |of| gauge.filter(|gauge| self.gauge == Some(of) && gauge.is_finite());
        Point {
            at: (real(first) + 0.5 * length) * bin,
            end: (real(first) + length) * bin,
            goodput: sum(|bin| bin.succeeded) / (length * bin),
            attempts: sum(|bin| bin.attempts) / (length * bin),
            delivered: before.map_or(0.0, |before| before.delivered) + sum(|bin| bin.succeeded),
            refused: before.map_or(0.0, |before| before.refused) + sum(|bin| bin.throttled),
            queue: sum(|bin| bin.queue) / length,
            budget: read(Gauge::Budget),
            pace: read(Gauge::Pace),
        }
    }
}

/// A number of bins.
fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use retry_core::Never;
    use retry_core::simulate::{Fleet, Scenario};

    use super::*;

    #[test]
    fn points_are_means_over_runs_and_bins() {
        let mut course = Course::new(None);
        for seed in 1..=3 {
            course.add(&Scenario::new().run(&Fleet::of(|_| Never), seed).unwrap());
        }
        let points = course.points(1000);
        // 60 s, a second each
        assert_eq!(points.len(), 60);
        let mean = points.iter().map(|point| point.goodput).sum::<f64>() / 60.0;
        // 800 a second; 144,000 requests in all have a standard error of 2 a second
        assert!((mean - 800.0).abs() < 8.0, "{mean}");
        assert!((points[0].at - 0.5).abs() < 1e-9 && points[0].budget.is_none());
        // 800 a second for 60 s, all of them
        assert!((points[59].delivered - 60.0 * mean).abs() < 1e-6 && points[59].refused < 1e-9);
        assert!((points[59].end - 60.0).abs() < 1e-9);
        assert_eq!(course.points(10).len(), 10);
        // 300 bins by 43 six times: the 42 that are left over are only summed up
        let coarse = course.points(7);
        assert_eq!(coarse.len(), 6);
        assert!((coarse[5].delivered - points[59].delivered).abs() < 1e-6 && (coarse[5].end - 60.0).abs() < 1e-9);
    }
}
