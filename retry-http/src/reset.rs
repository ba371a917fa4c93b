//! Vendors' headers that say when a limit resets.

use std::time::{Duration, SystemTime};

use crate::InvalidHeader;
use crate::http_date::{clamped, until};
use crate::number::{digits, text};

/// How a reset header counts: `X-RateLimit-Reset` is seconds with one vendor and a Unix time with the next.
///
/// ```
/// use retry_http::ResetFormat;
/// use std::time::{Duration, SystemTime};
///
/// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
/// assert_eq!(ResetFormat::Seconds.delay("5", now), Ok(Duration::from_secs(5)));
/// assert_eq!(ResetFormat::UnixSeconds.delay("1000000005", now), Ok(Duration::from_secs(5)));
/// assert_eq!(ResetFormat::Detect.delay("1000000005", now), Ok(Duration::from_secs(5)));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ResetFormat {
    /// Seconds from now.
    Seconds,
    /// Milliseconds from now, as `retry-after-ms` and `x-amz-retry-after` have them.
    Millis,
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMillis,
    /// By size: below 10^9 (31 years; as a date, September 2001) seconds from now, below 10^12 seconds since 1970, else
    /// milliseconds since 1970.
    #[default]
    Detect,
}

impl ResetFormat {
    /// The wait from `now`, at most 584 years.
    ///
    /// Only whole numbers count, as with Envoy's reset headers; a fraction of zeros alone, as in `5.0`, does not either.
    ///
    /// # Errors
    /// [`InvalidHeader::Empty`], [`InvalidHeader::NoDelay`], and [`InvalidHeader::Past`] for a moment before `now`: a limit
    /// that has reset is none, and a clock that is wrong tells nothing.
    ///
    /// ```
    /// # use retry_http::{InvalidHeader, ResetFormat};
    /// # use std::time::{Duration, SystemTime};
    /// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    /// assert_eq!(ResetFormat::UnixSeconds.delay("1000000000", now), Ok(Duration::ZERO));
    /// assert_eq!(ResetFormat::UnixSeconds.delay("999999999", now), Err(InvalidHeader::Past));
    /// assert_eq!(ResetFormat::Seconds.delay("2.5", now), Err(InvalidHeader::NoDelay));
    /// assert_eq!(ResetFormat::Millis.delay("1500", now), Ok(Duration::from_millis(1500)));
    /// ```
    pub fn delay(self, value: impl AsRef<[u8]>, now: SystemTime) -> Result<Duration, InvalidHeader> {
        let number = digits(text(value.as_ref())?).ok_or(InvalidHeader::NoDelay)?;
        match self {
            Self::Seconds => Ok(clamped(Duration::from_secs(number))),
            Self::Millis => Ok(clamped(Duration::from_millis(number))),
            Self::UnixSeconds => since_epoch(Duration::from_secs(number), now),
            Self::UnixMillis => since_epoch(Duration::from_millis(number), now),
            Self::Detect if number < 1_000_000_000 => Ok(Duration::from_secs(number)),
            Self::Detect if number < 1_000_000_000_000 => since_epoch(Duration::from_secs(number), now),
            Self::Detect => since_epoch(Duration::from_millis(number), now),
        }
    }
}

fn since_epoch(offset: Duration, now: SystemTime) -> Result<Duration, InvalidHeader> {
    // What no clock can show is as far away as can be.
    let Some(then) = SystemTime::UNIX_EPOCH.checked_add(offset) else {
        return Ok(clamped(Duration::MAX));
    };
    if then < now { Err(InvalidHeader::Past) } else { Ok(until(then, now)) }
}
