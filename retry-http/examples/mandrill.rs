//! Mandrill: nearly every error is a 500, and the name in its body decides.
//!
//! `cargo run -p retry-http --example mandrill --features reqwest`

mod support;

use retry_core::StopReason;
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const MAIL: &str = r#"{"key":"secret","message":{"to":[{"email":"b@example.org"}],"text":"hello"}}"#;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    let limited = Answer::status(429)
        .header("retry-after", "20")
        .json(r#"{"status":"error","code":-1,"name":"Too_Many_Requests","message":"Too many requests"}"#);
    let told = tell("mandrill", "too many requests", [limited], |client, url| {
        client.post(format!("{url}/api/1.0/messages/send")).body(MAIL)
    });
    assert_eq!(told.await?, Told { status: 200, attempts: 2, ended: None, waited_s: 20, processed: 1 });

    for (name, ended) in [
        ("Invalid_Key", StopReason::Misconfigured),
        ("PaymentRequired", StopReason::Misconfigured),
        ("ValidationError", StopReason::Permanent),
        ("Unknown_Template", StopReason::Permanent),
    ] {
        let refused =
            Answer::status(500).json(format!(r#"{{"status":"error","code":-1,"name":"{name}","message":""}}"#));
        let told = tell("mandrill", name, [refused], |client, url| {
            client.post(format!("{url}/api/1.0/messages/send")).body(MAIL)
        });
        assert_eq!(told.await?, Told { status: 500, attempts: 1, ended: Some(ended), waited_s: 0, processed: 0 });
    }

    // A 500 that is the service's own fault: no key tells whether the mail went out.
    let down = || Answer::status(500).json(r#"{"status":"error","code":-99,"name":"GeneralError","message":""}"#);
    let told = tell("mandrill", "a fault of the service", [down().after_work()], |client, url| {
        client.post(format!("{url}/api/1.0/messages/send")).body(MAIL)
    });
    let ended = Some(StopReason::UnknownOutcome);
    assert_eq!(told.await?, Told { status: 500, attempts: 1, ended, waited_s: 0, processed: 1 });
    Ok(())
}
