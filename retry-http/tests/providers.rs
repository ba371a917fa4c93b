use std::time::Duration;

use retry_core::{Class, Effect};
use retry_http::{Exchange, HttpClassifier, Judgement, Provider, Reason};

use crate::support::{NOW, headers};

/// What a POST to the provider's host comes to.
fn post(host: &str, status: u16, fields: &[(&str, &str)], body: &str) -> Judgement {
    let headers = headers(fields);
    let exchange = Exchange::answer("POST", status, &headers, NOW).host(host).body(body.as_bytes());
    HttpClassifier::new().judge(&exchange).unwrap()
}

#[test]
fn the_error_code_decides_where_the_status_misleads() {
    for (host, status, body, class, reason) in [
        // Nearly every error of Mandrill is a 500.
        (
            "mandrillapp.com",
            500,
            r#"{"status":"error","code":-1,"name":"Invalid_Key","message":"x"}"#,
            Class::Misconfigured,
            Reason::AuthFailed,
        ),
        (
            "mandrillapp.com",
            500,
            r#"{"status":"error","code":-2,"name":"ValidationError","message":"x"}"#,
            Class::Permanent,
            Reason::BadRequest,
        ),
        (
            "mandrillapp.com",
            500,
            r#"{"status":"error","code":-99,"name":"GeneralError","message":"x"}"#,
            Class::Transient,
            Reason::SystemError,
        ),
        ("api.postmarkapp.com", 422, r#"{"ErrorCode":406,"Message":"inactive"}"#, Class::Permanent, Reason::Suppressed),
        (
            "api.postmarkapp.com",
            422,
            r#"{"ErrorCode":405,"Message":"x"}"#,
            Class::Misconfigured,
            Reason::PaymentRequired,
        ),
        ("api.postmarkapp.com", 503, r#"{"ErrorCode":100,"Message":"x"}"#, Class::Transient, Reason::Overloaded),
        ("api.resend.com", 429, r#"{"name":"rate_limit_exceeded"}"#, Class::Throttled, Reason::RateLimited),
        ("api.resend.com", 429, r#"{"name":"daily_quota_exceeded"}"#, Class::Persistent, Reason::QuotaExceeded),
        (
            "api.resend.com",
            409,
            r#"{"name":"invalid_idempotent_request"}"#,
            Class::Permanent,
            Reason::IdempotencyMismatch,
        ),
        (
            "api.resend.com",
            409,
            r#"{"name":"concurrent_idempotent_requests"}"#,
            Class::Transient,
            Reason::IdempotencyInProgress,
        ),
        ("api.resend.com", 403, r#"{"name":"validation_error"}"#, Class::Misconfigured, Reason::SenderRejected),
        ("api.resend.com", 400, r#"{"name":"validation_error"}"#, Class::Permanent, Reason::BadRequest),
        (
            "api.sendgrid.com",
            401,
            r#"{"errors":[{"message":"Maximum credits exceeded"}]}"#,
            Class::Persistent,
            Reason::QuotaExceeded,
        ),
        ("api.sendgrid.com", 401, r#"{"errors":[{"message":"bad key"}]}"#, Class::Misconfigured, Reason::AuthFailed),
        ("api.sendgrid.com", 451, "", Class::Misconfigured, Reason::Forbidden),
        ("api.mailgun.net", 420, "", Class::Persistent, Reason::QuotaExceeded),
        ("api.brevo.com", 400, r#"{"code":"not_enough_credits"}"#, Class::Misconfigured, Reason::PaymentRequired),
        ("api.sparkpost.com", 420, r#"{"errors":[{"code":"2101"}]}"#, Class::Persistent, Reason::QuotaExceeded),
        ("api.sparkpost.com", 400, r#"{"errors":[{"code":1502}]}"#, Class::Transient, Reason::Overloaded),
        ("api.mailersend.com", 429, r##"{"message":"... #MS42901"}"##, Class::Persistent, Reason::QuotaExceeded),
        ("api.mailersend.com", 429, r##"{"message":"... #MS42903"}"##, Class::Throttled, Reason::RateLimited),
    ] {
        let judgement = post(host, status, &[], body);
        assert_eq!((judgement.verdict.class, judgement.reason), (class, reason), "{host} {status} {body}");
    }
}

#[test]
fn the_error_name_of_ses_stands_in_a_header() {
    let host = "email.eu-west-1.amazonaws.com";
    for (name, body, class) in [
        ("TooManyRequestsException", r#"{"message":"Maximum sending rate exceeded."}"#, Class::Throttled),
        ("TooManyRequestsException", r#"{"message":"Daily message quota exceeded."}"#, Class::Persistent),
        ("TooManyRequestsException:http://internal.amazon.com/x", "", Class::Throttled),
        ("com.amazonaws.sesv2#AccountSuspendedException", "", Class::Misconfigured),
        ("MessageRejected", r#"{"message":"Email address is not verified."}"#, Class::Misconfigured),
        ("MessageRejected", "", Class::Permanent),
    ] {
        let judgement = post(host, 400, &[("x-amzn-errortype", name)], body);
        assert_eq!(judgement.verdict.class, class, "{name} {body}");
    }
    let hint = post(host, 429, &[("x-amzn-errortype", "ThrottlingException"), ("x-amz-retry-after", "1500")], "")
        .verdict
        .hint();
    assert_eq!(hint.unwrap().not_before, Duration::from_millis(1500));
}

#[test]
fn reset_headers_are_read_as_the_provider_counts() {
    let wait = |host, fields| post(host, 429, fields, "").verdict.hint().map(|hint| hint.not_before.as_secs());
    // Brevo: seconds. SendGrid: a Unix time; the clock stands at 0.
    assert_eq!(wait("api.brevo.com", &[("x-sib-ratelimit-remaining", "0"), ("x-sib-ratelimit-reset", "60")]), Some(60));
    assert_eq!(wait("api.sendgrid.com", &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "600")]), Some(600));
    assert_eq!(wait("api.resend.com", &[("ratelimit-remaining", "0"), ("ratelimit-reset", "1")]), Some(1));
    // SparkPost names no delay; its documentation does.
    assert_eq!(wait("api.sparkpost.com", &[]), Some(5));
    let mailgun = post("api.mailgun.net", 420, &[], r#"{"message":"limit","retry-seconds":1200}"#);
    assert_eq!(mailgun.verdict.hint().unwrap().not_before, Duration::from_secs(1200));
}

#[test]
fn a_key_counts_only_where_the_provider_honours_it() {
    let none = headers(&[]);
    let repeated = |host: &str, age| {
        let exchange = Exchange::answer("POST", 500, &none, NOW).host(host).keyed(age);
        HttpClassifier::new().judge(&exchange).unwrap().is_worth_a_retry()
    };
    for (host, minute, day) in [
        ("api.resend.com", true, false),
        ("api.brevo.com", true, false),
        ("api.sendgrid.com", false, false),
        ("mandrillapp.com", false, false),
        ("example.org", true, true),
    ] {
        assert_eq!(repeated(host, Duration::from_secs(60)), minute, "{host}");
        assert_eq!(repeated(host, Duration::from_secs(86_400)), day, "{host}");
    }
}

#[test]
fn no_quota_and_no_rate_limit_has_an_effect() {
    for provider in Provider::all() {
        let none = headers(&[]);
        let exchange = Exchange::answer("POST", 429, &none, NOW);
        let judgement = HttpClassifier::new().provider(provider).judge(&exchange).unwrap();
        assert_eq!(judgement.verdict.effect, Effect::None, "{}", provider.name());
        assert!(provider.sources().count() > 5, "{}", provider.name());
    }
}

#[test]
fn a_body_that_is_no_json_leaves_the_status() {
    for body in ["<html>502</html>", "{", "[]", "null", "\"Invalid_Key\"", &"[".repeat(100_000)] {
        assert_eq!(post("mandrillapp.com", 502, &[], body).verdict.class, Class::Transient, "{body:.20}");
    }
}
