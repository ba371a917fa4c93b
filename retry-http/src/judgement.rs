//! What a classifier makes of an exchange.

use std::borrow::Cow;
use std::fmt;

use retry_core::{Class, Effect, Verdict};

use crate::{Confidence, Reason};

/// What became of a request, and why we think so.
///
/// ```
/// use http::HeaderMap;
/// use retry_core::{Class, Effect};
/// use retry_http::{Action, Exchange, HttpClassifier};
/// use std::time::SystemTime;
///
/// let headers = HeaderMap::new();
/// let exchange = Exchange::answer("POST", 504, &headers, SystemTime::UNIX_EPOCH);
/// let judgement = HttpClassifier::new().judge(&exchange).unwrap();
/// assert_eq!((judgement.verdict.class, judgement.verdict.effect), (Class::Transient, Effect::Possible));
/// assert_eq!(judgement.action(), Action::UnknownOutcome);
/// assert_eq!(judgement.rule, "standard/504");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Judgement {
    /// Class, effect, scope and hint. The effect is that of the failed attempt, whether or not a repeat does harm.
    pub verdict: Verdict,
    /// Why it failed.
    pub reason: Reason,
    /// What decided: the rule set, provider or part of the protocol, and the status, code or fault.
    pub rule: Cow<'static, str>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether the same request can be sent again without doing harm: the method is idempotent, it carries an idempotency key
    /// that counts there, or the failed attempt had no effect.
    pub repeatable: bool,
    pub(crate) new_connection: bool,
}

impl Judgement {
    /// Whether to send the request again: it may pass, and a repeat does no harm.
    ///
    /// What passes slowly ([`Class::Persistent`]) or by our own doing ([`Class::Misconfigured`]) is not worth a retry here; a
    /// queue keeps it.
    ///
    /// ```
    /// # use retry_http::{Exchange, Fault, HttpClassifier};
    /// # use std::time::SystemTime;
    /// let refused = Exchange::fault("POST", Fault::Refused, SystemTime::UNIX_EPOCH);
    /// assert!(HttpClassifier::new().judge(&refused).unwrap().is_worth_a_retry());
    /// ```
    #[must_use]
    pub const fn is_worth_a_retry(&self) -> bool {
        self.repeatable && matches!(self.verdict.class, Class::Transient | Class::Throttled | Class::Unknown)
    }

    /// The verdict for a policy that repeats nothing which may have happened
    /// ([`at_most_once`](retry_core::RetryPolicy::at_most_once)): where a repeat does no harm, it has no effect.
    ///
    /// ```
    /// # use retry_core::Effect;
    /// # use retry_http::{Exchange, Fault, HttpClassifier};
    /// # use std::time::SystemTime;
    /// let lost = Exchange::fault("GET", Fault::Timeout, SystemTime::UNIX_EPOCH);
    /// let judgement = HttpClassifier::new().judge(&lost).unwrap();
    /// assert_eq!(judgement.verdict.effect, Effect::Possible);
    /// assert_eq!(judgement.for_policy().effect, Effect::None);
    /// ```
    #[must_use]
    pub const fn for_policy(&self) -> Verdict {
        if self.repeatable { self.verdict.effect(Effect::None) } else { self.verdict }
    }

    /// What to do.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::{Action, Exchange, HttpClassifier};
    /// # use std::time::SystemTime;
    /// let headers = HeaderMap::new();
    /// let exchange = Exchange::answer("GET", 401, &headers, SystemTime::UNIX_EPOCH);
    /// assert_eq!(HttpClassifier::new().judge(&exchange).unwrap().action(), Action::ConfigErrorAuth);
    /// ```
    #[must_use]
    pub const fn action(&self) -> Action {
        match self.verdict.class {
            Class::Permanent => Action::FailRequest,
            Class::Misconfigured => match self.reason {
                Reason::AuthFailed | Reason::Forbidden => Action::ConfigErrorAuth,
                Reason::TlsFailed => Action::ConfigErrorTls,
                Reason::SenderRejected => Action::ConfigErrorSender,
                Reason::PaymentRequired | Reason::AccountSuspended => Action::ConfigErrorAccount,
                _ => Action::ConfigError,
            },
            _ if !self.repeatable => Action::UnknownOutcome,
            Class::Throttled => Action::RetryThrottled,
            Class::Persistent => Action::RetryLater,
            _ if self.new_connection => Action::RetryNowNewConnection,
            _ => Action::RetrySoon,
        }
    }
}

/// What to do after a failure.
///
/// ```
/// assert_eq!(retry_http::Action::RetrySoon.to_string(), "retry_soon");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Try again by the schedule.
    RetrySoon,
    /// Try again at once, on another connection.
    RetryNowNewConnection,
    /// Try again with less traffic.
    RetryThrottled,
    /// Try again when it may have passed, or when somebody has acted.
    RetryLater,
    /// Give the request up.
    FailRequest,
    /// Look up whether it happened; a retry could do it twice.
    UnknownOutcome,
    /// Mend the credentials or their rights.
    ConfigErrorAuth,
    /// Mend the trust in the server, or its certificate.
    ConfigErrorTls,
    /// Mend the sender's address or domain.
    ConfigErrorSender,
    /// Mend the account: pay, or have it unlocked.
    ConfigErrorAccount,
    /// Mend something else on our side.
    ConfigError,
}

impl Action {
    /// The name in lower snake case.
    ///
    /// ```
    /// assert_eq!(retry_http::Action::UnknownOutcome.as_str(), "unknown_outcome");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RetrySoon => "retry_soon",
            Self::RetryNowNewConnection => "retry_now_new_connection",
            Self::RetryThrottled => "retry_throttled",
            Self::RetryLater => "retry_later",
            Self::FailRequest => "fail_request",
            Self::UnknownOutcome => "unknown_outcome",
            Self::ConfigErrorAuth => "config_error_auth",
            Self::ConfigErrorTls => "config_error_tls",
            Self::ConfigErrorSender => "config_error_sender",
            Self::ConfigErrorAccount => "config_error_account",
            Self::ConfigError => "config_error",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
