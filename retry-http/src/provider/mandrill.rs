//! Mandrill (Mailchimp Transactional).
//!
//! Every error is a JSON object with `name`; most come with status 500, whatever their kind, so the name decides.
//!
//! The names were read in the SDK; that most errors are a 500, and what 429 says, is from memory.

use super::verdicts::{DOWN, NEVER, OURS, QUOTA, THROTTLED};
use super::{CodeAt, PLAIN, Provider, Row};
use crate::Reason;

const DOCS: &str = "https://mailchimp.com/developer/transactional/docs/fundamentals/";
const SDK: &str = "https://bitbucket.org/mailchimp/mandrill-api-php/src/master/src/Mandrill.php";

pub(super) const MANDRILL: Provider = Provider {
    name: "mandrill",
    hosts: &["mandrillapp.com", "*.mandrillapp.com"],
    codes: &[CodeAt::Json("/name")],
    rows: &[
        Row::code("Invalid_Key", OURS, Reason::AuthFailed, SDK),
        Row::code("PaymentRequired", OURS, Reason::PaymentRequired, SDK),
        Row::code("PoorReputation", OURS, Reason::AccountSuspended, SDK),
        Row::code("Unknown_Subaccount", OURS, Reason::NotFound, SDK),
        Row::code("ValidationError", NEVER, Reason::BadRequest, SDK),
        Row::code("Unknown_Template", NEVER, Reason::NotFound, SDK),
        Row::code("Unknown_Message", NEVER, Reason::NotFound, SDK),
        Row::code("Unknown_Sender", NEVER, Reason::NotFound, SDK),
        Row::code("Unknown_MetadataField", NEVER, Reason::NotFound, SDK),
        Row::code("Unknown_Pool", NEVER, Reason::NotFound, SDK),
        Row::code("Invalid_Tag_Name", NEVER, Reason::BadRequest, SDK),
        Row::code("Invalid_Template", NEVER, Reason::BadRequest, SDK),
        Row::code("Metadata_FieldLimit", NEVER, Reason::BadRequest, SDK),
        Row::code("ServiceUnavailable", DOWN, Reason::Overloaded, SDK),
        Row::code("GeneralError", DOWN, Reason::SystemError, DOCS),
        Row::status(429, QUOTA, Reason::QuotaExceeded, DOCS).saying("quota"),
        Row::status(429, THROTTLED, Reason::RateLimited, DOCS),
    ],
    ..PLAIN
};
