//! Mailgun (Sinch).
//!
//! 420 and 429 both mean a limit; the hourly one names its wait in the body.
//!
//! The statuses were read in the documentation; the words of the messages and the reset headers are from memory.

use super::verdicts::{DOWN, NEVER, NOT_YET, OURS, QUOTA, THROTTLED};
use super::{PLAIN, Provider, Row};
use crate::{Reason, ResetFormat, ResetHeaders};

const CODES: &str = "https://documentation.mailgun.com/docs/mailgun/quickstart-guide/responses";
const LIMITS: &str = "https://help.mailgun.com/hc/en-us/articles/115001124753-Account-Sending-Limitation";

pub(super) const MAILGUN: Provider = Provider {
    name: "mailgun",
    hosts: &["api.mailgun.net", "api.eu.mailgun.net"],
    waits: &["/retry-seconds", "/retry_seconds"],
    resets: &[ResetHeaders::new("x-ratelimit-remaining", "x-ratelimit-reset", ResetFormat::Detect)],
    rows: &[
        Row::status(420, QUOTA, Reason::QuotaExceeded, LIMITS),
        Row::status(429, QUOTA, Reason::QuotaExceeded, LIMITS).saying("recipient limit exceeded"),
        Row::status(429, THROTTLED, Reason::RateLimited, CODES),
        Row::status(401, OURS, Reason::AuthFailed, CODES),
        Row::status(403, OURS, Reason::AccountSuspended, LIMITS).saying("disabled"),
        Row::status(403, OURS, Reason::Forbidden, CODES),
        // With a body, it "can be temporal": the system is eventually consistent.
        Row::status(404, NOT_YET, Reason::NotFound, CODES).saying("not found"),
        Row::status(404, NEVER, Reason::NotFound, CODES),
        Row::status(500, DOWN, Reason::SystemError, CODES),
    ],
    ..PLAIN
};
