//! Resend.
//!
//! `name` in the body decides. Keys in the header `Idempotency-Key` for 24 hours; rate-limit headers as in draft 06, in seconds.
//! Read in the documentation and the SDKs.

use std::time::Duration;

use super::verdicts::{DOWN, NEVER, OURS, QUOTA, RUNNING, THROTTLED};
use super::{CodeAt, KeyPlace, PLAIN, Provider, Row};
use crate::{Reason, ResetFormat, ResetHeaders};

const ERRORS: &str = "https://resend.com/docs/api-reference/errors";
const LIMITS: &str = "https://resend.com/docs/api-reference/rate-limit";
const KEYS: &str = "https://resend.com/docs/dashboard/emails/idempotency-keys";

pub(super) const RESEND: Provider = Provider {
    name: "resend",
    hosts: &["api.resend.com"],
    codes: &[CodeAt::Json("/name")],
    waits: &["/remediation/retry_after"],
    resets: &[ResetHeaders::new("ratelimit-remaining", "ratelimit-reset", ResetFormat::Seconds)],
    key: KeyPlace::Header,
    key_lifetime: Duration::from_secs(86_400),
    rows: &[
        Row::code("rate_limit_exceeded", THROTTLED, Reason::RateLimited, LIMITS),
        Row::code("daily_quota_exceeded", QUOTA, Reason::QuotaExceeded, LIMITS),
        Row::code("monthly_quota_exceeded", QUOTA, Reason::QuotaExceeded, LIMITS),
        Row::code("concurrent_idempotent_requests", RUNNING, Reason::IdempotencyInProgress, KEYS),
        Row::code("invalid_idempotent_request", NEVER, Reason::IdempotencyMismatch, KEYS),
        Row::code("invalid_idempotency_key", NEVER, Reason::BadRequest, ERRORS),
        Row::code("missing_api_key", OURS, Reason::AuthFailed, ERRORS),
        Row::code("restricted_api_key", OURS, Reason::Forbidden, ERRORS),
        Row::code("invalid_api_key", OURS, Reason::AuthFailed, ERRORS),
        Row::code("invalid_api_Key", OURS, Reason::AuthFailed, ERRORS),
        Row::code("suspended_api_key", OURS, Reason::AccountSuspended, ERRORS),
        // 403: the domain is not verified, or only test mails are allowed; 400: the request itself.
        Row::code("validation_error", OURS, Reason::SenderRejected, ERRORS).at(403),
        Row::code("validation_error", NEVER, Reason::BadRequest, ERRORS),
        Row::code("invalid_from_address", NEVER, Reason::SenderRejected, ERRORS),
        Row::code("invalid_access", OURS, Reason::Forbidden, ERRORS),
        Row::code("invalid_attachment", NEVER, Reason::BadRequest, ERRORS),
        Row::code("invalid_parameter", NEVER, Reason::BadRequest, ERRORS),
        Row::code("missing_required_field", NEVER, Reason::BadRequest, ERRORS),
        Row::code("not_found", NEVER, Reason::NotFound, ERRORS),
        Row::code("method_not_allowed", NEVER, Reason::BadRequest, ERRORS),
        Row::code("security_error", NEVER, Reason::ContentRejected, ERRORS),
        Row::code("application_error", DOWN, Reason::SystemError, ERRORS),
        Row::code("internal_server_error", DOWN, Reason::SystemError, ERRORS),
    ],
    ..PLAIN
};
