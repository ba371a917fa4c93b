//! What statuses mean by themselves.

use retry_core::{Class, Effect, Scope, Verdict};

use crate::Reason;

/// Of a status that is retried: verdict, reason, confidence in per cent.
pub(crate) const fn transient(status: u16) -> (Verdict, Reason, u8) {
    match status {
        408 | 504 => (Verdict::TRANSIENT, Reason::Timeout, 90),
        425 => (Verdict::TRANSIENT.scope(Scope::Request), Reason::Protocol, 90),
        502 => (Verdict::TRANSIENT, Reason::Network, 90),
        503 => (Verdict::TRANSIENT, Reason::Overloaded, 90),
        500 => (Verdict::TRANSIENT, Reason::SystemError, 80),
        // Of Cloudflare and others: web server down, connection timed out, overloaded.
        520..=599 => (Verdict::TRANSIENT, Reason::SystemError, 60),
        _ => (Verdict::TRANSIENT, Reason::Unspecified, 60),
    }
}

/// Of a status that no rule retries: the same.
pub(crate) const fn stopping(status: u16) -> (Verdict, Reason, u8) {
    match status {
        401 | 407 => (OURS, Reason::AuthFailed, 95),
        402 => (OURS, Reason::PaymentRequired, 90),
        403 => (OURS, Reason::Forbidden, 80),
        // Not from the server that was asked, but from the network between (RFC 6585 section 6).
        511 => (OURS.scope(Scope::Destination), Reason::AuthFailed, 95),
        404 | 410 => (NEVER, Reason::NotFound, 90),
        409 | 412 | 428 => (NEVER, Reason::Conflict, 80),
        413 | 414 | 431 => (NEVER, Reason::MessageTooBig, 95),
        429 => (NEVER, Reason::RateLimited, 80),
        // "Considered to be temporary", and not to be repeated by itself (RFC 4918 section 11.5).
        507 => (Verdict::new(Class::Persistent), Reason::QuotaExceeded, 80),
        400..=499 => (NEVER, Reason::BadRequest, 90),
        501 | 505 | 506 | 508 | 510 => (NEVER, Reason::Protocol, 90),
        500..=599 => (Verdict::PERMANENT, Reason::SystemError, 60),
        _ => (Verdict::PERMANENT, Reason::Unspecified, 50),
    }
}

/// Refused for want of credentials or rights, and so not processed (RFC 9110 sections 15.5.2 to 15.5.4, 15.5.8).
const OURS: Verdict = Verdict::new(Class::Misconfigured).effect(Effect::None).scope(Scope::Account);
/// This request as it is.
const NEVER: Verdict = Verdict::PERMANENT.scope(Scope::Request);
