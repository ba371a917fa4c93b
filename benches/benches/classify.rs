//! Classification of SMTP replies, from a reply that is already parsed and from its text; in time on a core.

use std::time::Duration;

use benches::cpu_time;
use benches::replies::{Form, REPLIES};
use criterion::{Criterion, Throughput};

fn main() {
    let criterion = Criterion::default().without_plots().sample_size(20);
    let criterion = criterion.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    let mut criterion = criterion.configure_from_args();
    let mut group = criterion.benchmark_group("classify");
    group.throughput(Throughput::Elements(u64::try_from(REPLIES.len()).unwrap_or(u64::MAX)));
    for form in Form::ALL {
        group.bench_function(form.name(), |bencher| bencher.iter_custom(|turns| cpu_time::of(|| form.run(turns))));
    }
    group.finish();
    criterion.final_summary();
}
