//! Twilio SendGrid, Web API v3.
//!
//! Errors have no codes: the status decides, and for what is used up the message. `X-RateLimit-Reset` is a Unix time.
//!
//! The statuses and headers were read in the documentation; the words of the messages are from memory.

use super::verdicts::{DOWN, NEVER, OURS, QUOTA, THROTTLED};
use super::{PLAIN, Provider, Row};
use crate::{Reason, ResetFormat, ResetHeaders};

const ERRORS: &str = "https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/errors";
const LIMITS: &str = "https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits";
const CREDITS: &str = "https://support.sendgrid.com/hc/en-us/articles/360041790713-Maximum-credits-exceeded";

pub(super) const SENDGRID: Provider = Provider {
    name: "sendgrid",
    hosts: &["api.sendgrid.com", "api.eu.sendgrid.com"],
    messages: &["/errors/0/message"],
    resets: &[ResetHeaders::new("x-ratelimit-remaining", "x-ratelimit-reset", ResetFormat::UnixSeconds)],
    rows: &[
        // 401 with a good key, when the plan's mails are used up.
        Row::status(401, QUOTA, Reason::QuotaExceeded, CREDITS).saying("maximum credits exceeded"),
        Row::status(429, THROTTLED, Reason::RateLimited, LIMITS),
        Row::status(403, OURS, Reason::SenderRejected, ERRORS).saying("verified sender identity"),
        // "Too many bad requests. Temporary block": passes, but not by repeating.
        Row::status(403, QUOTA, Reason::RateLimited, ERRORS).saying("too many"),
        // A region that does not fit the account (data residency): a matter of our configuration.
        Row::status(451, OURS, Reason::Forbidden, ERRORS),
        Row::status(406, NEVER, Reason::BadRequest, ERRORS),
        Row::status(413, NEVER, Reason::MessageTooBig, ERRORS),
        Row::status(500, DOWN, Reason::SystemError, ERRORS),
    ],
    ..PLAIN
};
