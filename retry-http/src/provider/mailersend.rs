//! MailerSend.
//!
//! 429 has two meanings, told apart by the number at the end of the message: requests a minute, and requests a day.
//!
//! Those were read in the documentation; the words of the 422s are from memory.

use super::verdicts::{NEVER, OURS, QUOTA, THROTTLED};
use super::{PLAIN, Provider, Row};
use crate::{Reason, ResetFormat, ResetHeaders};

const GENERAL: &str = "https://developers.mailersend.com/general";
const HELP: &str = "https://www.mailersend.com/help/rate-limits-how-to-reduce-403-422-429-errors";

pub(super) const MAILERSEND: Provider = Provider {
    name: "mailersend",
    hosts: &["api.mailersend.com"],
    resets: &[ResetHeaders::new("x-ratelimit-remaining", "x-ratelimit-reset", ResetFormat::Detect)],
    rows: &[
        Row::status(429, QUOTA, Reason::QuotaExceeded, GENERAL).saying("#ms42901"),
        Row::status(429, QUOTA, Reason::QuotaExceeded, GENERAL).saying("daily quota"),
        Row::status(429, THROTTLED, Reason::RateLimited, GENERAL),
        Row::status(401, OURS, Reason::AuthFailed, GENERAL),
        Row::status(402, OURS, Reason::PaymentRequired, GENERAL),
        Row::status(403, OURS, Reason::Forbidden, HELP),
        Row::status(422, OURS, Reason::SenderRejected, HELP).saying("domain must be verified"),
        Row::status(422, QUOTA, Reason::QuotaExceeded, HELP).saying("limit"),
        Row::status(422, NEVER, Reason::BadRequest, HELP),
    ],
    ..PLAIN
};
