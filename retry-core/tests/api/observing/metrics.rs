use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use retry_core::test_util::VirtualClock;
use retry_core::{MetricsObserver, Policy, Retry, Verdict, classify_fn};

use crate::support::doors::{Door, failing};
use crate::support::facts::{MINUTE, SECOND};

/// `name{label=value,..}` of each metric, in order, with its value.
fn metrics(verdict: Verdict, runs: &[u32]) -> Vec<(String, String)> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || {
        let retry = Retry::with_sleeper(Policy::constant(1500 * SECOND / 1000).attempts(3), VirtualClock::new())
            .classify(classify_fn(|_: &&str| verdict))
            .observe(MetricsObserver::new("send"));
        for failures in runs {
            let _ = Door::Call.run(&retry, failing(*failures));
        }
    });
    let mut lines: Vec<_> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let (_, key) = key.into_parts();
            let mut labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            labels.sort();
            let value = match value {
                DebugValue::Counter(count) => count.to_string(),
                DebugValue::Gauge(level) => format!("gauge {level}"),
                DebugValue::Histogram(values) => {
                    format!("{:?}", values.iter().map(|v| v.into_inner()).collect::<Vec<_>>())
                }
            };
            (format!("{}{{{}}}", key.name(), labels.join(",")), value)
        })
        .collect();
    lines.sort();
    lines
}

fn lines(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn every_step_is_counted_under_its_operation() {
    // at once; at the third attempt; never
    let expected = [
        ("retry.attempts{retry.operation=send}", "7"),
        ("retry.delay{retry.because=schedule,retry.operation=send}", "[1.5, 1.5, 1.5, 1.5]"),
        ("retry.failures{error.class=transient,error.effect=possible,retry.operation=send}", "5"),
        ("retry.run.attempts{retry.operation=send,retry.outcome=attempts}", "[3.0]"),
        ("retry.run.attempts{retry.operation=send,retry.outcome=succeeded}", "[1.0, 3.0]"),
        ("retry.runs{retry.operation=send,retry.outcome=attempts}", "1"),
        ("retry.runs{retry.operation=send,retry.outcome=succeeded}", "2"),
    ];
    assert_eq!(metrics(Verdict::TRANSIENT, &[0, 2, 9]), lines(&expected));
}

#[test]
fn a_hint_is_the_reason_of_its_delay() {
    let expected = [
        ("retry.attempts{retry.operation=send}", "2"),
        ("retry.delay{retry.because=hint,retry.operation=send}", "[60.0]"),
        ("retry.failures{error.class=throttled,error.effect=none,retry.operation=send}", "1"),
        ("retry.run.attempts{retry.operation=send,retry.outcome=succeeded}", "[2.0]"),
        ("retry.runs{retry.operation=send,retry.outcome=succeeded}", "1"),
    ];
    assert_eq!(metrics(Verdict::THROTTLED.after(MINUTE), &[1]), lines(&expected));
}
