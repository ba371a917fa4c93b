//! Brevo (formerly Sendinblue).
//!
//! Its idempotency key stands in the JSON body, at `headers.idempotencyKey`. How long it counts is documented twice: 15 minutes
//! in the changelog, 30 in the guide to batches; the shorter one is safe. The keys and headers were read in the documentation; the codes are from memory.

use std::time::Duration;

use super::verdicts::{NEVER, OURS, THROTTLED};
use super::{CodeAt, KeyPlace, PLAIN, Provider, Row};
use crate::{Reason, ResetFormat, ResetHeaders};

const CODES: &str = "https://developers.brevo.com/docs/how-it-works";
const LIMITS: &str = "https://developers.brevo.com/docs/limit-headers";

pub(super) const BREVO: Provider = Provider {
    name: "brevo",
    hosts: &["api.brevo.com", "api.sendinblue.com"],
    codes: &[CodeAt::Json("/code")],
    resets: &[ResetHeaders::new("x-sib-ratelimit-remaining", "x-sib-ratelimit-reset", ResetFormat::Seconds)],
    key: KeyPlace::JsonBody("/headers/idempotencyKey"),
    key_lifetime: Duration::from_secs(15 * 60),
    rows: &[
        Row::code("not_enough_credits", OURS, Reason::PaymentRequired, CODES),
        Row::code("unauthorized", OURS, Reason::AuthFailed, CODES),
        Row::code("permission_denied", OURS, Reason::Forbidden, CODES),
        Row::code("account_under_validation", OURS, Reason::AccountSuspended, CODES),
        Row::code("invalid_parameter", NEVER, Reason::BadRequest, CODES),
        Row::code("missing_parameter", NEVER, Reason::BadRequest, CODES),
        Row::code("out_of_range", NEVER, Reason::BadRequest, CODES),
        Row::code("method_not_allowed", NEVER, Reason::BadRequest, CODES),
        Row::code("document_not_found", NEVER, Reason::NotFound, CODES),
        Row::status(402, OURS, Reason::PaymentRequired, CODES),
        Row::status(429, THROTTLED, Reason::RateLimited, LIMITS),
    ],
    ..PLAIN
};
