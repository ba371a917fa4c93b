//! SparkPost (Bird).
//!
//! Codes stand in `errors[0].code`. 420 is a sending limit, 429 a rate limit with a documented wait of 1 to 5 seconds. Read in the
//! documentation.

use super::verdicts::{DOWN, NEVER, OURS, QUOTA, THROTTLED};
use super::{CodeAt, PLAIN, Provider, Row};
use crate::Reason;

const CODES: &str =
    "https://github.com/SparkPost/support-docs/blob/master/content/docs/tech-resources/extended-error-codes.md";
const LIMITS: &str = "https://developers.sparkpost.com/api/#header-rate-limiting";

pub(super) const SPARKPOST: Provider = Provider {
    name: "sparkpost",
    hosts: &["*.sparkpost.com", "*.sparkpostelite.com"],
    codes: &[CodeAt::Json("/errors/0/code")],
    messages: &["/errors/0/message"],
    rows: &[
        Row::code("2101", QUOTA, Reason::QuotaExceeded, CODES),
        Row::code("2102", QUOTA, Reason::QuotaExceeded, CODES),
        Row::code("2103", QUOTA, Reason::QuotaExceeded, CODES),
        Row::code("1100", OURS, Reason::Forbidden, CODES),
        Row::code("1303", OURS, Reason::AuthFailed, CODES),
        Row::code("1304", OURS, Reason::AuthFailed, CODES),
        Row::code("1601", OURS, Reason::PaymentRequired, CODES),
        Row::code("7000", OURS, Reason::SenderRejected, CODES),
        Row::code("7001", OURS, Reason::SenderRejected, CODES),
        // 400, and yet "retry later".
        Row::code("1502", DOWN, Reason::Overloaded, CODES),
        Row::code("1500", DOWN, Reason::SystemError, CODES),
        Row::code("1501", DOWN, Reason::SystemError, CODES),
        Row::code("1900", DOWN, Reason::SystemError, CODES),
        Row::code("1901", NEVER, Reason::ContentRejected, CODES),
        Row::code("1902", NEVER, Reason::ContentRejected, CODES),
        Row::code("5002", NEVER, Reason::BadRequest, CODES),
        Row::status(420, QUOTA, Reason::QuotaExceeded, CODES),
        Row::status(429, THROTTLED, Reason::RateLimited, LIMITS).after(5),
    ],
    ..PLAIN
};
