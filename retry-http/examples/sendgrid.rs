//! SendGrid: the reset of its rate limit is a Unix time, an empty plan looks like a bad key, and there are no idempotency keys.
//!
//! `cargo run -p retry-http --example sendgrid --features reqwest`

mod support;

use retry_core::StopReason;
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const MAIL: &str = r#"{"personalizations":[{"to":[{"email":"b@example.org"}]}],"from":{"email":"a@example.org"}}"#;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    // The clock of these examples stands at 1700000000.
    let limited = Answer::status(429)
        .header("x-ratelimit-limit", "600")
        .header("x-ratelimit-remaining", "0")
        .header("x-ratelimit-reset", "1700000042")
        .json(r#"{"errors":[{"message":"too many requests","field":null,"help":null}]}"#);
    let told = tell("sendgrid", "the rate limit, with a reset in Unix time", [limited], |client, url| {
        client.post(format!("{url}/v3/mail/send")).bearer_auth("SG.secret").body(MAIL)
    });
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 42, processed: 1 });

    let empty =
        Answer::status(401).json(r#"{"errors":[{"message":"Maximum credits exceeded","field":null,"help":null}]}"#);
    let told = tell("sendgrid", "the plan is used up", [empty], |client, url| {
        client.post(format!("{url}/v3/mail/send")).bearer_auth("SG.secret").body(MAIL)
    });
    let ended = Some(StopReason::Persistent);
    assert_eq!(told.await?, Told { status: 401, attempts: 1, ended, waited_s: 0, processed: 0 });

    let stranger = Answer::status(401)
        .json(r#"{"errors":[{"message":"The provided authorization grant is invalid, expired, or revoked"}]}"#);
    let told = tell("sendgrid", "a bad key", [stranger], |client, url| {
        client.post(format!("{url}/v3/mail/send")).bearer_auth("SG.wrong").body(MAIL)
    });
    let ended = Some(StopReason::Misconfigured);
    assert_eq!(told.await?, Told { status: 401, attempts: 1, ended, waited_s: 0, processed: 0 });

    let down = Answer::status(500).after_work().json(r#"{"errors":[{"message":"internal"}]}"#);
    let told = tell("sendgrid", "it may have been sent, and no key tells", [down], |client, url| {
        client.post(format!("{url}/v3/mail/send")).bearer_auth("SG.secret").body(MAIL)
    });
    let ended = Some(StopReason::UnknownOutcome);
    assert_eq!(told.await?, Told { status: 500, attempts: 1, ended, waited_s: 0, processed: 1 });
    Ok(())
}
