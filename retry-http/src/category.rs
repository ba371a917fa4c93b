//! Kinds of failure that are counted apart.

use crate::Fault;

/// The kinds of failure that urllib3 counts apart.
///
/// ```
/// use retry_http::{Category, Fault};
///
/// assert_eq!(Category::from(Fault::ConnectTimeout), Category::Connect);
/// assert_eq!(Category::from(Fault::Timeout), Category::Read);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Category {
    /// No connection.
    Connect,
    /// The request was sent, and no whole answer came.
    Read,
    /// A redirect that the caller follows.
    Redirect,
    /// An answer whose status is retried.
    Status,
    /// Anything else.
    Other,
}

impl From<Fault> for Category {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Dns | Fault::NameNotFound | Fault::Refused | Fault::ConnectTimeout => Self::Connect,
            Fault::Timeout | Fault::Closed | Fault::Protocol | Fault::Body | Fault::GoAway | Fault::RefusedStream => {
                Self::Read
            }
            Fault::TooManyRedirects => Self::Redirect,
            Fault::Tls | Fault::BadCertificate | Fault::PoolTimeout | Fault::BadRequest | Fault::Other => Self::Other,
        }
    }
}
