//! Retries HTTP requests rightly.
//!
//! A retry of a request is easy to get wrong in three ways: what will never succeed is sent again and again, what the server
//! may have done already is done twice, and a server that asks for time gets none. This crate knows which failure is which,
//! and leaves the waiting to [`retry_core`].
//!
//! | question | answer |
//! |---|---|
//! | What was that, and may I send it again? | [`HttpClassifier`] judges an [`Exchange`]: a [`Judgement`] |
//! | Which statuses and methods are retried? | [`Rules`]: our own, or those of urllib3, AWS, .NET, HashiCorp |
//! | When may I come back? | [`next_allowed`], [`RetryAfter`], [`RateLimit`], [`ResetFormat`], [`PushBack`] |
//! | How is a POST made safe to repeat? | [`IdempotencyKey`], [`KeyOutcome`] |
//! | How do I switch this on for `reqwest`? | feature `reqwest`: `reqwest::RetryClient`, and `send_with` on request builders |
//! | ... for a client of `tower`? | feature `tower`: `tower::RetryLayer` |
//! | What keeps retries from flooding a host? | those features: `Guards`, a budget for each; a pacer and a breaker where asked |
//! | What does my email provider mean by that? | [`Provider`]: nine of them, as data with sources |
//!
//! # Examples
//! ```
//! use http::HeaderMap;
//! use retry_core::{GaveUp, Law, Policy, Retry, RetryPolicy, StopReason, ThreadSleeper};
//! use retry_http::{Exchange, HttpClassifier};
//! use std::time::{Duration, SystemTime};
//!
//! // An answer as your client gives it; any client will do.
//! struct Answer(u16, HeaderMap);
//! fn send() -> Result<Answer, std::convert::Infallible> {
//!     Ok(Answer(503, HeaderMap::new()))
//! }
//!
//! let classifier = HttpClassifier::new();
//! let policy = Policy::exponential(Duration::from_millis(1), Duration::from_secs(20)).jitter(Law::FULL).attempts(3);
//! // At most once: a POST whose first copy may have been processed is not sent again.
//! let retry = Retry::with_sleeper(policy.at_most_once(), ThreadSleeper).reject(move |answer: &Answer| {
//!     let exchange = Exchange::answer("POST", answer.0, &answer.1, SystemTime::UNIX_EPOCH);
//!     classifier.judge(&exchange).map(|judgement| judgement.for_policy())
//! });
//! let end: GaveUp<_, _> = retry.call_blocking(send).err().unwrap();
//! assert_eq!((end.reason, end.attempts), (StopReason::UnknownOutcome, 1));
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod category;
mod category_limits;
mod classifier;
mod confidence;
mod exchange;
mod exhausted;
mod fault;
mod http_date;
mod idempotency;
mod invalid_header;
mod judgement;
mod methods;
mod next_allowed;
mod number;
mod provider;
mod push_back;
mod rate_limit;
mod reason;
#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub mod reqwest;
mod reset;
mod retry_after;
mod rules;
#[cfg(any(feature = "reqwest", feature = "tower"))]
mod send;
mod spent_on;
mod status;
mod status_set;
mod tally;
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub mod tower;
mod wall_clock;

pub use category::Category;
pub use category_limits::CategoryLimits;
pub use classifier::HttpClassifier;
pub use confidence::Confidence;
pub use exchange::Exchange;
pub(crate) use exchange::Seen;
pub use exhausted::Exhausted;
pub use fault::{Fault, UnknownFault};
pub use http;
pub use idempotency::{IdempotencyKey, InvalidKey, KeyOutcome};
pub use invalid_header::InvalidHeader;
pub use judgement::{Action, Judgement};
pub use methods::Methods;
pub use next_allowed::{ResetHeaders, next_allowed};
pub use provider::{KeyPlace, Provider};
pub use push_back::PushBack;
pub use rate_limit::{RateLimit, RateLimitPolicy};
pub use reason::Reason;
pub use reset::ResetFormat;
pub use retry_after::RetryAfter;
pub use rules::Rules;
#[cfg(any(feature = "reqwest", feature = "tower"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "reqwest", feature = "tower"))))]
pub use send::{Ended, FailedAttempt, Guards, HttpRetry, Retried, RetryError};
pub use spent_on::SpentOn;
pub use status_set::StatusSet;
pub use tally::Tally;
pub use wall_clock::time_of_day;
