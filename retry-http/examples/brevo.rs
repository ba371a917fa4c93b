//! Brevo: headers of its own, an account without credits, and an idempotency key in the JSON body.
//!
//! `cargo run -p retry-http --example brevo --features reqwest`

mod support;

use retry_core::StopReason;
use retry_http::{IdempotencyKey, KeyPlace, Provider};
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const MAIL: &str = r#"{"sender":{"email":"a@example.org"},"to":[{"email":"b@example.org"}],"subject":"hello"}"#;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    let limited = Answer::status(429)
        .header("x-sib-ratelimit-limit", "100")
        .header("x-sib-ratelimit-remaining", "0")
        .header("x-sib-ratelimit-reset", "12")
        .json(r#"{"code":"too_many_requests","message":"The expected rate limit is exceeded."}"#);
    let told = tell("brevo", "the rate limit, with a reset in seconds", [limited], |client, url| {
        client.post(format!("{url}/v3/smtp/email")).header("api-key", "secret").body(MAIL)
    });
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 12, processed: 1 });

    let broke = Answer::status(402).json(r#"{"code":"not_enough_credits","message":"Your account has no credits."}"#);
    let told = tell("brevo", "no credits", [broke], |client, url| {
        client.post(format!("{url}/v3/smtp/email")).header("api-key", "secret").body(MAIL)
    });
    let ended = Some(StopReason::Misconfigured);
    assert_eq!(told.await?, Told { status: 402, attempts: 1, ended, waited_s: 0, processed: 0 });

    // The key goes where Brevo looks for it.
    let key = IdempotencyKey::derived("welcome", "1042");
    assert_eq!(Provider::named("brevo").map(Provider::key_place), Some(KeyPlace::JsonBody("/headers/idempotencyKey")));
    let keyed = format!(
        r#"{{"sender":{{"email":"a@example.org"}},"to":[{{"email":"b@example.org"}}],"headers":{{"idempotencyKey":"{key}"}}}}"#
    );
    let told = tell("brevo", "a lost answer, with a key", [Answer::reset().after_work()], |client, url| {
        client.post(format!("{url}/v3/smtp/email")).header("api-key", "secret").body(keyed)
    });
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 1, processed: 1 });

    // In a header it counts for nothing there.
    let down = Answer::status(500).after_work();
    let told = tell("brevo", "a key in the wrong place", [down], |client, url| {
        client.post(format!("{url}/v3/smtp/email")).header(IdempotencyKey::HEADER, "1042").body(MAIL)
    });
    let ended = Some(StopReason::UnknownOutcome);
    assert_eq!(told.await?, Told { status: 500, attempts: 1, ended, waited_s: 0, processed: 1 });
    Ok(())
}
