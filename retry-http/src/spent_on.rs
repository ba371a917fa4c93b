//! What a retry is spent on.

use std::fmt;

use crate::{Category, Exchange, Fault, Seen};

/// What a retry is spent on.
///
/// ```
/// use retry_http::{Category, SpentOn};
///
/// assert_eq!(SpentOn::Status(503).category(), Some(Category::Status));
/// assert_eq!(SpentOn::Unknown.category(), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SpentOn {
    /// No whole answer.
    Fault(Fault),
    /// An answer with this status.
    Status(u16),
    /// A redirect.
    Redirect,
    /// Nobody knows; counts in total only.
    Unknown,
}

impl SpentOn {
    /// Where it counts beside the total.
    ///
    /// ```
    /// # use retry_http::{Category, SpentOn};
    /// assert_eq!(SpentOn::Redirect.category(), Some(Category::Redirect));
    /// ```
    #[must_use]
    pub fn category(self) -> Option<Category> {
        match self {
            Self::Fault(fault) => Some(fault.into()),
            Self::Status(_) => Some(Category::Status),
            Self::Redirect => Some(Category::Redirect),
            Self::Unknown => None,
        }
    }
}

impl From<&Exchange<'_>> for SpentOn {
    fn from(exchange: &Exchange<'_>) -> Self {
        match exchange.seen {
            Seen::Fault(fault) => Self::Fault(fault),
            Seen::Answer(0, _) => Self::Unknown,
            Seen::Answer(status, _) => Self::Status(status),
        }
    }
}

impl fmt::Display for SpentOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(f),
            Self::Status(status) => write!(f, "too many {status} error responses"),
            Self::Redirect => f.write_str("too many redirects"),
            Self::Unknown => f.write_str("too many error responses"),
        }
    }
}
