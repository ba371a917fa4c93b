//! Classification of SMTP replies, from a reply that is already parsed and from its text; in time on a core.

use std::hint::black_box;
use std::time::Duration;

use benches::cpu_time;
use criterion::{Criterion, Throughput};
use retry_email::{Answer, Classifier, Reply};

/// Replies of every kind and length: accepted, refused by words, by codes alone, in several lines, in other languages, with
/// waiting times, and one that no rule knows.
const REPLIES: [&str; 16] = [
    "250 2.0.0 Ok: queued as 4FZx1k2vQz9rxK",
    "354 End data with <CR><LF>.<CR><LF>",
    "550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
    "450 4.2.0 <bob@example.org>: Recipient address rejected: Greylisted, try again in 5 minutes",
    "552-5.2.2 The mailbox you tried to reach is over its quota.\r\n552 5.2.2 See the help pages of example.org",
    "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.example.org; see https://bl.example.org/q?ip=192.0.2.7",
    "421 4.7.0 mx7.example.org too many connections from 192.0.2.7, slow down",
    "451 4.3.0 Internal error, please try again later",
    "550 5.7.26 The message does not pass DMARC for example.org; see https://example.org/help/dmarc#rejected for what to do about it",
    "535 5.7.8 Error: authentication failed: invalid user or password",
    "552 5.3.4 Message size exceeds fixed maximum message size (10240000)",
    "550 Boîte de réception pleine, veuillez réessayer plus tard",
    "550 5.4.1",
    "571",
    "554 a83kd zq17 [x9]",
    "451 4.7.1 Try again later",
];

fn main() {
    let classifier = Classifier::builtin();
    let replies: Vec<_> = REPLIES.iter().filter_map(|text| Reply::parse(text.as_bytes()).ok()).collect();

    let criterion = Criterion::default().without_plots().sample_size(20);
    let criterion = criterion.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    let mut criterion = criterion.configure_from_args();
    let mut group = criterion.benchmark_group("classify");
    group.throughput(Throughput::Elements(u64::try_from(REPLIES.len()).unwrap_or(u64::MAX)));
    group.bench_function("a parsed reply", |bencher| {
        bencher.iter_custom(|n| {
            cpu_time::of(|| {
                for _ in 0..n {
                    for reply in black_box(&replies) {
                        black_box(classifier.classify(&Answer::from(reply)));
                    }
                }
            })
        });
    });
    group.bench_function("text", |bencher| {
        bencher.iter_custom(|n| {
            cpu_time::of(|| {
                for _ in 0..n {
                    for text in black_box(REPLIES) {
                        black_box(classifier.classify(&Answer::from_text(text)));
                    }
                }
            })
        });
    });
    group.finish();
    criterion.final_summary();
}
