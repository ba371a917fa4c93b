//! Resend: the error's name decides, the rate limit says when, and a key makes a POST safe to repeat.
//!
//! `cargo run -p retry-http --example resend --features reqwest`

mod support;

use retry_core::StopReason;
use retry_http::IdempotencyKey;
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const MAIL: &str = r#"{"from":"a@example.org","to":"b@example.org","subject":"hello","text":"hello"}"#;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    let limited = || {
        Answer::status(429)
            .header("ratelimit-limit", "2")
            .header("ratelimit-remaining", "0")
            .header("ratelimit-reset", "1")
            .header("retry-after", "3")
            .json(r#"{"statusCode":429,"name":"rate_limit_exceeded","message":"Too many requests."}"#)
    };
    let told = tell("resend", "the rate limit of a second", [limited()], |client, url| {
        client.post(format!("{url}/emails")).body(MAIL)
    });
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 3, processed: 1 });

    let daily = Answer::status(429)
        .json(r#"{"statusCode":429,"name":"daily_quota_exceeded","message":"You have reached your daily quota."}"#);
    let told =
        tell("resend", "the quota of a day", [daily], |client, url| client.post(format!("{url}/emails")).body(MAIL));
    let ended = Some(StopReason::Persistent);
    assert_eq!(told.await?, Told { status: 429, attempts: 1, ended, waited_s: 0, processed: 0 });

    // The same job, the same key, also after a restart.
    let key = IdempotencyKey::derived("welcome", "1042");
    let running =
        Answer::status(409).json(r#"{"statusCode":409,"name":"concurrent_idempotent_requests","message":""}"#);
    let answers = [Answer::reset().after_work(), Answer::status(500).json(r#"{"name":"application_error"}"#), running];
    let told = tell("resend", "a lost answer, with a key", answers, |client, url| {
        client.post(format!("{url}/emails")).header(IdempotencyKey::HEADER, key.bare()).body(MAIL)
    });
    // 1 + 2 + 4 s.
    assert_eq!(told.await?, Told { status: 200, attempts: 4, ended: None, waited_s: 7, processed: 1 });

    let down = Answer::status(500).after_work().json(r#"{"name":"application_error"}"#);
    let told =
        tell("resend", "the same without a key", [down], |client, url| client.post(format!("{url}/emails")).body(MAIL));
    let ended = Some(StopReason::UnknownOutcome);
    assert_eq!(told.await?, Told { status: 500, attempts: 1, ended, waited_s: 0, processed: 1 });
    Ok(())
}
