//! Postmark: `ErrorCode` decides, and its numbers from 500 on have nothing to do with HTTP's.
//!
//! `cargo run -p retry-http --example postmark --features reqwest`

mod support;

use retry_core::StopReason;
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const MAIL: &str = r#"{"From":"a@example.org","To":"b@example.org","TextBody":"hello"}"#;

fn error(status: u16, code: u16, message: &str) -> Answer {
    Answer::status(status).json(format!(r#"{{"ErrorCode":{code},"Message":"{message}"}}"#))
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    let told = tell("postmark", "too many requests", [error(429, 429, "Rate limit exceeded")], |client, url| {
        client.post(format!("{url}/email")).header("x-postmark-server-token", "secret").body(MAIL)
    });
    // No hint: 1 s by the schedule.
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 1, processed: 1 });

    for (answer, ended) in [
        (error(422, 406, "You tried to send to recipients that have been marked as inactive."), StopReason::Permanent),
        (error(422, 300, "Invalid 'To' address."), StopReason::Permanent),
        (error(422, 405, "Not allowed to send: out of credits."), StopReason::Misconfigured),
        (error(401, 10, "Bad or missing server API token."), StopReason::Misconfigured),
    ] {
        let told = tell("postmark", "an error that stops", [answer], |client, url| {
            client.post(format!("{url}/email")).header("x-postmark-server-token", "secret").body(MAIL)
        });
        let told = told.await?;
        assert_eq!((told.attempts, told.ended, told.processed), (1, Some(ended), 0));
    }

    // Down for maintenance; Postmark does not promise that nothing was sent, and has no keys.
    let told = tell("postmark", "maintenance", [error(503, 100, "Maintenance")], |client, url| {
        client.post(format!("{url}/email")).header("x-postmark-server-token", "secret").body(MAIL)
    });
    let ended = Some(StopReason::UnknownOutcome);
    assert_eq!(told.await?, Told { status: 503, attempts: 1, ended, waited_s: 0, processed: 0 });

    // What only reads is repeated.
    let told = tell("postmark", "maintenance, for a search", [error(503, 100, "Maintenance")], |client, url| {
        client.get(format!("{url}/messages/outbound?count=1&offset=0"))
    });
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 1, processed: 1 });
    Ok(())
}
