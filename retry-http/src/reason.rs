//! Why a request failed, in a word.

use std::fmt;

/// Why a request failed: for people, logs and rules. It decides nothing; the verdict does.
///
/// ```
/// assert_eq!(retry_http::Reason::RateLimited.to_string(), "rate_limited");
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// Too many requests in a short time.
    RateLimited,
    /// All of a day, a month or a plan is used up.
    QuotaExceeded,
    /// The server has too much to do, or is down for a while.
    Overloaded,
    /// The server failed.
    SystemError,
    /// No connection, or it was lost.
    Network,
    /// Something took too long.
    Timeout,
    /// No TLS with that server.
    TlsFailed,
    /// There is no such host.
    HostUnknown,
    /// The peers do not understand each other.
    Protocol,
    /// No credentials, or bad ones.
    AuthFailed,
    /// Good credentials that do not allow this.
    Forbidden,
    /// The account owes money, or its plan does not cover this.
    PaymentRequired,
    /// The account is suspended or under review.
    AccountSuspended,
    /// The sender's address or domain may not be used.
    SenderRejected,
    /// The recipient is on the provider's suppression list.
    Suppressed,
    /// The content is not wanted.
    ContentRejected,
    /// The request is too large.
    MessageTooBig,
    /// The request is not what it should be.
    BadRequest,
    /// What it is about does not exist.
    NotFound,
    /// It contradicts the state of things.
    Conflict,
    /// A request with the same idempotency key is still running.
    IdempotencyInProgress,
    /// The idempotency key was used for another request.
    IdempotencyMismatch,
    /// The server asked not to retry.
    PushedBack,
    /// Nobody knows.
    #[default]
    Unspecified,
}

impl Reason {
    /// The name in lower snake case.
    ///
    /// ```
    /// assert_eq!(retry_http::Reason::QuotaExceeded.as_str(), "quota_exceeded");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RateLimited => "rate_limited",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Overloaded => "overloaded",
            Self::SystemError => "system_error",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::TlsFailed => "tls_failed",
            Self::HostUnknown => "host_unknown",
            Self::Protocol => "protocol",
            Self::AuthFailed => "auth_failed",
            Self::Forbidden => "forbidden",
            Self::PaymentRequired => "payment_required",
            Self::AccountSuspended => "account_suspended",
            Self::SenderRejected => "sender_rejected",
            Self::Suppressed => "suppressed",
            Self::ContentRejected => "content_rejected",
            Self::MessageTooBig => "message_too_big",
            Self::BadRequest => "bad_request",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::IdempotencyInProgress => "idempotency_in_progress",
            Self::IdempotencyMismatch => "idempotency_mismatch",
            Self::PushedBack => "pushed_back",
            Self::Unspecified => "unspecified",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
