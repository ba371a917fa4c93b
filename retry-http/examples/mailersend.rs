//! MailerSend: one status for the rate of a minute and the quota of a day, told apart by a number in the message.
//!
//! `cargo run -p retry-http --example mailersend --features reqwest`

mod support;

use retry_core::StopReason;
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const MAIL: &str = r#"{"from":{"email":"a@example.org"},"to":[{"email":"b@example.org"}],"text":"hello"}"#;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    let minute = Answer::status(429)
        .header("x-ratelimit-limit", "120")
        .header("x-ratelimit-remaining", "0")
        .header("retry-after", "31")
        .json(r##"{"message":"Too Many Attempts. #MS42903"}"##);
    let told = tell("mailersend", "the rate of a minute", [minute], |client, url| {
        client.post(format!("{url}/v1/email")).bearer_auth("secret").body(MAIL)
    });
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 31, processed: 1 });

    for (answer, status, ended) in [
        (r##"{"message":"You have reached the daily quota. #MS42901"}"##, 429, StopReason::Persistent),
        (
            r#"{"message":"The from.email domain must be verified in your account to send emails."}"#,
            422,
            StopReason::Misconfigured,
        ),
        (r#"{"message":"The to.0.email must be a valid email address."}"#, 422, StopReason::Permanent),
        (r#"{"message":"Unauthenticated."}"#, 401, StopReason::Misconfigured),
    ] {
        let told = tell("mailersend", "an error that stops", [Answer::status(status).json(answer)], |client, url| {
            client.post(format!("{url}/v1/email")).bearer_auth("secret").body(MAIL)
        });
        assert_eq!(told.await?, Told { status, attempts: 1, ended: Some(ended), waited_s: 0, processed: 0 });
    }

    let told =
        tell("mailersend", "it may have been sent, and no key tells", [Answer::reset().after_work()], |client, url| {
            client.post(format!("{url}/v1/email")).bearer_auth("secret").body(MAIL)
        });
    // No answer at all, so there is an error instead of one.
    assert!(told.await.is_err_and(|error| error.to_string().contains("could do it twice")));
    Ok(())
}
