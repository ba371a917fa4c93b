//! What statuses mean by themselves.

use retry_core::{Class, Effect, Scope, Verdict};

use crate::Confidence::{self, High, Low, Medium};
use crate::Reason;

/// Of a status that is retried: verdict, reason, confidence.
pub(crate) const fn transient(status: u16) -> (Verdict, Reason, Confidence) {
    match status {
        408 | 504 => (Verdict::TRANSIENT, Reason::Timeout, High),
        425 => (Verdict::TRANSIENT.scope(Scope::Request), Reason::Protocol, High),
        502 => (Verdict::TRANSIENT, Reason::Network, High),
        503 => (Verdict::TRANSIENT, Reason::Overloaded, High),
        500 => (Verdict::TRANSIENT, Reason::SystemError, Medium),
        // Of Cloudflare and others: web server down, connection timed out, overloaded.
        520..=599 => (Verdict::TRANSIENT, Reason::SystemError, Low),
        _ => (Verdict::TRANSIENT, Reason::Unspecified, Low),
    }
}

/// Of a status that no rule retries: the same.
pub(crate) const fn stopping(status: u16) -> (Verdict, Reason, Confidence) {
    match status {
        401 | 407 => (OURS, Reason::AuthFailed, High),
        402 => (OURS, Reason::PaymentRequired, High),
        403 => (OURS, Reason::Forbidden, Medium),
        // Not from the server that was asked, but from the network between (RFC 6585 section 6).
        511 => (OURS.scope(Scope::Destination), Reason::AuthFailed, High),
        404 | 410 => (NEVER, Reason::NotFound, High),
        409 | 412 | 428 => (NEVER, Reason::Conflict, Medium),
        413 | 414 | 431 => (NEVER, Reason::MessageTooBig, High),
        429 => (NEVER, Reason::RateLimited, Medium),
        // "Considered to be temporary", and not to be repeated by itself (RFC 4918 section 11.5).
        507 => (Verdict::new(Class::Persistent), Reason::QuotaExceeded, Medium),
        400..=499 => (NEVER, Reason::BadRequest, High),
        501 | 505 | 506 | 508 | 510 => (NEVER, Reason::Protocol, High),
        500..=599 => (Verdict::PERMANENT, Reason::SystemError, Low),
        _ => (Verdict::PERMANENT, Reason::Unspecified, Low),
    }
}

/// Refused for want of credentials or rights, and so not processed (RFC 9110 sections 15.5.2 to 15.5.4, 15.5.8).
const OURS: Verdict = Verdict::new(Class::Misconfigured).effect(Effect::None).scope(Scope::Account);
/// This request as it is.
const NEVER: Verdict = Verdict::PERMANENT.scope(Scope::Request);
