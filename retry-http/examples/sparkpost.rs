//! SparkPost: 420 is a sending limit, 429 the rate, and a 400 can mean "try again later".
//!
//! `cargo run -p retry-http --example sparkpost --features reqwest`

mod support;

use retry_core::StopReason;
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const MAIL: &str = r#"{"recipients":[{"address":"b@example.org"}],"content":{"from":"a@example.org","text":"hello"}}"#;

fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::status(status).json(format!(r#"{{"errors":[{{"message":"{message}","code":"{code}"}}]}}"#))
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    let limited = Answer::status(429).json(r#"{"errors":[{"message":"Too many requests"}]}"#);
    let told = tell("sparkpost", "the rate limit", [limited], |client, url| {
        client.post(format!("{url}/api/v1/transmissions")).header("authorization", "secret").body(MAIL)
    });
    // The answer names no wait; the documentation does: up to 5 s.
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 5, processed: 1 });

    for (answer, status, ended) in [
        (error(420, "2102", "sending limit exceeded"), 420, StopReason::Persistent),
        (error(400, "7001", "unconfigured or unverified sending domain"), 400, StopReason::Misconfigured),
        (error(420, "1901", "content rejected"), 420, StopReason::Permanent),
    ] {
        let told = tell("sparkpost", "an error that stops", [answer], |client, url| {
            client.post(format!("{url}/api/v1/transmissions")).header("authorization", "secret").body(MAIL)
        });
        assert_eq!(told.await?, Told { status, attempts: 1, ended: Some(ended), waited_s: 0, processed: 0 });
    }

    // There are no keys, so a POST that may have been taken is left alone, and a GET is repeated.
    let busy = || error(400, "1502", "retry later");
    let told = tell("sparkpost", "try later, for a mail", [busy()], |client, url| {
        client.post(format!("{url}/api/v1/transmissions")).header("authorization", "secret").body(MAIL)
    });
    let ended = Some(StopReason::UnknownOutcome);
    assert_eq!(told.await?, Told { status: 400, attempts: 1, ended, waited_s: 0, processed: 0 });
    let told = tell("sparkpost", "try later, for a search", [busy()], |client, url| {
        client.get(format!("{url}/api/v1/events/message"))
    });
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 1, processed: 1 });
    Ok(())
}
