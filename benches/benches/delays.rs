//! The cost of eight growing, jittered delays by criterion.

use std::time::Duration;

use benches::mode::Mode;
use benches::work::DELAYS_A_RUN;
use benches::{rows, stopwatch};
use criterion::{Criterion, Throughput};

fn main() {
    let criterion = Criterion::default().without_plots().sample_size(20);
    let criterion = criterion.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
    let mut criterion = criterion.configure_from_args();
    let mut group = criterion.benchmark_group(Mode::Delays.name());
    group.throughput(Throughput::Elements(u64::from(DELAYS_A_RUN)));
    for row in rows() {
        if let Some(run) = Mode::Delays.of(&row) {
            group.bench_function(row.name, |bencher| bencher.iter_custom(|n| stopwatch::time(run, n)));
        }
    }
    group.finish();
    criterion.final_summary();
}
