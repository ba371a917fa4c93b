//! Amazon SES, version 2: the error's name stands in a header, and the same name means rate and quota.
//!
//! `cargo run -p retry-http --example ses --features reqwest`

mod support;

use retry_core::StopReason;
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const MAIL: &str = r#"{"FromEmailAddress":"a@example.org","Destination":{"ToAddresses":["b@example.org"]}}"#;

fn error(status: u16, name: &str, message: &str) -> Answer {
    Answer::status(status).header("x-amzn-errortype", name).json(format!(r#"{{"message":"{message}"}}"#))
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    let rate = || error(429, "TooManyRequestsException", "Maximum sending rate exceeded.");
    let told = tell("ses", "the sending rate", [rate(), rate()], |client, url| {
        client.post(format!("{url}/v2/email/outbound-emails")).body(MAIL)
    });
    // No hint, so by the schedule: 1 + 2 s.
    assert_eq!(told.await?, Told { status: 200, attempts: 3, ended: None, waited_s: 3, processed: 1 });

    for (answer, ended) in [
        (error(429, "TooManyRequestsException", "Daily message quota exceeded."), StopReason::Persistent),
        (
            error(400, "AccountSuspendedException", "The account's ability to send has been suspended."),
            StopReason::Misconfigured,
        ),
        (error(400, "MessageRejected", "Email address is not verified."), StopReason::Misconfigured),
        (error(400, "MessageRejected", "Virus found."), StopReason::Permanent),
    ] {
        let told = tell("ses", "an error that stops", [answer], |client, url| {
            client.post(format!("{url}/v2/email/outbound-emails")).body(MAIL)
        });
        let told = told.await?;
        assert_eq!((told.attempts, told.ended, told.processed), (1, Some(ended), 0));
    }

    let down = error(500, "InternalServerErrorException", "").after_work();
    let told = tell("ses", "it may have been sent, and no key tells", [down], |client, url| {
        client.post(format!("{url}/v2/email/outbound-emails")).body(MAIL)
    });
    let ended = Some(StopReason::UnknownOutcome);
    assert_eq!(told.await?, Told { status: 500, attempts: 1, ended, waited_s: 0, processed: 1 });
    Ok(())
}
