//! What an answer's headers say about when to come back.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::DATE;
use retry_core::{Hint, HintSource};

use crate::{ResetFormat, RetryAfter, http_date, rate_limit};

/// A vendor's pair of headers: what is left, and when the limit resets.
///
/// ```
/// use retry_http::{ResetFormat, ResetHeaders};
///
/// const BREVO: ResetHeaders =
///     ResetHeaders::new("x-sib-ratelimit-remaining", "x-sib-ratelimit-reset", ResetFormat::Seconds);
/// assert_eq!(BREVO.format, ResetFormat::Seconds);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ResetHeaders {
    /// The header that says how much is left.
    pub remaining: &'static str,
    /// The header that says when it resets.
    pub reset: &'static str,
    /// How the latter counts.
    pub format: ResetFormat,
}

impl ResetHeaders {
    /// A pair, by lower-case names.
    ///
    /// ```
    /// # use retry_http::{ResetFormat, ResetHeaders};
    /// let github = ResetHeaders::new("x-ratelimit-remaining", "x-ratelimit-reset", ResetFormat::UnixSeconds);
    /// assert_eq!(github.reset, "x-ratelimit-reset");
    /// ```
    #[must_use]
    pub const fn new(remaining: &'static str, reset: &'static str, format: ResetFormat) -> Self {
        Self { remaining, reset, format }
    }

    fn state(&self, headers: &HeaderMap, now: SystemTime) -> State {
        let left = headers.get(self.remaining).and_then(|value| ResetFormat::Seconds.delay(value, now).ok());
        let reset = || headers.get(self.reset).and_then(|value| self.format.delay(value, now).ok());
        match left {
            Some(left) if !left.is_zero() => State::Open,
            Some(_) => reset().map_or(State::Silent, State::Exhausted),
            None => reset().map_or(State::Silent, State::Unsure),
        }
    }
}

/// What one limit says.
enum State {
    Silent,
    Open,
    /// When it resets, but not whether anything is left.
    Unsure(Duration),
    Exhausted(Duration),
}

/// The names most vendors use; the first that says anything decides.
const COMMON: &[ResetHeaders] = &[
    ResetHeaders::new("ratelimit-remaining", "ratelimit-reset", ResetFormat::Detect),
    ResetHeaders::new("x-ratelimit-remaining", "x-ratelimit-reset", ResetFormat::Detect),
    ResetHeaders::new("x-rate-limit-remaining", "x-rate-limit-reset", ResetFormat::Detect),
];

/// Headers that name a delay, and how they count.
pub(crate) type Delays = &'static [(&'static str, ResetFormat)];

/// Retry-After in milliseconds, as Azure and its kin send it beside the header proper.
const IN_MILLIS: &[&str] = &["retry-after-ms", "x-ms-retry-after-ms"];

/// How long an answer's headers ask to wait before the next request; `None` where they say nothing.
///
/// The first of these that says anything decides:
///
/// 1. `retry-after-ms`, `x-ms-retry-after-ms`;
/// 2. `Retry-After`, which takes precedence over RateLimit (the RateLimit draft, "Retry-After");
/// 3. `RateLimit`: zero while every limit has something left, else the longest reset of those that have not;
/// 4. `RateLimit-Remaining` with `-Reset` (draft 06), `X-RateLimit-…` and `X-Rate-Limit-…`, in seconds or Unix time
///    ([`ResetFormat::Detect`]): zero while something is left, else the reset; without the first header, the reset.
///
/// What is malformed counts as absent. Dates and Unix times are compared with the answer's own `Date`, where it has one, and
/// else with `now`: so it does not matter if the two clocks differ. A date or Unix time that is past counts as zero in
/// Retry-After, and as absent in the others.
///
/// ```
/// use http::HeaderMap;
/// use retry_http::next_allowed;
/// use std::time::{Duration, SystemTime};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("ratelimit", r#""default";r=0;t=50"#.parse()?);
/// assert_eq!(next_allowed(&headers, SystemTime::UNIX_EPOCH), Some(Duration::from_secs(50)));
/// headers.insert("retry-after", "20".parse()?);
/// assert_eq!(next_allowed(&headers, SystemTime::UNIX_EPOCH), Some(Duration::from_secs(20)));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
///
/// # Example: the server's clock is an hour ahead
/// ```
/// use http::HeaderMap;
/// use retry_http::next_allowed;
/// use std::time::{Duration, SystemTime};
///
/// let ours = SystemTime::UNIX_EPOCH + Duration::from_secs(784_108_177);
/// let mut headers = HeaderMap::new();
/// headers.insert("date", "Sun, 06 Nov 1994 08:49:37 GMT".parse()?);
/// headers.insert("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT".parse()?);
/// assert_eq!(next_allowed(&headers, ours), Some(Duration::from_secs(10)));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[must_use]
pub fn next_allowed(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let now = server_time(headers).unwrap_or(now);
    explicit(headers, now).or_else(|| rate_limit::wait(headers)).or_else(|| {
        COMMON.iter().find_map(|limit| match limit.state(headers, now) {
            State::Silent => None,
            State::Open => Some(Duration::ZERO),
            State::Unsure(reset) | State::Exhausted(reset) => Some(reset),
        })
    })
}

/// The hint for a failed request: as [`next_allowed`], but a limit that is open is no hint, and one that does not say whether
/// anything is left counts for a throttled request only. The headers of a rule set or provider are asked before the common
/// ones.
pub(crate) fn hint(
    headers: &HeaderMap,
    now: SystemTime,
    throttled: bool,
    delays: Delays,
    own: &[ResetHeaders],
) -> Option<Hint> {
    let now = server_time(headers).unwrap_or(now);
    let by_name = delays.iter().find_map(|(name, format)| format.delay(headers.get(*name)?, now).ok());
    if let Some(wait) = by_name.or_else(|| explicit(headers, now)) {
        return Some(Hint::new(wait, HintSource::RetryAfter));
    }
    let by_field = rate_limit::wait(headers).filter(|wait| !wait.is_zero());
    let by_vendor = || {
        own.iter().chain(COMMON).find_map(|limit| match limit.state(headers, now) {
            State::Exhausted(reset) => Some(reset),
            State::Unsure(reset) if throttled => Some(reset),
            _ => None,
        })
    };
    by_field.or_else(by_vendor).map(|wait| Hint::new(wait, HintSource::RateLimit))
}

/// Whether a limit says that nothing is left.
pub(crate) fn is_exhausted(headers: &HeaderMap, now: SystemTime) -> bool {
    rate_limit::wait(headers).is_some_and(|wait| !wait.is_zero())
        || COMMON.iter().any(|limit| matches!(limit.state(headers, now), State::Exhausted(_)))
}

/// Whether the server named a delay itself.
pub(crate) fn has_retry_after(headers: &HeaderMap, now: SystemTime) -> bool {
    explicit(headers, now).is_some()
}

fn explicit(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let in_millis = IN_MILLIS.iter().find_map(|name| ResetFormat::Millis.delay(headers.get(*name)?, now).ok());
    in_millis.or_else(|| Some(RetryAfter::of(headers)?.ok()?.delay(now)))
}

fn server_time(headers: &HeaderMap) -> Option<SystemTime> {
    http_date::parse(headers.get(DATE)?.to_str().ok()?)
}
