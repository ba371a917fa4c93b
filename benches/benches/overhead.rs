//! The cost of a call by criterion: one group for the happy path, one for three failures.

use std::time::Duration;

use benches::mode::Mode;
use benches::{rows, stopwatch};
use criterion::Criterion;

fn main() {
    let criterion = Criterion::default().without_plots().sample_size(20);
    let criterion = criterion.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
    let mut criterion = criterion.configure_from_args();
    for mode in [Mode::Happy, Mode::F3] {
        let mut group = criterion.benchmark_group(mode.name());
        for row in rows() {
            if let Some(run) = mode.of(&row) {
                group.bench_function(row.name, |bencher| bencher.iter_custom(|n| stopwatch::time(run, n)));
            }
        }
        group.finish();
    }
    criterion.final_summary();
}
