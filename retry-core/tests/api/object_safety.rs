//! Traits that are meant to be objects.

use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{
    Aimd, AnyError, Backoff, BlockingSleeper, Classified, Clock, Constant, Entropy, ErrorClassifier, Full, Jitter,
    Never, ObserveError, Observer, Pacer, PolicyNames, RetryBudget, RetryPolicy, Seeded, SuccessBudget, Time, Verdict,
};

/// Errors of no type of our own.
struct Foreign;

impl Classified for Foreign {
    fn verdict(&self) -> Verdict {
        Verdict::PERMANENT
    }
}

#[test]
fn every_open_trait_can_be_an_object() {
    fn backoff(_: &dyn Backoff) {}
    fn jitter(_: &dyn Jitter) {}
    fn classifier(_: &dyn ErrorClassifier<Foreign>) {}
    fn unsized_classifier(_: &dyn ErrorClassifier<str>) {}
    fn classified(_: &dyn Classified) {}
    fn policy(_: &dyn RetryPolicy) {}
    fn budget(_: &dyn RetryBudget) {}
    fn pacer(_: &dyn Pacer) {}
    fn clock(_: &dyn Clock) {}
    fn sleeper(_: &dyn BlockingSleeper) {}
    fn entropy(_: &mut dyn Entropy) {}
    fn observer(_: &dyn Observer) {}
    fn error_observer(_: &dyn ObserveError<Foreign>) {}
    fn unsized_observer(_: &dyn ObserveError<str>) {}

    fn names(_: &dyn PolicyNames) {}

    backoff(&Constant::new(Duration::ZERO));
    jitter(&Full);
    classifier(&AnyError);
    unsized_classifier(&AnyError);
    classified(&Foreign);
    policy(&Never);
    names(&());
    budget(&SuccessBudget::default());
    pacer(&Aimd::new(Time::default()));
    clock(&VirtualClock::new());
    sleeper(&VirtualClock::new());
    entropy(&mut Seeded::new(0));
    observer(&());
    error_observer(&());
    unsized_observer(&());
}
