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
pub struct FailedAttempt<E, R> {
    pub(crate) got: Got<E, R>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) judgement: Option<Judgement>,
    pub(crate) verdict: Verdict,
}

#[derive(Debug)]
pub(crate) enum Got<E, R> {
    Error(E),
    Answer(R),
    /// Nothing was sent.
    Nothing,
}

impl<E, R> FailedAttempt<E, R> {
    pub(crate) const NOTHING: Self =
        Self { got: Got::Nothing, status: None, judgement: None, verdict: Verdict::PERMANENT };

    /// What an attempt came to, once it is judged; `Ok` where it is no failure.
    pub(crate) fn of(
        got: Result<R, E>,
        status: impl FnOnce(&R) -> StatusCode,
        judged: Option<(Verdict, Judgement)>,
    ) -> Result<R, Self> {
        let (verdict, judgement) = match judged {
            Some((verdict, judgement)) => (verdict, Some(judgement)),
            None => (Verdict::default(), None),
        };
        match got {
            Ok(answer) if judgement.is_none() => Ok(answer),
            Ok(answer) => {
                let status = Some(status(&answer));
                Err(Self { got: Got::Answer(answer), status, judgement, verdict })
            }
            Err(error) => Err(Self { got: Got::Error(error), status: None, judgement, verdict }),
        }
    }

    /// The answer's status.
    ///
    /// ```
    /// fn is_server_error<E, R>(failed: &retry_http::FailedAttempt<E, R>) -> bool {
    ///     failed.status().is_some_and(|status| status.is_server_error())
    /// }
    /// ```
    pub const fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The service's error.
    ///
    /// ```
    /// fn is_error<E, R>(failed: &retry_http::FailedAttempt<E, R>) -> bool {
    ///     failed.error().is_some()
    /// }
    /// ```
    pub const fn error(&self) -> Option<&E> {
        match &self.got {
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
    pub const fn judgement(&self) -> Option<&Judgement> {
        self.judgement.as_ref()
    }
}

impl<E, R> Classified for FailedAttempt<E, R> {
    fn verdict(&self) -> Verdict {
        self.verdict
    }
}

impl<E, R> fmt::Display for FailedAttempt<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "{}", status.as_u16())?,
            None => f.write_str("no answer")?,
        }
        match &self.judgement {
            Some(judgement) => write!(f, ", {} ({})", judgement.reason, judgement.rule),
            None => Ok(()),
        }
    }
}

impl<E, R> fmt::Debug for FailedAttempt<E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedAttempt")
            .field("status", &self.status)
            .field("judgement", &self.judgement)
            .finish_non_exhaustive()
    }
}
