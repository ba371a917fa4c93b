//! What the rows are configured with.

use std::time::Duration;

use retry_core::{
    AnyError, ErrorClassifier, Law, Limits, ObserveError, Retry, RetryPolicy, Retryable, Sleeper, Verdict, With,
    classify_fn,
};

use super::observer::Counts;
use crate::held::held;
use crate::work::{ATTEMPTS, BASE, CAP, Refused};

/// What a spawned call asks of its parts.
pub(super) trait Policy: RetryPolicy + Send + Sync + 'static {}
impl<P: RetryPolicy + Send + Sync + 'static> Policy for P {}
pub(super) trait Timer: Sleeper<Sleep: Send> + Send + Sync + 'static {}
impl<S: Sleeper<Sleep: Send> + Send + Sync + 'static> Timer for S {}
pub(super) trait Classifier: ErrorClassifier<Refused> + Send + Sync + 'static {}
impl<C: ErrorClassifier<Refused> + Send + Sync + 'static> Classifier for C {}
pub(super) trait Observed: ObserveError<Refused> + Send + Sync + 'static {}
impl<O: ObserveError<Refused> + Send + Sync + 'static> Observed for O {}

type Data = retry_core::Policy;
type Boxed = Box<dyn RetryPolicy + Send + Sync>;

pub(super) const POLICY: Data = Data::exponential(BASE, CAP).jitter(Law::FULL).attempts(ATTEMPTS);

/// The same with a policy of its own for one class.
const BY_CLASS: Data = POLICY.on_class(Retryable::Throttled, &SLOW);
static SLOW: Data = Data::constant(CAP).attempts(4);

/// A classifier with three answers, one of them with a hint. The scripts only ever reach the first.
#[inline]
fn three_ways(error: &Refused) -> Verdict {
    match error.0 {
        0..1_000_000 => Verdict::TRANSIENT,
        1_000_000 => Verdict::THROTTLED.after(CAP),
        _ => Verdict::PERMANENT,
    }
}

pub(super) fn plain<S>(time: S) -> &'static Retry<Data, S> {
    held(Retry::with_sleeper(POLICY, time))
}

/// For what keeps the retrier itself.
pub(super) fn owned<S>(time: S) -> Retry<Data, S> {
    Retry::with_sleeper(POLICY, time)
}

pub(super) fn observed<S>(time: S) -> &'static Retry<Data, S, AnyError, Counts> {
    held(Retry::with_sleeper(POLICY, time).observe(Counts::default()))
}

pub(super) fn boxed<S>(time: S) -> &'static Retry<Boxed, S> {
    held(Retry::with_sleeper(POLICY.boxed(), time))
}

pub(super) fn boxed_observed<S>(time: S) -> &'static Retry<Boxed, S, AnyError, Counts> {
    held(Retry::with_sleeper(POLICY.boxed(), time).observe(Counts::default()))
}

pub(super) fn classes<S>(time: S) -> &'static Retry<Data, S, impl Classifier> {
    held(Retry::with_sleeper(BY_CLASS, time).classify(classify_fn(three_ways)))
}

pub(super) fn observed_classes<S>(time: S) -> &'static Retry<Data, S, impl Classifier, Counts> {
    held(Retry::with_sleeper(BY_CLASS, time).classify(classify_fn(three_ways)).observe(Counts::default()))
}

pub(super) fn timed<S>(time: S) -> &'static Retry<Data, S, AnyError, (), With<Limits, (), (), ()>> {
    held(Retry::with_sleeper(POLICY, time).timeout(Duration::from_secs(1)))
}
