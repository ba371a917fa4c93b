//! gRPC's push-back.

use std::time::Duration;

use http::HeaderMap;

use crate::number::text;

/// What `grpc-retry-pushback-ms` says (gRFC A6): wait so long, or do not retry.
///
/// The value is one signed 32-bit number of milliseconds. What is negative, unparsable or given twice means "do not retry",
/// as A6 demands; that a proxy takes it for "no hint" (Linkerd does) is not reproduced.
///
/// ```
/// use retry_http::PushBack;
/// use std::time::Duration;
///
/// assert_eq!(PushBack::parse(["5000"]), Some(PushBack::Delay(Duration::from_secs(5))));
/// assert_eq!(PushBack::parse(["-1"]), Some(PushBack::DoNotRetry));
/// assert_eq!(PushBack::parse(["xxx"]), Some(PushBack::DoNotRetry));
/// assert_eq!(PushBack::parse(["100", "10"]), Some(PushBack::DoNotRetry));
/// assert_eq!(PushBack::parse([""; 0]), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "what A6 knows")]
pub enum PushBack {
    /// Try again after this.
    Delay(Duration),
    /// Do not try again.
    DoNotRetry,
}

impl PushBack {
    /// The header's name.
    ///
    /// ```
    /// assert_eq!(retry_http::PushBack::HEADER, "grpc-retry-pushback-ms");
    /// ```
    pub const HEADER: &'static str = "grpc-retry-pushback-ms";

    /// Reads every value the header has; `None` where it has none.
    ///
    /// ```
    /// # use retry_http::PushBack;
    /// # use std::time::Duration;
    /// assert_eq!(PushBack::parse([" 0 "]), Some(PushBack::Delay(Duration::ZERO)));
    /// ```
    pub fn parse<V: AsRef<[u8]>>(values: impl IntoIterator<Item = V>) -> Option<Self> {
        let mut values = values.into_iter();
        let first = values.next()?;
        let millis =
            text(first.as_ref()).ok().filter(|text| !text.starts_with('+')).and_then(|text| text.parse::<i32>().ok());
        match (millis.map(u64::try_from), values.next()) {
            (Some(Ok(millis)), None) => Some(Self::Delay(Duration::from_millis(millis))),
            _ => Some(Self::DoNotRetry),
        }
    }

    /// Reads it from headers or trailers.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::PushBack;
    /// let mut trailers = HeaderMap::new();
    /// assert_eq!(PushBack::of(&trailers), None);
    /// trailers.insert(PushBack::HEADER, "-1".parse()?);
    /// assert_eq!(PushBack::of(&trailers), Some(PushBack::DoNotRetry));
    /// # Ok::<(), http::header::InvalidHeaderValue>(())
    /// ```
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        Self::parse(headers.get_all(Self::HEADER))
    }
}
