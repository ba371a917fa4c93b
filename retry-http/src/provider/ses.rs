//! Amazon SES, API version 2.
//!
//! The error's name stands in the header `x-amzn-errortype`, or in the body. A quota has the same name as a rate: the message says "daily".
//!
//! The operation's errors were read in the API reference; the common errors are from memory.

use super::verdicts::{DOWN, NEVER, OURS, QUOTA, THROTTLED};
use super::{CodeAt, PLAIN, Provider, Row};
use crate::{Reason, ResetFormat};

const API: &str = "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html";
const COMMON: &str = "https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html";
const QUOTAS: &str = "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html";

pub(super) const SES: Provider = Provider {
    name: "ses",
    hosts: &["email.*.amazonaws.com", "email-fips.*.amazonaws.com"],
    codes: &[CodeAt::Header("x-amzn-errortype"), CodeAt::Json("/__type"), CodeAt::Json("/code"), CodeAt::Json("/Code")],
    messages: &["/message", "/Message"],
    delays: &[("x-amz-retry-after", ResetFormat::Millis)],
    rows: &[
        Row::code("TooManyRequestsException", QUOTA, Reason::QuotaExceeded, QUOTAS).saying("daily"),
        Row::code("Throttling", QUOTA, Reason::QuotaExceeded, QUOTAS).saying("daily"),
        Row::code("ThrottlingException", QUOTA, Reason::QuotaExceeded, QUOTAS).saying("daily"),
        Row::code("TooManyRequestsException", THROTTLED, Reason::RateLimited, API),
        Row::code("Throttling", THROTTLED, Reason::RateLimited, QUOTAS),
        Row::code("ThrottlingException", THROTTLED, Reason::RateLimited, COMMON),
        Row::code("LimitExceededException", QUOTA, Reason::QuotaExceeded, API),
        Row::code("AccountSuspendedException", OURS, Reason::AccountSuspended, API),
        Row::code("SendingPausedException", OURS, Reason::AccountSuspended, API),
        Row::code("MailFromDomainNotVerifiedException", OURS, Reason::SenderRejected, API),
        // An address that is not verified is rejected like bad content; the message tells them apart.
        Row::code("MessageRejected", OURS, Reason::SenderRejected, QUOTAS).saying("not verified"),
        Row::code("MessageRejected", NEVER, Reason::ContentRejected, API),
        Row::code("BadRequestException", NEVER, Reason::BadRequest, API),
        Row::code("NotFoundException", NEVER, Reason::NotFound, API),
        Row::code("AccessDeniedException", OURS, Reason::Forbidden, COMMON),
        Row::code("UnrecognizedClientException", OURS, Reason::AuthFailed, COMMON),
        Row::code("InvalidClientTokenId", OURS, Reason::AuthFailed, COMMON),
        Row::code("IncompleteSignature", OURS, Reason::AuthFailed, COMMON),
        Row::code("ExpiredTokenException", OURS, Reason::AuthFailed, COMMON),
        Row::code("OptInRequired", OURS, Reason::AccountSuspended, COMMON),
        Row::code("RequestExpired", OURS, Reason::AuthFailed, COMMON),
        Row::code("InternalServiceErrorException", DOWN, Reason::SystemError, API),
        Row::code("InternalFailure", DOWN, Reason::SystemError, COMMON),
        Row::code("ServiceUnavailable", DOWN, Reason::Overloaded, COMMON),
    ],
    ..PLAIN
};
