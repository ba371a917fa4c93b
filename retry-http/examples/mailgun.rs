//! Mailgun: 429 is the rate, 420 a sending limit that names its wait in the body.
//!
//! `cargo run -p retry-http --example mailgun --features reqwest`

mod support;

use retry_core::StopReason;
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const MAIL: &str = "from=a%40example.org&to=b%40example.org&subject=hello&text=hello";

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    let limited = Answer::status(429)
        .header("x-ratelimit-remaining", "0")
        .header("x-ratelimit-reset", "1700000007")
        .json(r#"{"message":"Too many requests"}"#);
    let told = tell("mailgun", "the rate limit", [limited], |client, url| {
        client.post(format!("{url}/v3/example.org/messages")).basic_auth("api", Some("secret")).body(MAIL)
    });
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 7, processed: 1 });

    // Twenty minutes: work for a queue, and not for a caller who waits.
    let hourly = Answer::status(420).json(r#"{"message":"hourly limit exceeded","retry-seconds":1200}"#);
    let told = tell("mailgun", "the sending limit of an hour", [hourly], |client, url| {
        client.post(format!("{url}/v3/example.org/messages")).basic_auth("api", Some("secret")).body(MAIL)
    });
    let ended = Some(StopReason::Persistent);
    assert_eq!(told.await?, Told { status: 420, attempts: 1, ended, waited_s: 0, processed: 0 });

    let stranger = Answer::status(401).body("Forbidden");
    let told = tell("mailgun", "a bad key", [stranger], |client, url| {
        client.post(format!("{url}/v3/example.org/messages")).basic_auth("api", Some("wrong")).body(MAIL)
    });
    let ended = Some(StopReason::Misconfigured);
    assert_eq!(told.await?, Told { status: 401, attempts: 1, ended, waited_s: 0, processed: 0 });

    let told = tell("mailgun", "a lost answer, and no key tells", [Answer::status(502).after_work()], |client, url| {
        client.post(format!("{url}/v3/example.org/messages")).basic_auth("api", Some("secret")).body(MAIL)
    });
    let ended = Some(StopReason::UnknownOutcome);
    assert_eq!(told.await?, Told { status: 502, attempts: 1, ended, waited_s: 0, processed: 1 });
    Ok(())
}
