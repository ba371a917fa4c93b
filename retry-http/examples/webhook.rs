//! A webhook through resets and 503s: sent four times, processed once.
//!
//! `cargo run -p retry-http --example webhook --features reqwest`

mod support;

use retry_http::IdempotencyKey;
use support::{Outcome, Told, tell};
use testkit::http::Answer;

const EVENT: &str = r#"{"type":"order.paid","order":1042}"#;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Outcome {
    // Derived from the event's own name: the same after a restart, and on another machine.
    let key = IdempotencyKey::derived("webhooks", "order.paid/1042");
    let answers = [
        Answer::status(503).header("retry-after", "30"),
        // Half an answer, after the work: the sender cannot know.
        Answer::status(200).body("thanks").after_work().cut_after(12),
        Answer::reset().after_work(),
    ];
    let told = tell("a webhook", "with a key", answers, |client, url| {
        client.post(format!("{url}/hooks")).header(IdempotencyKey::HEADER, key.quoted()).body(EVENT)
    });
    // 30 s as asked, then 2 and 4 s by the schedule.
    assert_eq!(told.await?, Told { status: 200, attempts: 4, ended: None, waited_s: 36, processed: 1 });

    // Without a key, the same receiver is asked once: nobody knows whether it has the event.
    let told = tell("a webhook", "without a key", [Answer::reset().after_work()], |client, url| {
        client.post(format!("{url}/hooks")).body(EVENT)
    });
    let Err(lost) = told.await else { return Err("there was no answer to read".into()) };
    println!("  the end: {lost}");
    assert!(lost.to_string().contains("could do it twice"));
    Ok(())
}
