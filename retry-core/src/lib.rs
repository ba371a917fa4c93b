//! Retry policies as plain data, and drivers that run any async or blocking function by them.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod attempt;
mod backoff;
mod backoff_policy;
mod call;
mod classify;
mod clock;
mod combine;
mod decision;
mod entropy;
mod extra;
mod failure;
mod gave_up;
mod hint;
mod history;
mod invalid;
mod jitter;
mod limit;
mod nap;
mod node;
mod observe;
mod policy;
mod ratio;
mod reject;
mod retry;
mod retry_policy;
mod run;
mod schedule;
mod sealed;
mod session;
mod stop;
mod stop_reason;
#[cfg(feature = "stream")]
mod stream;
#[cfg(feature = "test-util")]
pub mod test_util;
mod time;
mod verdict;

pub use attempt::Attempt;
pub use backoff::{
    Backoff, ByAge, Capped, Constant, Decorrelated, DecorrelatedV2, Exponential, Fibonacci, Floored, Interval,
    Jittered, Linear, Polynomial, Scaled, Segment, Segments, Staggered, Take, Then,
};
pub use backoff_policy::BackoffPolicy;
pub use call::{Call, NoArg, Operation, WithAttempt};
pub use classify::{
    AnyError, BoxedSource, BySelf, Classified, ClassifyFn, ClassifySource, ErrorClassifier, ErrorObject, OrElse,
    classify_fn, classify_source,
};
#[cfg(feature = "futures-timer")]
pub use clock::FuturesTimerSleeper;
#[cfg(feature = "thread")]
pub use clock::ThreadSleeper;
#[cfg(feature = "tokio")]
pub use clock::TokioSleeper;
pub use clock::{BlockingSleeper, BoxSleep, BoxSleeper, Clock, SeededSleeper, Sleeper};
pub use combine::{And, AtMostOnce, ForClass, Never, OrElsePolicy};
pub use decision::{Because, Decision, Wait};
pub use entropy::{Entropy, Seeded, ThreadEntropy};
pub use extra::{Extra, Plain, With};
pub use failure::Failure;
pub use gave_up::{GaveUp, Last};
pub use hint::{Hint, HintRule, HintSource};
pub use history::{Entry, History, Keep};
pub use invalid::Invalid;
pub use jitter::{Additive, Equal, Full, Jitter, Law, Proportional};
pub use limit::{Cut, Limit, Limits, Timed, Uncut};
#[cfg(feature = "metrics")]
pub use observe::MetricsObserver;
#[cfg(feature = "tracing")]
pub use observe::TracingObserver;
pub use observe::{Failed, ObserveError, Observer, Scheduled, Started, Stopped, Succeeded, What};
pub use policy::{Policy, Retryable};
pub use ratio::Ratio;
pub use reject::{Reject, RejectFn};
pub use retry::Retry;
#[cfg(feature = "tokio")]
pub use retry::retry;
#[cfg(feature = "thread")]
pub use retry::retry_blocking;
pub use retry_policy::{Admission, Needs, Outcome, RetryPolicy};
pub use run::{Run, Waiting};
pub use schedule::{Nested, Schedule};
pub use session::Session;
pub use stop::{StopFn, StopSignal};
pub use stop_reason::StopReason;
#[cfg(feature = "stream")]
pub use stream::Reopening;
pub use time::Time;
pub use verdict::{Class, Effect, Scope, Verdict};
