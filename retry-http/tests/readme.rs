//! The code of the README's section on HTTP, as it stands there.

// README begins.
use retry_core::Policy;
use retry_http::reqwest::SendWith;
use retry_http::reqwest::reqwest::{Client, Error, Response};
use retry_http::{HttpRetry, IdempotencyKey, RetryError};

// `retry` is one for all requests: HttpRetry::new("exp 1s..30s full, 5 attempts".parse()?)
async fn welcome(http: &Client, retry: &HttpRetry<Policy>, url: &str, to: &str) -> Result<Response, RetryError<Error>> {
    // The same mail has the same key, also after a restart: Resend sends it once, however often it is asked to.
    let key = IdempotencyKey::derived("welcome", to);
    let mail = format!(r#"{{"from":"a@example.org","to":"{to}","subject":"welcome","text":"hello"}}"#);
    http.post(url).bearer_auth("re_123").header(IdempotencyKey::HEADER, key.bare()).body(mail).send_with(retry).await
}
// README ends.

use std::time::Duration;

use retry_http::{HttpClassifier, Provider, Retried};
use testkit::http::{Answer, HttpServer, Script};

#[tokio::test]
async fn the_code_of_the_readme_runs() {
    let of_the_readme: HttpRetry<Policy> = HttpRetry::new("exp 1s..30s full, 5 attempts".parse().unwrap());
    assert!(format!("{of_the_readme:?}").contains("standard"));
    let answers = [Answer::reset().after_work(), Answer::status(500).json(r#"{"name":"application_error"}"#)];
    let server = HttpServer::start(Script::of(answers).remembers_keys()).unwrap();
    // Without its waits, and with the provider's name for its host.
    let resend = HttpClassifier::new().provider(Provider::named("resend").unwrap());
    let retry = HttpRetry::new(Policy::constant(Duration::ZERO).attempts(5)).classify(resend);
    let client = Client::builder().no_proxy().build().unwrap();
    let answer = welcome(&client, &retry, &server.url("/emails"), "b@example.org").await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.extensions().get::<Retried>().unwrap().attempts), (200, 3));
    assert_eq!(server.processed(IdempotencyKey::derived("welcome", "b@example.org").as_str()), 1);
}

#[test]
fn the_readme_has_the_code_that_runs() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let code = include_str!("readme.rs").split("// README begins.\n").nth(1).unwrap();
    let code = code.split("// README ends.\n").next().unwrap();
    assert!(readme.contains(&format!("```rust,ignore\n{code}```\n")), "the README has other code than this:\n{code}");
}
