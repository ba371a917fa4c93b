//! Header values that mean nothing.

/// Why a header's value is of no use. A client takes it as if it were not there (RFC 9110 section 5.5 and the RateLimit draft:
/// a malformed field is ignored).
///
/// ```
/// use retry_http::{InvalidHeader, RetryAfter};
///
/// assert_eq!(RetryAfter::parse("soon"), Err(InvalidHeader::NoDelay));
/// assert_eq!(InvalidHeader::NoDelay.to_string(), "neither a whole number nor an HTTP date; go by the schedule");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHeader {
    /// Nothing in it.
    #[error("the value is empty; go by the schedule")]
    Empty,
    /// No delay in any form that the field has.
    #[error("neither a whole number nor an HTTP date; go by the schedule")]
    NoDelay,
    /// A moment that is over, where the field names the end of something that still lasts.
    #[error("the moment is past; go by the schedule")]
    Past,
    /// No structured field (RFC 9651), or without the parameters that it must have.
    #[error("not a list of named limits as the RateLimit fields have; go by the schedule")]
    NoLimits,
}
