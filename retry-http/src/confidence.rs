//! How sure a judgement is.

use std::fmt;

/// How sure a judgement is.
///
/// ```
/// use retry_http::{Confidence, Exchange, Fault, HttpClassifier};
/// use std::time::SystemTime;
///
/// let sure = |fault| HttpClassifier::new().judge(&Exchange::fault("GET", fault, SystemTime::UNIX_EPOCH)).unwrap().confidence;
/// assert_eq!(sure(Fault::Refused), Confidence::High);
/// assert_eq!(sure(Fault::Other), Confidence::Low);
/// assert!(Confidence::Low < Confidence::High);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Confidence {
    /// A guess: nobody has said what this means.
    Low,
    /// By a status that servers use for several things.
    Medium,
    /// The protocol, or the provider's documentation, says so.
    High,
}

impl Confidence {
    /// The name in lower case.
    ///
    /// ```
    /// assert_eq!(retry_http::Confidence::Medium.as_str(), "medium");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
