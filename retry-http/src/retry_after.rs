//! Retry-After.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::InvalidHeader;
use crate::http_date::{clamped, parse, until};
use crate::number::{digits, text};

/// What a Retry-After header says (RFC 9110 section 10.2.3): so many seconds, or a date.
///
/// Seconds are ASCII digits alone: no sign, no fraction, no unit. What is too great for the engine saturates at 584 years, so
/// that the policy's greatest hint decides about it. Dates may have any of the three forms of RFC 9110, and a day of one
/// digit or the zone UTC, as many servers send them; asctime is UTC whatever the local zone. White space around is ignored.
///
/// ```
/// use retry_http::RetryAfter;
/// use std::time::{Duration, SystemTime};
///
/// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_700);
/// assert_eq!(RetryAfter::parse("120").unwrap().delay(now), Duration::from_secs(120));
/// assert_eq!(RetryAfter::parse("Sun, 06 Nov 1994 08:49:37 GMT").unwrap().delay(now), Duration::from_secs(77));
/// assert!(RetryAfter::parse("1.5").is_err());
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the grammar of RFC 9110 has two forms")]
pub enum RetryAfter {
    /// So long after the answer.
    Delay(Duration),
    /// Not before this.
    At(SystemTime),
}

impl RetryAfter {
    /// Reads a header's value.
    ///
    /// # Errors
    /// [`InvalidHeader::Empty`] and [`InvalidHeader::NoDelay`].
    ///
    /// ```
    /// # use retry_http::{InvalidHeader, RetryAfter};
    /// # use std::time::Duration;
    /// assert_eq!(RetryAfter::parse("\t42 "), Ok(RetryAfter::Delay(Duration::from_secs(42))));
    /// assert_eq!(RetryAfter::parse(""), Err(InvalidHeader::Empty));
    /// assert_eq!(RetryAfter::parse("-2"), Err(InvalidHeader::NoDelay));
    /// ```
    pub fn parse(value: impl AsRef<[u8]>) -> Result<Self, InvalidHeader> {
        let text = text(value.as_ref())?;
        match digits(text) {
            Some(seconds) => Ok(Self::Delay(clamped(Duration::from_secs(seconds)))),
            None => parse(text).map(Self::At).ok_or(InvalidHeader::NoDelay),
        }
    }

    /// Reads the first such header; `None` without one. Where there are two, the first counts.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    ///
    /// ```
    /// # use http::{HeaderMap, header::RETRY_AFTER};
    /// # use retry_http::RetryAfter;
    /// # use std::time::Duration;
    /// let mut headers = HeaderMap::new();
    /// assert_eq!(RetryAfter::of(&headers), None);
    /// headers.append(RETRY_AFTER, "2".parse()?);
    /// headers.append(RETRY_AFTER, "3".parse()?);
    /// assert_eq!(RetryAfter::of(&headers), Some(Ok(RetryAfter::Delay(Duration::from_secs(2)))));
    /// # Ok::<(), http::header::InvalidHeaderValue>(())
    /// ```
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Result<Self, InvalidHeader>> {
        headers.get(RETRY_AFTER).map(Self::parse)
    }

    /// The wait from `now`; zero for a date that is past, at most 584 years. For a limit of your own, take
    /// [`min`](Ord::min) with it.
    ///
    /// ```
    /// # use retry_http::RetryAfter;
    /// # use std::time::{Duration, SystemTime};
    /// let year_9999 = RetryAfter::parse("Fri, 31 Dec 9999 23:59:59 GMT").unwrap();
    /// assert_eq!(year_9999.delay(SystemTime::UNIX_EPOCH), Duration::from_nanos(u64::MAX));
    /// assert_eq!(RetryAfter::At(SystemTime::UNIX_EPOCH).delay(year_2026()), Duration::ZERO);
    /// # fn year_2026() -> SystemTime { SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600) }
    /// ```
    #[must_use]
    pub fn delay(self, now: SystemTime) -> Duration {
        match self {
            Self::Delay(delay) => delay,
            Self::At(then) => until(then, now),
        }
    }
}
