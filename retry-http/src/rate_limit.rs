//! The IETF RateLimit fields.

use std::time::Duration;

use http::HeaderMap;
use sfv::{Dictionary, Item, List, ListEntry, Parser};

use crate::InvalidHeader;

/// One limit of a `RateLimit` field (draft-ietf-httpapi-ratelimit-headers): what is left of it now.
///
/// ```
/// use retry_http::RateLimit;
/// use std::time::Duration;
///
/// let limits = RateLimit::parse(r#""default";r=0;t=50"#)?;
/// assert_eq!((limits[0].name.as_str(), limits[0].remaining), ("default", 0));
/// assert_eq!(limits[0].resets, Some(Duration::from_secs(50)));
/// # Ok::<(), retry_http::InvalidHeader>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The name of its policy.
    pub name: String,
    /// `r`: what may still be used.
    pub remaining: u64,
    /// `t`: in how long more becomes available.
    pub resets: Option<Duration>,
    /// `pk`: whose limit it is, in bytes that only the server understands.
    pub partition_key: Option<Vec<u8>>,
}

/// One policy of a `RateLimit-Policy` field: what is granted in which time.
///
/// ```
/// use retry_http::RateLimitPolicy;
/// use std::time::Duration;
///
/// let policies = RateLimitPolicy::parse(r#""burst";q=100;w=60,"daily";q=1000;w=86400"#)?;
/// assert_eq!((policies[1].name.as_str(), policies[1].quota), ("daily", 1000));
/// assert_eq!(policies[1].window, Some(Duration::from_secs(86_400)));
/// # Ok::<(), retry_http::InvalidHeader>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct RateLimitPolicy {
    /// Its name.
    pub name: String,
    /// `q`: how much is granted.
    pub quota: u64,
    /// `w`: in which time.
    pub window: Option<Duration>,
    /// `qu`: what is counted; requests unless it is said.
    pub unit: Option<String>,
    /// `pk`: whose limit it is.
    pub partition_key: Option<Vec<u8>>,
}

impl RateLimit {
    /// Reads a value of the field. Also understood is the older form `limit=100, remaining=0, reset=50` (draft 07).
    ///
    /// # Errors
    /// [`InvalidHeader::NoLimits`]: no structured field, a name that is no string, no `r`, or a number below zero. Such a
    /// field is to be ignored as a whole.
    ///
    /// ```
    /// # use retry_http::{InvalidHeader, RateLimit};
    /// assert_eq!(RateLimit::parse(r#""default;r=0;t=50"#), Err(InvalidHeader::NoLimits));
    /// assert_eq!(RateLimit::parse("limit=100, remaining=3, reset=50")?[0].remaining, 3);
    /// # Ok::<(), InvalidHeader>(())
    /// ```
    pub fn parse(value: impl AsRef<[u8]>) -> Result<Vec<Self>, InvalidHeader> {
        let value = value.as_ref();
        match Parser::new(value).parse::<List>() {
            Ok(list) => list.iter().map(Self::from_entry).collect::<Option<_>>().ok_or(InvalidHeader::NoLimits),
            Err(_) => Self::from_draft_07(value).map(|limit| vec![limit]).ok_or(InvalidHeader::NoLimits),
        }
    }

    fn from_entry(entry: &ListEntry) -> Option<Self> {
        let item = named(entry)?;
        Some(Self {
            name: name(item)?,
            remaining: required(item, "r")?,
            resets: seconds(item, "t")?,
            partition_key: bytes(item, "pk")?,
        })
    }

    fn from_draft_07(value: &[u8]) -> Option<Self> {
        let fields = Parser::new(value).parse::<Dictionary>().ok()?;
        let number = |key| match fields.get(key) {
            Some(ListEntry::Item(item)) => u64::try_from(i64::from(item.bare_item.as_integer()?)).ok(),
            _ => None,
        };
        Some(Self {
            name: String::new(),
            remaining: number("remaining")?,
            resets: number("reset").map(Duration::from_secs),
            partition_key: None,
        })
    }
}

impl RateLimitPolicy {
    /// Reads a value of the field.
    ///
    /// # Errors
    /// [`InvalidHeader::NoLimits`]: no structured field, a name that is no string, no `q`, or a number below zero.
    ///
    /// ```
    /// # use retry_http::{InvalidHeader, RateLimitPolicy};
    /// let policies = RateLimitPolicy::parse(r#""peruser";q=100;w=60;pk=:AQI=:"#)?;
    /// assert_eq!(policies[0].partition_key.as_deref(), Some(&[1, 2][..]));
    /// # Ok::<(), InvalidHeader>(())
    /// ```
    pub fn parse(value: impl AsRef<[u8]>) -> Result<Vec<Self>, InvalidHeader> {
        let list: List = Parser::new(value.as_ref()).parse().map_err(|_| InvalidHeader::NoLimits)?;
        list.iter().map(Self::from_entry).collect::<Option<_>>().ok_or(InvalidHeader::NoLimits)
    }

    fn from_entry(entry: &ListEntry) -> Option<Self> {
        let item = named(entry)?;
        Some(Self {
            name: name(item)?,
            quota: required(item, "q")?,
            window: seconds(item, "w")?,
            unit: match item.params.get("qu") {
                None => None,
                Some(unit) => Some(unit.as_string()?.as_str().to_owned()),
            },
            partition_key: bytes(item, "pk")?,
        })
    }
}

/// How long the `RateLimit` fields ask to wait: the longest reset among exhausted limits, zero if none is exhausted, `None`
/// where they say nothing (no field, a malformed one, or no time with an exhausted limit).
pub(crate) fn wait(headers: &HeaderMap) -> Option<Duration> {
    let mut lines = headers.get_all("ratelimit").into_iter();
    let mut value = lines.next()?.as_bytes().to_vec();
    // RFC 9110 section 5.3: several lines are one list.
    for line in lines {
        value.extend_from_slice(b", ");
        value.extend_from_slice(line.as_bytes());
    }
    let limits = RateLimit::parse(value).ok().filter(|limits| !limits.is_empty())?;
    let mut exhausted = limits.iter().filter(|limit| limit.remaining == 0).peekable();
    match exhausted.peek() {
        None => Some(Duration::ZERO),
        Some(_) => exhausted.filter_map(|limit| limit.resets).max(),
    }
}

fn named(entry: &ListEntry) -> Option<&Item> {
    match entry {
        ListEntry::Item(item) => Some(item),
        ListEntry::InnerList(_) => None,
    }
}

fn name(item: &Item) -> Option<String> {
    Some(item.bare_item.as_string()?.as_str().to_owned())
}

fn required(item: &Item, key: &str) -> Option<u64> {
    u64::try_from(i64::from(item.params.get(key)?.as_integer()?)).ok()
}

/// `Some(None)`: absent. `None`: not a whole number of seconds.
fn seconds(item: &Item, key: &str) -> Option<Option<Duration>> {
    match item.params.get(key) {
        None => Some(None),
        Some(_) => required(item, key).map(|seconds| Some(Duration::from_secs(seconds))),
    }
}

/// `Some(None)`: absent. `None`: no bytes.
fn bytes(item: &Item, key: &str) -> Option<Option<Vec<u8>>> {
    match item.params.get(key) {
        None => Some(None),
        Some(value) => Some(Some(value.as_byte_sequence()?.to_vec())),
    }
}
