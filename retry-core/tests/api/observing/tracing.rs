use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use retry_core::test_util::VirtualClock;
use retry_core::{HintRule, Policy, Retry, TracingObserver, Verdict, classify_fn};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, SECOND};

type Fields = BTreeMap<&'static str, String>;

/// Keeps level, target and fields of each event.
#[derive(Clone, Default)]
struct Keeper(Arc<Mutex<Vec<(Level, String, Fields)>>>);

struct Visitor(Fields);

impl Visit for Visitor {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Subscriber for Keeper {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut visitor = Visitor(Fields::new());
        event.record(&mut visitor);
        let metadata = event.metadata();
        self.0.lock().unwrap().push((*metadata.level(), metadata.target().to_owned(), visitor.0));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The events of a run that fails `failures` times, of at most three attempts.
fn events(verdict: Verdict, failures: u32) -> Vec<(Level, String, Fields)> {
    let keeper = Keeper::default();
    tracing::subscriber::with_default(keeper.clone(), || {
        let policy = Policy::constant(1500 * SECOND / 1000).attempts(3).hints(HintRule::AtLeast, HOUR);
        let retry = Retry::with_sleeper(policy, VirtualClock::new())
            .classify(classify_fn(|_: &&str| verdict))
            .observe(TracingObserver::new("send"));
        let _ = Door::Call.run(&retry, failing(failures));
    });
    let events = keeper.0.lock().unwrap();
    events.clone()
}

fn fields(pairs: &[(&'static str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

#[test]
fn each_step_has_its_level_and_its_fields() {
    let events = events(Verdict::THROTTLED, 9);
    let levels: Vec<_> = events.iter().map(|(level, ..)| *level).collect();
    let attempt = [Level::TRACE, Level::WARN, Level::DEBUG];
    assert_eq!(levels, [&attempt[..], &attempt[..], &[Level::TRACE, Level::WARN, Level::ERROR]].concat());
    assert!(events.iter().all(|(_, target, _)| target == "retry"));
    let operation = ("retry.operation", "\"send\"");
    assert_eq!(events[0].2, fields(&[("message", "attempt started"), operation, ("retry.attempt", "1")]));
    let failed = [
        ("message", "attempt failed"),
        operation,
        ("retry.attempt", "1"),
        ("error.message", "busy"),
        ("error.class", "\"throttled\""),
        ("error.effect", "\"none\""),
    ];
    assert_eq!(events[1].2, fields(&failed));
    let scheduled = [
        ("message", "retry scheduled"),
        operation,
        ("retry.attempt", "1"),
        ("retry.delay_ms", "1500"),
        ("retry.because", "\"schedule\""),
    ];
    assert_eq!(events[2].2, fields(&scheduled));
    let gave_up = [("message", "gave up"), operation, ("retry.attempts", "3"), ("retry.reason", "\"attempts\"")];
    assert_eq!(events[8].2, fields(&gave_up));
}

#[test]
fn a_hint_says_where_it_came_from() {
    let events = events(Verdict::TRANSIENT.after(60 * SECOND), 1);
    let scheduled = &events[2].2;
    assert_eq!(scheduled["retry.because"], "\"hint\"");
    assert_eq!(scheduled["retry.hint_source"], "\"retry_after\"");
    assert_eq!(scheduled["retry.delay_ms"], "60000");
    assert_eq!(events[1].2["error.effect"], "\"possible\"");
}

#[test]
fn a_success_is_worth_a_word_if_it_took_a_retry() {
    let end = |failures| events(Verdict::TRANSIENT, failures).pop().unwrap();
    let succeeded =
        |attempts| fields(&[("message", "succeeded"), ("retry.operation", "\"send\""), ("retry.attempts", attempts)]);
    let (level, _, at_once) = end(0);
    assert_eq!((level, at_once), (Level::TRACE, succeeded("1")));
    let (level, _, later) = end(2);
    assert_eq!((level, later), (Level::DEBUG, succeeded("3")));
}
