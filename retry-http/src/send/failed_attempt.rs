//! What an attempt came to, with its verdict.

use std::fmt;

use http::StatusCode;
use retry_core::{Classified, Verdict};

use crate::Judgement;

/// An attempt that failed, as an observer is shown it. It tells neither headers nor bodies, which may hold secrets.
///
/// ```
/// use retry_core::{Failed, ObserveError, Observer, What};
/// use retry_http::FailedAttempt;
///
/// struct Log;
/// impl Observer for Log {}
/// impl<E, R> ObserveError<FailedAttempt<E, R>> for Log {
///     fn failed(&self, event: Failed<'_, FailedAttempt<E, R>>) {
///         if let What::Error(failed) = event.what {
///             // "attempt 1: 503, overloaded (standard/503)"
///             println!("attempt {}: {failed}", event.attempt);
///         }
///     }
/// }
/// let _ = retry_http::HttpRetry::new(retry_core::Never).observe(Log);
/// ```
// In a box, so that successes, which come the same way, are not moved about with room for it.
pub struct FailedAttempt<E, R>(Box<Inner<E, R>>);

struct Inner<E, R> {
    got: Got<E, R>,
    status: Option<StatusCode>,
    judgement: Option<Judgement>,
    verdict: Verdict,
}

#[derive(Debug)]
pub(crate) enum Got<E, R> {
    Error(E),
    Answer(R),
    /// Nothing was sent.
    Nothing,
}

impl<E, R> FailedAttempt<E, R> {
    #[cold]
    pub(crate) fn nothing() -> Self {
        Self::new(Got::Nothing, None, Verdict::PERMANENT, None)
    }

    #[cold]
    fn new(got: Got<E, R>, status: Option<StatusCode>, verdict: Verdict, judgement: Option<Judgement>) -> Self {
        Self(Box::new(Inner { got, status, judgement, verdict }))
    }

    pub(crate) fn into_got(self) -> Got<E, R> {
        self.0.got
    }

    /// What an attempt came to, once it is judged; `Ok` where it is no failure.
    #[inline]
    pub(crate) fn of(
        got: Result<R, E>,
        status: impl FnOnce(&R) -> StatusCode,
        judged: Option<(Verdict, Judgement)>,
    ) -> Result<R, Self> {
        match (got, judged) {
            (Ok(answer), None) => Ok(answer),
            (Ok(answer), Some((verdict, judgement))) => {
                let status = status(&answer);
                Err(Self::new(Got::Answer(answer), Some(status), verdict, Some(judgement)))
            }
            (Err(error), Some((verdict, judgement))) => {
                Err(Self::new(Got::Error(error), None, verdict, Some(judgement)))
            }
            (Err(error), None) => Err(Self::new(Got::Error(error), None, Verdict::default(), None)),
        }
    }

    /// The answer's status.
    ///
    /// ```
    /// fn is_server_error<E, R>(failed: &retry_http::FailedAttempt<E, R>) -> bool {
    ///     failed.status().is_some_and(|status| status.is_server_error())
    /// }
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's error.
    ///
    /// ```
    /// fn is_error<E, R>(failed: &retry_http::FailedAttempt<E, R>) -> bool {
    ///     failed.error().is_some()
    /// }
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<&E> {
        match &self.0.got {
            Got::Error(error) => Some(error),
            _ => None,
        }
    }

    /// What it was taken for.
    ///
    /// ```
    /// fn rule<E, R>(failed: &retry_http::FailedAttempt<E, R>) -> &str {
    ///     failed.judgement().map_or("", |judgement| &judgement.rule)
    /// }
    /// ```
    #[must_use]
    pub fn judgement(&self) -> Option<&Judgement> {
        self.0.judgement.as_ref()
    }
}

impl<E, R> Classified for FailedAttempt<E, R> {
    fn verdict(&self) -> Verdict {
        self.0.verdict
    }
}

impl<E, R> fmt::Display for FailedAttempt<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.status {
            Some(status) => write!(f, "{}", status.as_u16())?,
            None => f.write_str("no answer")?,
        }
        match &self.0.judgement {
            Some(judgement) => write!(f, ", {} ({})", judgement.reason, judgement.rule),
            None => Ok(()),
        }
    }
}

impl<E, R> fmt::Debug for FailedAttempt<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedAttempt")
            .field("status", &self.0.status)
            .field("judgement", &self.0.judgement)
            .finish_non_exhaustive()
    }
}
