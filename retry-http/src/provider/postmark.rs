//! Postmark.
//!
//! `ErrorCode` in the body decides; codes of 500 and more have nothing to do with HTTP's 5xx. All read in the documentation.

use super::verdicts::{DOWN, NEVER, OURS, THROTTLED};
use super::{CodeAt, PLAIN, Provider, Row};
use crate::Reason;

const DOCS: &str = "https://postmarkapp.com/developer/api/overview#error-codes";

pub(super) const POSTMARK: Provider = Provider {
    name: "postmark",
    hosts: &["api.postmarkapp.com"],
    codes: &[CodeAt::Json("/ErrorCode")],
    messages: &["/Message"],
    rows: &[
        Row::code("10", OURS, Reason::AuthFailed, DOCS),
        // Down for maintenance.
        Row::code("100", DOWN, Reason::Overloaded, DOCS),
        Row::code("300", OURS, Reason::SenderRejected, DOCS).saying("sender signature"),
        Row::code("300", NEVER, Reason::BadRequest, DOCS),
        Row::code("400", OURS, Reason::SenderRejected, DOCS),
        Row::code("401", OURS, Reason::SenderRejected, DOCS),
        Row::code("402", NEVER, Reason::BadRequest, DOCS),
        Row::code("403", NEVER, Reason::BadRequest, DOCS),
        // Out of credits.
        Row::code("405", OURS, Reason::PaymentRequired, DOCS),
        Row::code("406", NEVER, Reason::Suppressed, DOCS),
        Row::code("409", NEVER, Reason::BadRequest, DOCS),
        Row::code("410", NEVER, Reason::MessageTooBig, DOCS),
        Row::code("411", NEVER, Reason::ContentRejected, DOCS),
        Row::code("412", OURS, Reason::AccountSuspended, DOCS),
        Row::code("413", OURS, Reason::AccountSuspended, DOCS),
        Row::code("429", THROTTLED, Reason::RateLimited, DOCS),
        Row::status(401, OURS, Reason::AuthFailed, DOCS),
        Row::status(413, NEVER, Reason::MessageTooBig, DOCS),
        Row::status(422, NEVER, Reason::BadRequest, DOCS),
        Row::status(429, THROTTLED, Reason::RateLimited, DOCS),
        Row::status(500, DOWN, Reason::SystemError, DOCS),
        Row::status(503, DOWN, Reason::Overloaded, DOCS),
    ],
    ..PLAIN
};
