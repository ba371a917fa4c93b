//! What a response knows of its attempts.

use crate::Ended;

/// How often a request was sent, and why not again: an extension of every response that is not the first attempt's success.
///
/// ```
/// use retry_http::http::Response;
/// use retry_http::Retried;
///
/// fn attempts<B>(response: &Response<B>) -> u32 {
///     response.extensions().get::<Retried>().map_or(1, |retried| retried.attempts)
/// }
/// assert_eq!(attempts(&Response::new(())), 1);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Retried {
    /// Attempts made, this one included.
    pub attempts: u32,
    /// Why a failed answer was handed on; `None`: it is a success.
    pub ended: Option<Ended>,
}

impl Retried {
    pub(crate) const fn new(attempts: u32, ended: Option<Ended>) -> Self {
        Self { attempts, ended }
    }
}
