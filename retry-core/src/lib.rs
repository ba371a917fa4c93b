//! Retry policies as plain data, and drivers that run any async or blocking function by them.
//!
//! ```
//! use retry_core::{Law, Policy, Retry, Verdict, classify_fn};
//! use std::io::{Error, ErrorKind};
//! use std::time::Duration;
//!
//! # async fn fetch() -> Result<u32, Error> { Ok(200) }
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let policy = Policy::exponential(Duration::from_millis(100), Duration::from_secs(20)).jitter(Law::FULL).attempts(5);
//! let retry = Retry::new(policy).classify(classify_fn(|error: &Error| match error.kind() {
//!     ErrorKind::PermissionDenied => Verdict::PERMANENT,
//!     _ => Verdict::TRANSIENT,
//! }));
//! assert_eq!(retry.call(|| fetch()).await.unwrap(), 200);
//! # }
//! ```
//!
//! A policy can be text as well, in both directions; [`grammar`] has all of it.
//!
//! ```
//! use retry_core::{Law, Policy};
//! use std::time::Duration;
//!
//! let policy: Policy = "exp 100ms..20s full, 5 attempts".parse()?;
//! assert_eq!(
//!     policy,
//!     Policy::exponential(Duration::from_millis(100), Duration::from_secs(20)).jitter(Law::FULL).attempts(5)
//! );
//! # Ok::<(), retry_core::ParseError>(())
//! ```
//!
//! # How the parts fit
//!
//! | part | question | type |
//! |---|---|---|
//! | classifier | what was this error? | [`ErrorClassifier`]: error to [`Verdict`] |
//! | policy | again, and when? | [`RetryPolicy`]: [`Failure`] to [`Decision`]; [`Policy`] is the one that is plain data |
//! | schedule | how long is the n-th delay? | [`Backoff`]; [`Schedule`] holds the engine's own |
//! | jitter | how is it spread? | [`Jitter`]; [`Law`] holds the engine's own |
//! | driver | who calls, waits and counts? | [`Retry`] and its doors, all over one [`Session`] |
//! | time | what time is it, and how does one wait? | [`Clock`], [`Sleeper`], [`BlockingSleeper`] |
//! | observer | who wants to know? | [`Observer`], [`ObserveError`] |
//! | preview | what would a run do? | [`Policy::plan`], [`Preview`]; [`Policy::bounds`] for what none exceeds |
//!
//! A verdict says of what [`Class`] a failure is, whether it may have taken [`Effect`], what [`Scope`] it has and what the peer
//! itself asked for ([`Hint`]). A run that ends without success is a [`GaveUp`]: why, after how many attempts, how long, and
//! the last error, whole.
//!
//! Which door to take: see [`Retry`]. What a future loses when it is dropped: see *Cancel safety* at each.
//!
//! # Features
//!
//! `tokio` (default), `futures-timer`, `thread`, `stream`, `tower`, `serde`, `tracing`, `metrics`, `simulate`, `test-util`: each is
//! explained in the manifest. None changes what the others do.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod attempt;
mod backoff;
mod backoff_policy;
mod bounds;
mod breaker;
mod budget;
mod call;
mod classify;
mod clock;
mod combine;
mod decision;
mod destination;
mod entropy;
mod extra;
mod failure;
mod gave_up;
mod grant;
mod hint;
mod history;
mod invalid;
mod jitter;
mod limit;
mod limited_policy;
mod nap;
mod node;
mod observe;
mod pace;
mod plan;
mod policy;
mod put_off;
mod ratio;
mod reject;
mod retry;
mod retry_policy;
mod run;
mod schedule;
mod sealed;
mod session;
#[cfg(feature = "simulate")]
pub mod simulate;
mod stop;
mod stop_reason;
#[cfg(feature = "stream")]
mod stream;
#[cfg(feature = "test-util")]
pub mod test_util;
mod text;
mod time;
#[cfg(feature = "tower")]
pub mod tower;
mod verdict;
mod wrapped;

pub use attempt::Attempt;
pub use backoff::{
    Backoff, ByAge, Capped, Constant, Decorrelated, DecorrelatedV2, Exponential, Fibonacci, Floored, Interval,
    Jittered, Linear, Polynomial, Scaled, Segment, Segments, Staggered, Take, Then,
};
pub use backoff_policy::BackoffPolicy;
pub use bounds::Bounds;
pub use breaker::{Breaker, BreakerRule, BreakerState, Guarded};
pub use budget::{AwsQuota, BudgetRule, Budgeted, Charge, DrawOnly, GrpcThrottle, RetryBudget, SuccessBudget, Under};
pub use call::{Call, NoArg, Operation, WithAttempt};
pub use classify::{
    AnyError, BoxedSource, BySelf, Classified, ClassifyFn, ClassifySource, ErrorClassifier, ErrorObject, OrElse,
    classify_fn, classify_source, retry_if,
};
#[cfg(feature = "thread")]
pub use clock::ThreadSleeper;
pub use clock::{BlockingSleeper, BoxSleep, BoxSleeper, Clock, SeededSleeper, Sleeper};
#[cfg(feature = "futures-timer")]
pub use clock::{FuturesTimerSleep, FuturesTimerSleeper};
#[cfg(feature = "tokio")]
pub use clock::{TokioSleep, TokioSleeper};
pub use combine::{And, AtMostOnce, ForClass, Never, OrElsePolicy};
pub use decision::{Because, Decision, Wait};
pub use destination::{Destination, DestinationRule, Destinations, SuccessAverage, Toward};
pub use entropy::{Entropy, Seeded, ThreadEntropy};
pub use extra::{Extra, Plain, With};
pub use failure::Failure;
pub use gave_up::{GaveUp, Last};
pub use grant::Grant;
pub use hint::{Hint, HintRule, HintSource};
pub use history::{Entry, History, Keep};
pub use invalid::Invalid;
pub use jitter::{Additive, Equal, Full, Jitter, Law, Proportional};
pub use limit::{Cut, Limit, Limits, Timed, Uncut};
pub use limited_policy::{BudgetShare, LimitedPolicy};
#[cfg(feature = "metrics")]
pub use observe::MetricsObserver;
#[cfg(feature = "tracing")]
pub use observe::TracingObserver;
pub use observe::{Failed, ObserveError, Observer, Scheduled, Started, Stopped, Succeeded, What};
pub use pace::{Aimd, AimdLimit, Cubic, CubicCurve, Paced, Pacer, RateMeter, TokenBucket};
pub use plan::{Figure, Plan, Planned, Preview, Spread};
pub use policy::{Policy, Retryable};
pub use ratio::Ratio;
pub use reject::{Reject, RejectFn};
#[cfg(feature = "tokio")]
pub use retry::retry;
#[cfg(feature = "thread")]
pub use retry::retry_blocking;
pub use retry::{LimitedRetry, Retry};
pub use retry_policy::{Admission, Needs, Outcome, RetryPolicy};
pub use run::{Run, Waiting};
pub use schedule::{Nested, Schedule};
pub use session::Session;
pub use stop::{StopFn, StopSignal};
pub use stop_reason::StopReason;
#[cfg(feature = "stream")]
pub use stream::Reopening;
pub use text::{ParseError, ParseErrorKind, PolicyNames, PolicyTable};
pub use time::Time;
pub use verdict::{Class, Effect, Scope, Verdict};

/// The text form of policies: its grammar, its limits, what its parts mean.
#[doc = include_str!("text/grammar.md")]
#[cfg_attr(feature = "serde", doc = include_str!("text/map.md"))]
pub mod grammar {}

/// The examples of the README, compiled and run.
#[cfg(all(doctest, feature = "tokio"))]
#[doc = include_str!("../../README.md")]
struct Readme;
